"""The list of people in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from ranvier.store.freeze import left_out
from ranvier.store.schema import subscribers
from ranvier.store.topic_bits import mask
from ranvier.subscribers.subscriber import Frequency, Status, Subscriber

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection, Row

SEPARATOR = ";"


def by_key(connection: Connection, keys: Sequence[str], masks: Mapping[str, int]) -> dict[str, Subscriber]:
    """Those of the addressed people who are on the list, by key."""
    # Locked on PostgreSQL: who leaves while a list is imported must not be written back.
    query = select(subscribers).where(subscribers.c.key.in_(keys)).with_for_update()
    rows = connection.execute(query)
    return {row.key: as_person(row, masks) for row in rows}


def add(
    connection: Connection,
    people: Sequence[Subscriber],
    masks: Mapping[str, int],
    *,
    joined: date,
) -> None:
    """Add people who are not on the list; whoever has no consent date joined on `joined`."""
    if people:
        rows = [as_row(person, masks) | {"joined": person.consent_date or joined} for person in people]
        connection.execute(insert(subscribers), rows)


def replace(connection: Connection, people: Sequence[Subscriber], masks: Mapping[str, int]) -> None:
    """Overwrite people who are on the list."""
    if people:
        statement = update(subscribers).where(subscribers.c.key == bindparam("known"))
        connection.execute(statement, [as_row(person, masks) | {"known": person.key} for person in people])


def everyone(connection: Connection, masks: Mapping[str, int]) -> Iterator[Subscriber]:
    """All people by address, read as a stream."""
    rows = connection.execution_options(yield_per=1000).execute(
        select(subscribers).order_by(subscribers.c.key)
    )
    for row in rows:
        yield as_person(row, masks)


def count(connection: Connection, condition: ColumnElement[bool]) -> tuple[int, int]:
    """How many people of a condition may be mailed now, and how many may not."""
    query = select(func.count(), func.count().filter(left_out() == "")).where(condition)
    everyone, mailable = connection.execute(query.select_from(subscribers)).one()
    return mailable, everyone - mailable


def as_row(person: Subscriber, masks: Mapping[str, int]) -> dict[str, object]:
    """A person as columns, without the day on which they joined."""
    return {
        "email": person.email,
        "key": person.key,
        "name": person.name,
        "audience": person.audience,
        "topics": mask(person.topics, masks),
        "frequency": person.frequency.value,
        "locale": person.locale,
        "timezone": person.timezone,
        "status": person.status.value,
        "consent_date": person.consent_date,
        "tags": _joined(person.tags),
        "people_only": int(person.people_only),
        "paused_until": person.paused_until,
    }


def _joined(tags: tuple[str, ...]) -> str:
    # A separator at both ends, so that one tag is found by "%;tag;%" and never inside another.
    return SEPARATOR + SEPARATOR.join(tags) + SEPARATOR if tags else ""


def as_person(row: Row[tuple[object, ...]], masks: Mapping[str, int]) -> Subscriber:
    """The person of a row."""
    return Subscriber(
        email=row.email,
        key=row.key,
        name=row.name,
        audience=row.audience,
        topics=tuple(slug for slug, bit in masks.items() if row.topics & bit),
        frequency=Frequency(row.frequency),
        locale=row.locale,
        timezone=row.timezone,
        status=Status(row.status),
        consent_date=row.consent_date,
        tags=tuple(row.tags.strip(SEPARATOR).split(SEPARATOR)) if row.tags else (),
        people_only=bool(row.people_only),
        paused_until=row.paused_until,
    )
