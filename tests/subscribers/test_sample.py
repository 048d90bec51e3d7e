"""The list and the segments of the sample publication."""

import tomllib
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from ranvier.subscribers.csv_import import Accepted, read_people
from ranvier.subscribers.fields import Allowed
from ranvier.subscribers.header import read_header
from ranvier.subscribers.records import decode
from ranvier.subscribers.segments import read_segments
from ranvier.subscribers.subscriber import Frequency, Status

WORKSPACE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def allowed():
    publication = tomllib.loads((WORKSPACE / "newsletter.toml").read_text(encoding="utf-8"))
    topics = tomllib.loads((WORKSPACE / "summaries" / "topics.toml").read_text(encoding="utf-8"))
    return Allowed(
        audiences=tuple(publication["audiences"]),
        topics=tuple(topics),
        timezones=frozenset(available_timezones()),
    )


@pytest.fixture(scope="module")
def rows(allowed):
    with (WORKSPACE / "subscribers" / "readers.csv").open("rb") as file, decode(file) as lines:
        header = read_header(lines, mapping={}, where="readers.csv")
        return list(read_people(lines, header, allowed=allowed))


def test_every_row_of_the_sample_list_is_a_person(rows):
    assert len(rows) == 120
    assert all(isinstance(row, Accepted) for row in rows)


def test_the_sample_list_has_people_of_every_kind(rows, allowed):
    people = [row.subscriber for row in rows]
    assert {person.audience for person in people} == set(allowed.audiences)
    assert {person.frequency for person in people} == set(Frequency)
    assert {person.status for person in people} == set(Status)
    assert [
        person.email for person in people if person.status is Status.ACTIVE and not person.consent_date
    ] == ["karin+digest@example.org"]
    assert any(person.email.endswith("@xn--grnwald-o2a.example") for person in people)


def test_the_sample_segments_are_read(allowed):
    text = (WORKSPACE / "subscribers" / "segments.toml").read_text(encoding="utf-8")
    segments = read_segments(text, where="segments.toml", allowed=allowed)
    assert {"weekly", "monthly"} <= {segment.slug for segment in segments}
