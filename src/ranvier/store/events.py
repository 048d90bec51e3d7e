"""What came back about deliveries: each thing once, and what follows for their state."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ranvier.delivery.handover import State
from ranvier.events.kind import THROWN_AWAY, Kind
from ranvier.events.streak import Past
from ranvier.store.chunks import chunks
from ranvier.store.schema import deliveries, events, issues, set_aside, subscribers
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Exists, Table

    from ranvier.events.heard import Heard

_row = deliveries.c
_TURN = 0x4E455753
"""The number of the lock of whoever brings news; any number that nothing else uses."""

_ARRIVED = frozenset(Kind) - THROWN_AWAY - {Kind.TAKEN, Kind.DELAYED, Kind.IGNORED}
"""Kinds that only a message which left the provider can bring about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a server answered instead of taking a message."""

    subscriber: int
    state: State
    code: str
    reply: str


def take_turn(connection: Connection) -> None:
    """Wait for others who bring news: they change the same rows, in another order. SQLite waits anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_TURN)))


def keep(connection: Connection, heard: Sequence[Heard]) -> None:
    """Write what came back; what was told before changes nothing."""
    _once(connection, events, [asdict(one) for one in heard])


def remember(connection: Connection, name: str, kind: Kind, *, at: datetime) -> None:
    """Write that something was dealt with which is about no delivery."""
    row = {"id": name, "delivery": None, "kind": kind.value, "at": at, "code": "", "text": ""}
    _once(connection, events, [row])


def keep_aside(connection: Connection, unknown: Sequence[Mapping[str, object]]) -> None:
    """Write what is about nobody here or was not understood, for a person: columns of `set_aside`."""
    _once(connection, set_aside, unknown)


def known(connection: Connection, ids: Collection[str]) -> set[str]:
    """Those of the things that were told before."""
    found: set[str] = set()
    for chunk in chunks(ids):
        found.update(connection.execute(select(events.c.id).where(events.c.id.in_(chunk))).scalars())
    return found


def subscribers_of(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Whose each delivery is, of those that are here; people who were forgotten have a number below 0."""
    found: dict[int, int] = {}
    for chunk in chunks(ids):
        rows = connection.execute(select(_row.id, _row.subscriber).where(_row.id.in_(chunk)))
        found.update({row.id: row.subscriber for row in rows})
    return found


def resolve(connection: Connection, ids: Collection[int]) -> int:
    """Deliveries of which nobody knew, and those that the provider threw away, as the events prove.

    Returns how many changed.

    In whatever order they came: whatever happened to a message proves that it was taken; what was dropped
    was not received, unless something happened that only a message which left can bring about.
    """
    dropped, arrived = _has(THROWN_AWAY), _has(_ARRIVED)
    taken = _has(frozenset(Kind) - THROWN_AWAY)
    changed = 0
    for chunk in chunks(ids):
        mine = _row.id.in_(chunk)
        for state, *which in (
            (State.REJECTED, _in(State.ACCEPTED, State.UNCERTAIN), dropped, ~arrived),
            (State.ACCEPTED, _in(State.UNCERTAIN), taken),
            (State.ACCEPTED, _in(State.REJECTED), dropped, arrived),
        ):
            rows = update(deliveries).where(mine, *which).values(state=state)
            changed += connection.execute(rows).rowcount
    return changed


def unresolved(connection: Connection, issue: str) -> list[int]:
    """Uncertain deliveries of an issue about which something was told before they became uncertain."""
    told = exists().where(events.c.delivery == _row.id)
    query = select(_row.id).where(_row.issue == issue, _in(State.UNCERTAIN), told)
    return list(connection.execute(query).scalars())


def issues_of(connection: Connection, ids: Collection[int]) -> set[str]:
    """The issues that the deliveries are of."""
    found: set[str] = set()
    for chunk in chunks(ids):
        query = select(_row.issue).where(_row.id.in_(chunk)).distinct()
        found.update(connection.execute(query).scalars())
    return found


def history(connection: Connection, subscriber: int) -> list[Past]:
    """What became of every issue for a person."""
    mine = (_row.issue == issues.c.id) & (_row.subscriber == subscriber)
    query = select(issues.c.date, _row.id, _row.state, _row.code, _row.reply)
    rows = connection.execute(query.join_from(issues, deliveries, mine)).all()
    told: dict[int, set[Kind]] = defaultdict(set)
    for chunk in chunks([row.id for row in rows]):
        found = select(events.c.delivery, events.c.kind).where(events.c.delivery.in_(chunk))
        for event in connection.execute(found):
            told[event.delivery].add(Kind(event.kind))
    return [
        Past(
            day=row.date,
            state=State(row.state),
            code=row.code,
            reply=row.reply,
            told=frozenset(told[row.id]),
        )
        for row in rows
    ]


def prune(connection: Connection, *, before: datetime) -> int:
    """Forget what came back before that moment; returns how much."""
    return connection.execute(delete(events).where(events.c.at < before)).rowcount


def refusals(connection: Connection, issue: str) -> list[Refusal]:
    """What servers refused while an issue was handed over, to people who are still written to."""
    query = select(_row.subscriber, _row.state, _row.code, _row.reply).join(
        subscribers, subscribers.c.id == _row.subscriber
    )
    active = subscribers.c.status == Status.ACTIVE.value
    refused = (_row.issue == issue, _in(State.REJECTED, State.DEFERRED), _row.reason == "", active)
    return [
        Refusal(subscriber=row.subscriber, state=State(row.state), code=row.code, reply=row.reply)
        for row in connection.execute(query.where(*refused))
    ]


def _once(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows whose id is not there yet, also if another process inserts them at this moment."""
    if rows:
        make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(make(table).on_conflict_do_nothing(index_elements=["id"]), rows)


def _in(*states: State) -> ColumnElement[bool]:
    return _row.state.in_(states)


def _has(kinds: Collection[Kind]) -> Exists:
    return exists().where(events.c.delivery == _row.id, events.c.kind.in_(sorted(kinds)))
