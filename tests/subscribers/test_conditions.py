from datetime import date

import pytest

from ranvier.subscribers.conditions import All, Any, Field, Is, Joined, Not, matches
from ranvier.subscribers.subscriber import Frequency, Subscriber

JOINED = date(2026, 3, 10)
ANN = Subscriber(
    email="ann@example.org",
    key="ann@example.org",
    audience="clinicians",
    topics=("treatments", "lifestyle"),
    frequency=Frequency.MONTHLY,
    locale="de-DE",
    timezone="Europe/Berlin",
    tags=("trial",),
)
NOBODY = Subscriber(email="bob@example.org", key="bob@example.org")
YES, NO = All(()), Not(All(()))


def holds(condition, person=ANN):
    return matches(condition, person, joined=JOINED)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.AUDIENCE, "clinicians"),
        (Field.TOPICS, "lifestyle"),
        (Field.FREQUENCY, "monthly"),
        (Field.LOCALE, "de"),
        (Field.LOCALE, "de-DE"),
        (Field.TIMEZONE, "Europe/Berlin"),
        (Field.TAGS, "trial"),
    ],
)
def test_a_field_holds_when_it_is_one_of_the_values(field, value):
    assert holds(Is(field=field, values=("other", value)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.AUDIENCE, "clinician"),
        (Field.TOPICS, "life"),
        (Field.FREQUENCY, "weekly"),
        (Field.LOCALE, "d"),
        (Field.LOCALE, "de-D"),
        (Field.LOCALE, "de-DE-1996"),
        (Field.TIMEZONE, "Europe"),
        (Field.TAGS, "tri"),
    ],
)
def test_a_field_does_not_hold_for_a_part_of_its_value(field, value):
    assert not holds(Is(field=field, values=(value,)))


def test_no_topic_filter_means_all_topics():
    wants = Is(field=Field.TOPICS, values=("treatments",))
    assert holds(wants, NOBODY)
    assert not holds(Not(wants), NOBODY)


@pytest.mark.parametrize("field", [Field.AUDIENCE, Field.LOCALE, Field.TIMEZONE, Field.TAGS])
def test_what_a_person_never_said_is_no_value(field):
    assert not holds(Is(field=field, values=("clinicians", "de", "Europe/Berlin", "trial")), NOBODY)


@pytest.mark.parametrize(
    ("after", "before", "expected"),
    [
        pytest.param(date(2026, 3, 10), None, True, id="after-counts-its-own-day"),
        pytest.param(date(2026, 3, 11), None, False, id="after"),
        pytest.param(None, date(2026, 3, 10), False, id="before-does-not-count-its-own-day"),
        pytest.param(None, date(2026, 3, 11), True, id="before"),
        pytest.param(date(2026, 3, 1), date(2026, 4, 1), True, id="between"),
    ],
)
def test_joined_is_half_open(after, before, expected):
    assert holds(Joined(after=after, before=before)) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (All((YES, YES)), True),
        (All((YES, NO)), False),
        (Any((NO, YES)), True),
        (Any((NO, NO)), False),
        (Not(NO), True),
        (All((Any((NO, YES)), Not(Any((NO, NO))))), True),
    ],
    ids=repr,
)
def test_conditions_combine(condition, expected):
    assert holds(condition) is expected
