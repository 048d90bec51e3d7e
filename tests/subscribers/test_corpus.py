"""The sample data written for the project, as it is."""

from collections import Counter
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from ranvier.subscribers.csv_import import Accepted, Rejected, read_people
from ranvier.subscribers.fields import Allowed
from ranvier.subscribers.header import read_header
from ranvier.subscribers.records import decode

SHARED = Path(__file__).parents[2].parent / "shared"
ALLOWED = Allowed(
    audiences=("people-with-ms", "caregivers", "clinicians"),
    topics=(
        "causes-immune",
        "diagnosis-imaging",
        "treatments-trials",
        "progression-repair",
        "lifestyle-gut",
        "symptoms-daily-life",
        "life-stages",
        "safety-infections",
        "related-conditions",
    ),
    timezones=frozenset(available_timezones()),
)

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the sample data lies in ../shared, which is not here"
)


@pytest.fixture(scope="module")
def rows():
    with (SHARED / "corpus" / "subscribers.csv").open("rb") as file, decode(file) as lines:
        header = read_header(lines, mapping={}, where="subscribers.csv")
        return list(read_people(lines, header, allowed=ALLOWED))


@pytest.fixture(scope="module")
def people(rows):
    return {row.row: row.subscriber for row in rows if isinstance(row, Accepted)}


def test_each_of_the_thousand_records_is_accounted_for(rows, people):
    assert [row.row for row in rows] == list(range(1, 1001))
    assert len(people) == 997


def test_three_rows_are_rejected_each_with_its_reason(rows):
    assert {row.row: row.reason for row in rows if isinstance(row, Rejected)} == {
        340: '"anna@" is not an address: there must be something after the @-sign',
        345: '"" is not an address: an email address must have an @-sign',
        737: (
            '"<script>alert(1)</script>@example.com" is not an address: '
            "there can't be anything after the email address"
        ),
    }


def test_statuses_frequencies_and_audiences_are_counted_as_the_file_has_them(people):
    assert Counter(str(person.status) for person in people.values()) == {
        "active": 865,
        "unsubscribed": 77,
        "bounced": 30,
        "pending": 22,
        "complained": 3,
    }
    assert Counter(str(person.frequency) for person in people.values()) == {
        "weekly": 659,
        "monthly": 265,
        "daily": 73,
    }
    assert Counter(person.audience for person in people.values()) == {
        "people-with-ms": 647,
        "caregivers": 187,
        "clinicians": 163,
    }


def test_odd_rows_are_people_with_harmless_names(people):
    assert people[22].name == "Dana nosnhoJ"
    assert people[798].email == "m" * 64 + "@example.com"
    assert people[897].name == '+HYPERLINK("https://example.invalid/","click")'
    assert people[977].name == "Eve Adams"
    assert people[998].email == "tag+2026-11@example.net"
