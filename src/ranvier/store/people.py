"""The list of people in the database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Date, bindparam, func, insert, select, update

from ranvier.errors import UnfinishedError
from ranvier.store.database import LOST
from ranvier.store.freeze import left_out
from ranvier.store.prepared import Prepared
from ranvier.store.schema import subscribers
from ranvier.store.topic_bits import mask
from ranvier.subscribers.subscriber import Frequency, Status, Subscriber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection, Dialect, Row

SEPARATOR = ";"

_COLUMNS = tuple(
    subscribers.c[name]
    for name in (
        *("email", "key", "name", "audience", "topics", "frequency", "locale", "timezone", "status"),
        *("consent_date", "tags", "people_only", "paused_until"),
    )
)
_ADD = Prepared(
    insert(subscribers).values({one.name: bindparam(one.name) for one in subscribers.c if one.name != "id"})
)
# A dictionary is a fifth of the time that an enumeration takes, and a list has a million rows.
_FREQUENCIES = {one.value: one for one in Frequency}
_STATUSES = {one.value: one for one in Status}


def by_key(connection: Connection, keys: Sequence[str], masks: Mapping[str, int]) -> dict[str, Subscriber]:
    """Those of the addressed people who are on the list, by key."""
    # Locked on PostgreSQL: who leaves while a list is imported must not be written back.
    query = select(*_COLUMNS).where(subscribers.c.key.in_(keys)).with_for_update()
    topics = _topics_by_bits(masks)
    people = (_person(row, topics) for row in connection.execute(query).all())
    return {person.key: person for person in people}


def add(
    connection: Connection,
    people: Sequence[Subscriber],
    masks: Mapping[str, int],
    *,
    joined: date,
) -> None:
    """Add people who are not on the list; whoever has no consent date joined on `joined`."""
    if not people:
        return
    bits, day = _bits_by_topics(masks), _day_for(connection.dialect)
    rows = [
        {
            **_row(person, bits),
            "consent_date": day(person.consent_date),
            "paused_until": day(person.paused_until),
            "joined": day(person.consent_date or joined),
        }
        for person in people
    ]
    # The driver's own cursor in the same transaction: SQLAlchemy takes as long for a row as all else does.
    try:
        _ADD.many(connection.connection.cursor(), connection.dialect, rows)
    except connection.dialect.loaded_dbapi.OperationalError as error:
        raise UnfinishedError(LOST) from error


def replace(connection: Connection, people: Sequence[Subscriber], masks: Mapping[str, int]) -> None:
    """Overwrite people who are on the list."""
    if people:
        statement = update(subscribers).where(subscribers.c.key == bindparam("known"))
        connection.execute(statement, [as_row(person, masks) | {"known": person.key} for person in people])


def everyone(connection: Connection, masks: Mapping[str, int]) -> Iterator[Subscriber]:
    """All people by address, read as a stream."""
    rows = connection.execution_options(yield_per=1000).execute(select(*_COLUMNS).order_by(subscribers.c.key))
    topics = _topics_by_bits(masks)
    for row in rows:
        yield _person(row, topics)


def count(connection: Connection, condition: ColumnElement[bool]) -> tuple[int, int]:
    """How many people of a condition may be mailed now, and how many may not."""
    query = select(func.count(), func.count().filter(left_out() == "")).where(condition)
    everyone, mailable = connection.execute(query.select_from(subscribers)).one()
    return mailable, everyone - mailable


def as_row(person: Subscriber, masks: Mapping[str, int]) -> dict[str, object]:
    """A person as columns, without the day on which they joined."""
    return _row(person, lambda topics: mask(topics, masks))


def _row(person: Subscriber, bits: Callable[[tuple[str, ...]], int]) -> dict[str, object]:
    return {
        "email": person.email,
        "key": person.key,
        "name": person.name,
        "audience": person.audience,
        "topics": bits(person.topics),
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
    return _person([row._mapping[column] for column in _COLUMNS], _topics_by_bits(masks))  # noqa: SLF001 - its API


def _person(columns: Sequence[Any], topics: Callable[[int], tuple[str, ...]]) -> Subscriber:
    """The person of _COLUMNS; unpacking them at once is a third of the time of naming each."""
    email, key, name, audience, bits, often, locale, zone, status, consent, tags, people, paused = columns
    return Subscriber(
        email=email,
        key=key,
        name=name,
        audience=audience,
        topics=topics(bits),
        frequency=_FREQUENCIES[often],
        locale=locale,
        timezone=zone,
        status=_STATUSES[status],
        consent_date=consent,
        tags=tuple(tags.strip(SEPARATOR).split(SEPARATOR)) if tags else (),
        people_only=bool(people),
        paused_until=paused,
    )


def _topics_by_bits(masks: Mapping[str, int]) -> Callable[[int], tuple[str, ...]]:
    """The topics of a bit mask; a list has few different choices."""
    return cache(lambda bits: tuple(slug for slug, bit in masks.items() if bits & bit))


def _bits_by_topics(masks: Mapping[str, int]) -> Callable[[tuple[str, ...]], int]:
    """The same the other way round."""
    return cache(lambda topics: mask(topics, masks))


def _day_for(dialect: Dialect) -> Callable[[date | None], Any]:
    """A day as the driver takes it."""
    process = Date().dialect_impl(dialect).bind_processor(dialect)
    return cache(process) if process else lambda day: day
