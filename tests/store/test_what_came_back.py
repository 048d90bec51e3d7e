"""Events, sign-ups and goodbyes in the tables, on both databases, also by several at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, true, update
from tests.store.people import NOON, add, person, start

from ranvier.addresses import normalise
from ranvier.delivery.handover import State
from ranvier.events.heard import Heard
from ranvier.events.kind import Kind
from ranvier.store import consents, events, readers, set_aside, signups
from ranvier.store.consents import Consent
from ranvier.store.database import Database, open_database
from ranvier.store.goodbye import Goodbye
from ranvier.store.schema import consents as proofs
from ranvier.store.schema import deliveries, opt_outs, subscribers
from ranvier.store.schema import events as told
from ranvier.subscribers.subscriber import Status

CHOICES: dict[str, object] = {"topics": [], "audience": "", "frequency": "weekly", "people_only": False}


def begin(database: Database, *names: str, state: State = State.ACCEPTED) -> dict[str, int]:
    """People whose deliveries are in a state; their ids by name."""
    add(database, *map(person, names))
    start(database)
    query = select(subscribers.c.name, deliveries.c.id).join(
        deliveries, deliveries.c.subscriber == subscribers.c.id
    )
    with database.write() as connection:
        connection.execute(update(deliveries).values(state=state))
        return {row.name: row.id for row in connection.execute(query)}


def heard(delivery: int, kind: Kind, name: str = "") -> Heard:
    return Heard(id=name or f"{delivery}-{kind}", delivery=delivery, kind=kind, at=NOON)


def states(database: Database) -> dict[int, str]:
    with database.read() as connection:
        return {row.id: row.state for row in connection.execute(select(deliveries.c.id, deliveries.c.state))}


@pytest.mark.parametrize(
    ("before", "kinds", "after"),
    [
        (State.UNCERTAIN, [Kind.TAKEN], State.ACCEPTED),
        (State.UNCERTAIN, [Kind.HARD], State.ACCEPTED),
        (State.UNCERTAIN, [Kind.DROPPED], State.REJECTED),
        (State.ACCEPTED, [Kind.DROPPED_BOUNCED], State.REJECTED),
        (State.ACCEPTED, [Kind.DROPPED, Kind.DELIVERED], State.ACCEPTED),
        (State.ACCEPTED, [Kind.TAKEN, Kind.DROPPED_LEFT], State.REJECTED),
        (State.REJECTED, [Kind.TAKEN], State.REJECTED),
        (State.SENDING, [Kind.DELIVERED], State.SENDING),
        (State.PENDING, [Kind.DELIVERED], State.PENDING),
        (State.EXCLUDED, [Kind.DELIVERED], State.EXCLUDED),
    ],
)
def test_a_delivery_is_what_the_events_prove(database, before, kinds, after):
    ids = begin(database, "ann", "ben", state=before)
    for kind in [*kinds, *reversed(kinds)]:
        with database.write() as connection:
            events.keep(connection, [heard(ids["ann"], kind)])
            events.resolve(connection, [ids["ann"]])
    assert states(database) == {ids["ann"]: after, ids["ben"]: before}


def test_what_several_tell_at_once_is_kept_once(database):
    ids = begin(database, "ann", "ben", state=State.UNCERTAIN)
    news = [heard(number, Kind.DELIVERED) for number in ids.values()]
    together = threading.Barrier(4)

    def tell(turn: int) -> None:
        together.wait()
        with database.write() as connection:
            events.take_turn(connection)
            events.keep(connection, news if turn % 2 else news[::-1])
            events.resolve(connection, list(ids.values()))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell, range(4)))
    with database.read() as connection:
        assert len(connection.execute(select(told)).all()) == len(news)
    assert set(states(database).values()) == {State.ACCEPTED}


def test_goodbye_is_from_one_edition_or_from_all_and_consent_ends_with_the_list(database):
    add(database, person("ann"), person("ben"))
    goodbye = Goodbye(database.dialect, {"weekly": true(), "monthly": true()})
    with database.write() as connection:
        numbers = connection.execute(select(subscribers.c.id).order_by("id")).scalars().all()
        for number in numbers:
            consents.give(connection, number, Consent(source="form", given_at=NOON))
    ann, ben = numbers
    for _ in range(2):
        with database.quick() as cursor:
            assert not goodbye.leave(cursor, ann, "weekly", everything=False, at=NOON)
    with database.quick() as cursor:
        assert goodbye.leave(cursor, ben, "weekly", everything=True, at=NOON)
        assert goodbye.leave(cursor, 99, "weekly", everything=False, at=NOON)
    with database.read() as connection:
        assert connection.execute(
            select(opt_outs.c.subscriber, opt_outs.c.at).order_by("subscriber")
        ).all() == [
            (ann, NOON),
            (ben, NOON),
        ]
        withdrawn = select(proofs.c.withdrawn_at).order_by(proofs.c.subscriber)
        assert connection.execute(withdrawn).scalars().all() == [None, NOON]
    with database.quick() as cursor:
        assert goodbye.leave(cursor, ann, "monthly", everything=False, at=NOON)


def test_a_crowd_that_leaves_at_once_has_all_left(database):
    add(database, *(person(f"reader{number}") for number in range(40)))
    goodbye = Goodbye(database.dialect, {"weekly": true()})
    with database.read() as connection:
        numbers = list(connection.execute(select(subscribers.c.id)).scalars())

    def go(number: int) -> bool:
        with database.quick() as cursor:
            return goodbye.leave(cursor, number, "weekly", everything=False, at=NOON)

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(go, numbers * 2))
    with database.read() as connection:
        assert set(connection.execute(select(subscribers.c.status)).scalars()) == {Status.UNSUBSCRIBED}


@pytest.mark.parametrize(
    ("before", "reason", "after"),
    [
        (Status.ACTIVE, Status.BOUNCED, Status.BOUNCED),
        (Status.UNSUBSCRIBED, Status.BOUNCED, Status.UNSUBSCRIBED),
        (Status.BOUNCED, Status.COMPLAINED, Status.COMPLAINED),
        (Status.COMPLAINED, Status.UNSUBSCRIBED, Status.COMPLAINED),
    ],
)
def test_a_weaker_reason_never_replaces_a_stronger(database, before, reason, after):
    add(database, person("ann", status=before), person("ben"))
    with database.write() as connection:
        number = connection.execute(select(subscribers.c.id).where(subscribers.c.name == "ann")).scalar_one()
        readers.leave(connection, [number], reason, at=NOON)
        found = connection.execute(select(subscribers.c.name, subscribers.c.status).order_by("name")).all()
    assert found == [("ann", after), ("ben", Status.ACTIVE)]


def test_two_that_send_confirmations_take_each_sign_up_once(database):
    with database.write() as connection:
        for number in range(20):
            address = normalise(f"reader{number}@example.org")
            signups.ask(connection, address, CHOICES, "", now=NOON)
            signups.ask(connection, address, CHOICES, "", now=NOON)
    other = open_database(database.url)

    def take(mine: Database) -> list[int]:
        taken: list[int] = []
        while True:
            with mine.write() as connection:
                one = signups.take_next(connection, now=NOON)
            if one is None:
                return taken
            taken.append(one.id)

    with ThreadPoolExecutor(2) as pool:
        taken = [number for numbers in pool.map(take, (database, other)) for number in numbers]
    other.close()
    assert len(taken) == len(set(taken)) == 20
    with database.write() as connection:
        assert signups.prune(connection, before=NOON) == 0
        assert signups.prune(connection, before=NOON + timedelta(days=1)) == 20


def test_what_was_put_aside_is_there_until_it_is_dealt_with(database):
    with database.write() as connection:
        for _ in range(2):
            set_aside.put(connection, "one", "erase", "body", at=NOON)
        row = {"id": "two", "source": "sendgrid", "at": NOON, "body": "x"}
        events.keep_aside(connection, [row, row])
        assert set_aside.of(connection, "erase") == {"one": "body"}
        assert set_aside.prune(connection, "sendgrid", before=NOON + timedelta(days=1)) == 1
        set_aside.remove(connection, "one")
        assert not set_aside.of(connection, "erase")
