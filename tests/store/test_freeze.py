"""Who gets what, decided in one statement, on both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from tests.store.people import DAY, NOON, add, leave_weekly, person, places, plan, rows, start

from ranvier.delivery.handover import Uncertain
from ranvier.store.freeze import NO_CONSENT, NOT_CONFIRMED, NOTHING_TO_READ, foresee
from ranvier.store.ledger import SqlLedger
from ranvier.store.schema import deliveries, subscribers
from ranvier.subscribers.subscriber import Frequency, Status

if TYPE_CHECKING:
    from ranvier.store.database import Database


def test_everyone_of_the_audience_has_one_row_and_a_reason_if_left_out(database: Database) -> None:
    add(
        database,
        person("ann"),
        person("bob", status=Status.UNSUBSCRIBED),
        person("cleo", status=Status.PENDING),
        person("dan", consent_date=None),
    )
    assert start(database) == 4
    assert rows(database) == {
        "ann": ("pending", "", 0b11),
        "bob": ("excluded", "unsubscribed", 0b11),
        "cleo": ("excluded", NOT_CONFIRMED, 0b11),
        "dan": ("excluded", NO_CONSENT, 0b11),
    }


def test_a_person_in_several_segments_gets_one_row(database: Database) -> None:
    add(database, person("ann"), person("bob", frequency=Frequency.MONTHLY))
    weekly = subscribers.c.frequency == "weekly"
    assert start(database, segments=[weekly, subscribers.c.name == "ann"]) == 1
    assert list(rows(database)) == ["ann"]


def test_a_topic_filter_keeps_only_items_of_those_topics(database: Database) -> None:
    add(
        database,
        person("all"),
        person("trials", topics=("trials",)),
        person("both", topics=("trials", "diet")),
        person("falls", topics=("falls",)),
    )
    start(database, items=places("trials", "diet", "trials"))
    assert rows(database) == {
        "all": ("pending", "", 0b111),
        "trials": ("pending", "", 0b101),
        "both": ("pending", "", 0b111),
        "falls": ("excluded", NOTHING_TO_READ, 0),
    }


def test_an_audience_gets_the_items_of_its_variant_and_others_the_first(database: Database) -> None:
    add(database, person("ann", audience="clinicians"), person("bob"), person("cleo", audience="martians"))
    start(database, shown={"readers": 0b01, "clinicians": 0b10})
    assert {name: bits for name, (_, _, bits) in rows(database).items()} == {"ann": 0b10, "bob": 1, "cleo": 1}


def test_what_is_foreseen_is_what_happens(database: Database) -> None:
    add(
        database,
        *(person(f"ann{number}", topics=("falls",)) for number in range(2)),
        *(person(f"bob{number}", status=Status.BOUNCED) for number in range(3)),
        *(person(f"cleo{number}", topics=("diet",)) for number in range(4)),
        *(person(f"dan{number}", consent_date=None) for number in range(5)),
    )
    start(database, issue="monthly/2026-11-01", items=places("trials", works=["work 0"]))
    items = places("trials", "diet")
    with database.write() as connection:
        foreseen = foresee(connection, plan(items=items))
    start(database, items=items)
    happened = Counter((state, reason) for state, reason, _ in rows(database).values())
    assert sorted(foreseen) == sorted((*key, count) for key, count in happened.items())
    assert dict(happened) == {
        ("pending", ""): 4,
        ("excluded", NOTHING_TO_READ): 2,
        ("excluded", "bounced"): 3,
        ("excluded", NO_CONSENT): 5,
    }


def test_readers_of_the_same_content_are_neighbours(database: Database) -> None:
    add(
        database,
        *(
            person(f"{topic}-{audience}-{number}", topics=(topic,), audience=audience)
            for number in range(3)
            for topic in ("trials", "diet")
            for audience in ("readers", "clinicians")
            if (topic, audience, number) != ("diet", "readers", 1)
        ),
    )
    start(database, shown={"readers": 0b11, "clinicians": 0b11})
    due = SqlLedger(database, "weekly/2026-11-23").due(limit=100, now=0.0)
    runs = [content for content, _ in groupby((one.audience, one.item_set) for one in due)]
    assert runs == sorted(set(runs))
    assert [one.id for one in due] == sorted(one.id for one in due)
    assert len(due) == 11


@pytest.mark.parametrize(
    ("state", "had_it"),
    [("accepted", True), ("pending", True), ("uncertain", True), ("rejected", False), ("deferred", False)],
)
def test_nobody_gets_a_work_twice_over_all_editions(database: Database, state: str, had_it: bool) -> None:  # noqa: FBT001 - a table of cases
    add(database, person("ann"))
    start(database, issue="monthly/2026-11-01", items=places("trials", "diet", works=["shared", "old"]))
    with database.write() as connection:
        connection.execute(update(deliveries).values(state=state))
    start(database, items=places("diet", "trials", works=["new", "shared"]))
    assert rows(database)["ann"][2] == (0b01 if had_it else 0b11)


def test_an_edited_summary_is_still_the_same_one(database: Database) -> None:
    add(database, person("ann"))
    (before,) = places("trials", works=["title:old"])
    start(database, issue="monthly/2026-11-01", items=[before])
    start(database, items=[replace(before, work="doi:new")])
    assert rows(database)["ann"] == ("excluded", NOTHING_TO_READ, 0)


def test_what_a_person_dropped_may_have_been_received(database: Database) -> None:
    add(database, person("ann"))
    start(database, issue="monthly/2026-11-01", items=places("trials", works=["shared"]))
    with database.write() as connection:
        connection.execute(update(deliveries).values(state="uncertain"))
    SqlLedger(database, "monthly/2026-11-01").settle(Uncertain.DROP)
    start(database, items=places("trials", works=["shared"]))
    assert rows(database)["ann"] == ("excluded", NOTHING_TO_READ, 0)


def test_an_item_that_was_not_in_a_persons_copy_is_not_taken_as_received(database: Database) -> None:
    add(database, person("ann", topics=("diet",)))
    start(database, issue="monthly/2026-11-01", items=places("trials", "diet", works=["w", "other"]))
    start(database, items=places("diet", works=["w"]))
    assert rows(database)["ann"] == ("pending", "", 1)


def test_the_largest_issue_fits_into_an_item_set(database: Database) -> None:
    add(database, person("ann"), person("diet", topics=("diet",)))
    start(database, items=places(*["trials"] * 61, "diet"))
    assert {name: bits for name, (_, _, bits) in rows(database).items()} == {
        "ann": (1 << 62) - 1,
        "diet": 1 << 61,
    }


def test_the_database_itself_refuses_a_second_row_for_a_person(database: Database) -> None:
    add(database, person("ann"))
    start(database)
    again = {"issue": "weekly/2026-11-23", "subscriber": 1, "audience": "", "item_set": 1, "state": "pending"}
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(deliveries).values(again))


def test_who_paused_gets_nothing_before_that_day_and_everything_on_it(database: Database) -> None:
    add(database, person("ann", paused_until=date(2026, 11, 24)), person("ben", paused_until=DAY))
    start(database)
    assert rows(database) == {"ann": ("excluded", "paused", 3), "ben": ("pending", "", 3)}


def test_who_wants_only_studies_in_people_gets_no_others(database: Database) -> None:
    add(database, person("ann", people_only=True), person("ben"))
    in_people, in_mice = places("trials", "diet")
    start(database, items=[in_people, replace(in_mice, in_people=False)])
    assert rows(database) == {"ann": ("pending", "", 1), "ben": ("pending", "", 3)}


def test_for_whom_no_study_is_left_there_is_nothing_to_read(database: Database) -> None:
    add(database, person("ann", people_only=True))
    start(database, items=[replace(one, in_people=False) for one in places("trials")])
    assert rows(database) == {"ann": ("excluded", "nothing-to-read", 0)}


def test_who_left_an_edition_gets_the_others(database: Database) -> None:
    add(database, person("ann"))
    leave_weekly(database, "ann@example.org", at=NOON)
    start(database)
    start(database, issue="monthly/2026-11-23", items=places("trials", works=["another"]))
    assert rows(database) == {"ann": ("excluded", "unsubscribed", 3)}
    assert rows(database, "monthly/2026-11-23") == {"ann": ("pending", "", 1)}
