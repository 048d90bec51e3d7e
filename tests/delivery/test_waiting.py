"""Who is next among those that were read ahead."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.doubles.composer import delivery

from ranvier.delivery.pace import PaceRules
from ranvier.delivery.waiting import NEVER, Waiting


def waiting(*deliveries, **rules):
    made = Waiting(PaceRules(**rules))
    made.add(deliveries)
    return made


def at(number, domain):
    return delivery(number, address=f"reader{number}@{domain}")


def ids(group):
    return [one.id for one in group]


def test_they_go_in_order():
    line = waiting(*(delivery(number) for number in (3, 1, 2)))
    assert [ids(line.take(1, now=0.0)) for _ in range(4)] == [[3], [1], [2], []]


def test_a_group_ends_where_another_item_set_or_audience_begins():
    line = waiting(
        delivery(1),
        delivery(2),
        replace(delivery(3), item_set=1),
        replace(delivery(4), audience="clinicians"),
    )
    assert [ids(line.take(10, now=0.0)) for _ in range(3)] == [[1, 2], [3], [4]]


def test_a_group_is_no_larger_than_asked_for():
    line = waiting(*(delivery(number) for number in range(5)))
    assert len(line.take(3, now=0.0)) == 3


def test_what_is_given_back_is_next_again_in_its_order():
    line = waiting(*(delivery(number) for number in range(1, 5)))
    line.give_back(line.take(2, now=0.0))
    assert ids(line.take(4, now=0.0)) == [1, 2, 3, 4]


def test_whoever_has_to_wait_for_their_domain_is_overtaken_and_then_first():
    line = waiting(at(1, "slow.org"), at(2, "slow.org"), at(3, "fast.org"), domains={"slow.org": 1})
    assert ids(line.take(1, now=0.0)) == [1]
    assert ids(line.take(1, now=0.1)) == [3]
    assert (line.in_line, line.aside) == (0, 1)
    assert line.take(1, now=0.2) == ()
    assert line.turn() == 1.0
    line.add([at(4, "fast.org")])
    assert ids(line.take(1, now=1.0)) == [2]


def test_domains_are_compared_without_case():
    line = waiting(at(1, "Slow.ORG"), at(2, "slow.org"), domains={"slow.org": 1})
    assert ids(line.take(1, now=0.0)) == [1]
    assert line.take(1, now=0.0) == ()


def test_where_nobody_waits_there_is_no_turn():
    assert waiting().turn() == NEVER


@given(st.lists(st.sampled_from(["a.org", "b.org", "c.org"]), max_size=40))
def test_nobody_is_lost_or_doubled_and_the_limit_holds(domains):
    line = waiting(
        *(at(number, domain) for number, domain in enumerate(domains)), rate=100, domains={"a.org": 10}
    )
    now, gone, to_a = 0.0, [], []
    while (turn := line.turn()) != NEVER:
        now = max(now, turn)
        for one in line.take(1, now=now):
            gone.append(one.id)
            to_a += [now] if one.address.endswith("a.org") else []
    assert sorted(gone) == list(range(len(domains)))
    assert all(after - before >= 0.1 - 1e-9 for before, after in pairwise(to_a))
