"""What stops a send by itself, and what does not."""

import pytest

from ranvier.delivery.guards import FEW, Guard, GuardRules, audience_objection
from ranvier.delivery.handover import Decided, State

RULES = GuardRules(first=100, rejected=0.2, complained=0.02, audience=0.1)


def outcomes(*counts):
    return [
        Decided(delivery=number, state=state, attempted=True)
        for state, count in counts
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("people", "rejected", "stops"),
    [(1000, 20, False), (1000, 21, True), (20, FEW, False), (20, FEW + 1, True), (5, 5, False)],
)
def test_more_than_the_share_of_the_first_may_not_be_refused(people, rejected, stops):
    assert bool(Guard(RULES, people=people).objection(outcomes((State.REJECTED, rejected)))) is stops


def test_only_the_first_are_watched():
    guard = Guard(RULES, people=1000)
    assert not guard.objection(outcomes((State.ACCEPTED, 100)))
    assert not guard.watches
    assert not guard.objection(outcomes((State.REJECTED, 500)))


def test_whoever_waits_for_a_retry_has_no_outcome_yet():
    guard = Guard(RULES, people=1000)
    guard.objection(outcomes((State.PENDING, 500)))
    assert guard.watches


@pytest.mark.parametrize(("complaints", "stops"), [(0, False), (2, False), (3, True)])
def test_complaints_above_the_share_stop_it(complaints, stops):
    assert bool(Guard(RULES, people=1000).objection((), complaints=complaints)) is stops


def test_one_complaint_in_a_short_list_is_no_share():
    assert not Guard(RULES, people=8).objection((), complaints=1)


@pytest.mark.parametrize(
    ("expected", "people", "stops"),
    [
        (1000, 1100, False),
        (1000, 1101, True),
        (1000, 899, True),
        (50, 60, False),
        (50, 61, True),
        (0, 500, False),
    ],
)
def test_an_audience_may_differ_by_a_share_or_by_a_few(expected, people, stops):
    assert bool(audience_objection(expected=expected, people=people, rules=RULES)) is stops


def test_a_share_of_one_stops_nothing():
    off = GuardRules(first=100, rejected=1, complained=1, audience=1)
    assert not Guard(off, people=1000).objection(outcomes((State.REJECTED, 100)), complaints=100)
    assert not audience_objection(expected=1000, people=2000, rules=off)
