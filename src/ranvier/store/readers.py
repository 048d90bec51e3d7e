"""One person of the list: what they chose, what they left, and how they are forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, insert, select, update

from ranvier.addresses import names
from ranvier.delivery.handover import State
from ranvier.store import consents
from ranvier.store.chunks import chunks
from ranvier.store.freeze import FORGOTTEN
from ranvier.store.people import as_person, as_row
from ranvier.store.schema import deliveries, events, issues, opt_outs, set_aside, signups, subscribers
from ranvier.subscribers.merge import weaker_than
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection

    from ranvier.subscribers.subscriber import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person and their place on the list; `left` are editions that they went away from by themselves."""

    id: int
    person: Subscriber
    joined: date
    left: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of one issue for a person."""

    delivery: int
    issue: str
    state: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that came back about a delivery."""

    delivery: int
    kind: str
    at: datetime
    code: str


def find(connection: Connection, number: int, masks: Mapping[str, int]) -> Reader | None:
    """The person of that id; None if there is none any more. Others wait until it is decided about them."""
    return _found(connection, subscribers.c.id == number, masks)


def by_address(connection: Connection, key: str, masks: Mapping[str, int]) -> Reader | None:
    """The person of that address."""
    return _found(connection, subscribers.c.key == key, masks)


def long_ago(
    connection: Connection, masks: Mapping[str, int], *, before: date, most: int
) -> list[Subscriber]:
    """People who are written to, consented before that day, and are not being asked about it now."""
    row = subscribers.c
    asked = exists().where(signups.c.key == row.key)
    query = select(subscribers).where(row.status == Status.ACTIVE.value, row.consent_date < before, ~asked)
    return [as_person(found, masks) for found in connection.execute(query.order_by(row.id).limit(most))]


def save(connection: Connection, reader: Reader, person: Subscriber, masks: Mapping[str, int]) -> None:
    """Write a person as they are now."""
    row = update(subscribers).where(subscribers.c.id == reader.id)
    connection.execute(row.values(as_row(person, masks)))


def add(connection: Connection, person: Subscriber, masks: Mapping[str, int], *, joined: date) -> int:
    """Put somebody new on the list; returns their id."""
    made = connection.execute(insert(subscribers).values({**as_row(person, masks), "joined": joined}))
    return int(made.inserted_primary_key[0]) if made.inserted_primary_key else 0


def leave(connection: Connection, numbers: Iterable[int], status: Status, *, at: datetime) -> None:
    """From now on nothing is handed over to these people; a weaker reason never replaces a stronger."""
    weaker = subscribers.c.status.in_(one.value for one in weaker_than(status))
    for chunk in chunks(sorted(numbers)):
        rows = update(subscribers).where(subscribers.c.id.in_(chunk), weaker)
        connection.execute(rows.values(status=status.value))
        if status is not Status.BOUNCED:  # a mailbox that is gone has taken nothing back
            consents.withdraw(connection, chunk, at=at)


def come_back(connection: Connection, reader: Reader) -> None:
    """The person chose again which mail they want."""
    connection.execute(delete(opt_outs).where(opt_outs.c.subscriber == reader.id))


def received(connection: Connection, number: int) -> tuple[Received, ...]:
    """What became of every issue for a person, oldest first."""
    row = deliveries.c
    mine = (row.issue == issues.c.id) & (row.subscriber == number)
    query = select(row.id, row.issue, row.state, row.reason, row.code).join_from(issues, deliveries, mine)
    return tuple(
        Received(delivery=one.id, issue=one.issue, state=one.state, reason=one.reason, code=one.code)
        for one in connection.execute(query.order_by(row.id))
    )


def told(connection: Connection, numbers: Iterable[int]) -> tuple[Told, ...]:
    """What came back about deliveries, oldest first."""
    query = select(events).where(events.c.delivery.in_(list(numbers))).order_by(events.c.at, events.c.id)
    return tuple(
        Told(delivery=row.delivery, kind=row.kind, at=row.at, code=row.code)
        for row in connection.execute(query)
    )


def forget_address(connection: Connection, key: str) -> bool:
    """Take an address out of what belongs to nobody on the list: sign-ups, and news put aside.

    Returns whether it was there.
    """
    # The text may hold it as a part of another address, or as JSON spells it.
    query = select(set_aside.c.id, set_aside.c.body)
    found = [row.id for row in connection.execute(query) if names(row.body, key)]
    aside = connection.execute(delete(set_aside).where(set_aside.c.id.in_(found))).rowcount if found else 0
    asked = connection.execute(delete(signups).where(signups.c.key == key)).rowcount
    return bool(aside or asked)


def forget(connection: Connection, reader: Reader) -> None:
    """Take everything about a person out of the database; accounts of issues stay as they add up.

    Each of their deliveries gets a number of its own in the person's place, so that nothing links them.
    """
    numbers = [one.delivery for one in received(connection, reader.id)]
    mine = deliveries.c.id.in_(numbers)
    waiting = update(deliveries).where(mine, deliveries.c.state == State.PENDING)
    connection.execute(waiting.values(state=State.EXCLUDED, reason=FORGOTTEN))
    # A peer's reply may repeat the address.
    connection.execute(update(deliveries).where(mine).values(subscriber=-deliveries.c.id, reply=""))
    connection.execute(delete(events).where(events.c.delivery.in_(numbers)))
    forget_address(connection, reader.person.key)
    connection.execute(delete(subscribers).where(subscribers.c.id == reader.id))


def _found(connection: Connection, which: ColumnElement[bool], masks: Mapping[str, int]) -> Reader | None:
    row = connection.execute(select(subscribers).where(which).with_for_update()).one_or_none()
    if row is None:
        return None
    left = connection.execute(select(opt_outs.c.edition).where(opt_outs.c.subscriber == row.id)).scalars()
    return Reader(id=row.id, person=as_person(row, masks), joined=row.joined, left=frozenset(left))
