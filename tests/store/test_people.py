"""People in the database, and the bits that stand for topics, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from ranvier.errors import ConfigurationError
from ranvier.store import people as store
from ranvier.store import topic_bits
from ranvier.store.schema import issue_items, issues, subscribers
from ranvier.subscribers.subscriber import Frequency, Status, Subscriber
from ranvier.topics.file import TOPIC_BITS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ranvier.store.database import Database

DAY = date(2026, 11, 23)
ANN = Subscriber(
    email="Ann@example.org",
    key="ann@example.org",
    name="Ann; Lee",
    audience="clinicians",
    topics=("t0", "t61"),
    frequency=Frequency.MONTHLY,
    locale="de-DE",
    timezone="Europe/Berlin",
    status=Status.BOUNCED,
    consent_date=date(2024, 5, 6),
    tags=("trial", "a%b"),
)
BOB = Subscriber(email="bob@example.org", key="bob@example.org")
FULL = tuple(f"t{number}" for number in range(TOPIC_BITS))
NEXT = ("new", *FULL[:3])


def item(connection: Connection, topics: int) -> None:
    """An issue that was sent with one item of these topics."""
    issue = {"id": "weekly/2026-11-16", "edition": "weekly", "date": DAY, "state": "sent", "audience": 0}
    connection.execute(insert(issues).values(issue))
    words = dict.fromkeys(("slug", "work", "title", "takeaway"), "")
    connection.execute(insert(issue_items).values(issue=issue["id"], bit=0, topics=topics, **words))


def test_people_come_back_as_they_went_in_by_address(database: Database) -> None:
    with database.write() as connection:
        store.add(connection, [BOB, ANN], topic_bits.bits(connection, FULL), joined=DAY)
    with database.read() as connection:
        assert tuple(store.everyone(connection, topic_bits.held_bits(connection))) == (ANN, BOB)


def test_who_has_no_consent_date_joined_on_the_day_of_the_import(database: Database) -> None:
    with database.write() as connection:
        store.add(connection, [ANN, BOB], topic_bits.bits(connection, FULL), joined=DAY)
        joined = {row.key: row.joined for row in connection.execute(select(subscribers))}
    assert joined == {ANN.key: ANN.consent_date, BOB.key: DAY}


def test_only_the_people_who_changed_are_written_over(database: Database) -> None:
    changed = replace(ANN, name="Ann Roe", topics=(), consent_date=None, tags=())
    with database.write() as connection:
        masks = topic_bits.bits(connection, FULL)
        store.add(connection, [ANN, BOB], masks, joined=DAY)
        store.replace(connection, [changed], masks)
        store.replace(connection, [], masks)
        assert tuple(store.everyone(connection, masks)) == (changed, BOB)


def test_a_topic_keeps_its_bit_whatever_becomes_of_the_taxonomy(database: Database) -> None:
    with database.write() as connection:
        topic_bits.bits(connection, ("trials", "diet"))
        assert topic_bits.bits(connection, ("falls", "diet")) == {"trials": 1, "diet": 2, "falls": 4}
        assert topic_bits.held_bits(connection) == {"trials": 1, "diet": 2, "falls": 4}


def test_a_full_taxonomy_fits_into_bits_0_to_61(database: Database) -> None:
    with database.write() as connection:
        masks = topic_bits.bits(connection, FULL)
        assert sum(masks.values()) == (1 << 62) - 1
        store.add(connection, [ANN], masks, joined=DAY)


def test_a_bit_that_nobody_holds_is_given_again_when_they_run_out(database: Database) -> None:
    with database.write() as connection:
        masks = topic_bits.bits(connection, FULL)
        store.add(connection, [ANN], masks, joined=DAY)
        item(connection, topics=masks["t5"])
        after = topic_bits.bits(connection, NEXT)
        assert after == topic_bits.held_bits(connection)
        assert after.keys() == {"new", "t0", "t1", "t2", "t5", "t61"}
        assert all(after[slug] == masks[slug] for slug in after if slug != "new")
        assert store.by_key(connection, [ANN.key], after) == {ANN.key: ANN}


def test_when_all_bits_are_held_the_operator_learns_which_old_topics_hold_them(database: Database) -> None:
    with database.write() as connection:
        masks = topic_bits.bits(connection, FULL)
        item(connection, topics=sum(masks.values()))
        with pytest.raises(
            ConfigurationError, match=r"topics\.toml: no room for new: .* 59 .*\(t10, t11"
        ) as refused:
            topic_bits.bits(connection, NEXT)
        assert "import" in str(refused.value)
        assert topic_bits.held_bits(connection) == masks
