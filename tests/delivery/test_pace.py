"""Messages go evenly, and no domain gets more than it takes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ranvier.delivery.pace import Pace, PaceRules


def test_without_rates_everybody_may_go_at_once():
    pace = Pace(PaceRules())
    pace.gone(1000, "example.org", now=5.0)
    assert (pace.turn, pace.turn_of("example.org")) == (0.0, 0.0)


def test_turns_are_spaced_by_the_rate():
    pace = Pace(PaceRules(rate=4))
    pace.gone(1, "", now=10.0)
    assert pace.turn == 10.25
    pace.gone(1, "", now=10.25)
    assert pace.turn == 10.5


def test_a_group_takes_as_many_turns_as_it_has_readers():
    pace = Pace(PaceRules(rate=100))
    pace.gone(1000, "", now=0.0)
    assert pace.turn == 10.0


def test_a_pause_is_not_made_up_for():
    pace = Pace(PaceRules(rate=10))
    pace.gone(1, "", now=0.0)
    pace.gone(1, "", now=60.0)
    assert pace.turn == 60.1


def test_a_named_domain_has_its_own_rate_and_all_others_the_common_one():
    pace = Pace(PaceRules(per_domain=2, domains={"gmail.com": 10}))
    for domain in ("gmail.com", "example.org"):
        pace.gone(1, domain, now=1.0)
    assert pace.turn_of("gmail.com") == 1.1
    assert pace.turn_of("example.org") == 1.5
    assert pace.turn_of("never.seen") == 0.0
    assert pace.turn == 0.0


@given(st.lists(st.floats(0, 5), max_size=50), st.floats(0.5, 50))
def test_no_stretch_of_time_holds_more_than_the_rate_allows(waits, rate):
    pace, now, gone = Pace(PaceRules(rate=rate)), 0.0, []
    for wait in waits:
        now = max(now + wait, pace.turn)
        pace.gone(1, "", now=now)
        gone.append(now)
    gaps = [after - before for before, after in pairwise(gone)]
    assert all(gap >= 1 / rate - 1e-6 for gap in gaps)
