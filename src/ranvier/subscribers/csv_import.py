"""A list of people as CSV: which rows are people, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING

from ranvier.addresses import Address, normalise
from ranvier.errors import InputError
from ranvier.subscribers import fields
from ranvier.subscribers.formulas import unguard
from ranvier.subscribers.records import Broken, records
from ranvier.subscribers.subscriber import LEFT, Status, Subscriber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ranvier.subscribers.header import Header

_REMEMBERED = 4096  # most cells repeat: a few dates, zones and topics for a million people


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A row that is a person. `frequency_given` is false where the cell was empty (see `merge`)."""

    row: int
    subscriber: Subscriber
    frequency_given: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that is not imported, and why.

    Whatever else is wrong with it, an address that must not be mailed has to be remembered: `left` is that
    person, with the status (one of LEFT) and nothing else that the row says.
    """

    row: int
    reason: str
    left: Subscriber | None = None


Row = Accepted | Rejected


def read_people(lines: Iterable[str], header: Header, *, allowed: fields.Allowed) -> Iterator[Row]:
    """Each record of the list in order, as it is read; `row` counts records from 1, the header not counted.

    `lines` is text opened with `newline=""` (`records.decode`), its header taken off by `read_header`. Of
    several rows with one address the first that is good wins. Someone whom any row calls unsubscribed,
    bounced or complained must not be mailed: whoever heeds `left` as well, in the order of the rows, gets
    that right. Memory holds one address per person.
    """
    cells_of = _cells_of(header)
    copies = _Copies(_person_reader(allowed))
    return (
        Rejected(row=row, reason=cells.reason)
        if isinstance(cells, Broken)
        else copies.judge(row, cells_of([*cells, ""]))  # a column that is not there is at -1: empty
        for row, cells in enumerate(records(lines, delimiter=header.delimiter, width=header.width), start=1)
    )


def _cells_of(header: Header) -> Callable[[list[str]], tuple[str, ...]]:
    """Takes the cells of COLUMNS from a record."""
    ours: Callable[[list[str]], tuple[str, ...]] = itemgetter(*header.places)
    if not header.recipes:
        return ours

    def translated(record: list[str]) -> tuple[str, ...]:
        cells = list(ours(record))
        for recipe in header.recipes:
            cells[recipe.column] = recipe.by([record[place] for place in recipe.places])
        return tuple(cells)

    return translated


class _Copies:
    """What the rows so far said about each address."""

    def __init__(self, person: Callable[[Address, tuple[str, ...]], Subscriber]) -> None:
        self._person = person
        self._row_of: dict[str, int] = {}

    def judge(self, row: int, cells: tuple[str, ...]) -> Row:
        try:
            address = normalise(unguard(cells[0]))
        except InputError as error:
            return Rejected(row=row, reason=error.message)
        if first := self._row_of.get(address.key):
            return _rejected(row, f"duplicate of row {first}", address, cells)
        try:
            person = self._person(address, cells)
        except InputError as error:
            return _rejected(row, error.message, address, cells)
        self._row_of[address.key] = row
        return Accepted(row=row, subscriber=person, frequency_given=bool(cells[4].strip()))


def _rejected(row: int, reason: str, address: Address, cells: tuple[str, ...]) -> Rejected:
    status = cells[7].strip().lower()
    if status not in LEFT:
        return Rejected(row=row, reason=reason)
    left = Subscriber(email=address.email, key=address.key, status=Status(status))
    return Rejected(row=row, reason=reason, left=left)


def _person_reader(allowed: fields.Allowed) -> Callable[[Address, tuple[str, ...]], Subscriber]:
    """Makes a person of an address and the cells of COLUMNS; InputError says which cell is wrong."""
    remembered = lru_cache(_REMEMBERED)
    read_audience = remembered(partial(fields.read_audience, allowed=allowed))
    read_topics = remembered(partial(fields.read_topics, allowed=allowed))
    read_timezone = remembered(partial(fields.read_timezone, allowed=allowed))
    read_frequency, read_status = remembered(fields.read_frequency), remembered(fields.read_status)
    read_locale, read_date = remembered(fields.read_locale), remembered(fields.read_consent_date)
    read_tags = remembered(fields.read_tags)

    def person(address: Address, cells: tuple[str, ...]) -> Subscriber:
        _, name, audience, topics, frequency, locale, timezone, status, consent_date, tags = cells
        return Subscriber(
            email=address.email,
            key=address.key,
            name=fields.read_name(name),
            audience=read_audience(audience),
            topics=read_topics(topics),
            frequency=read_frequency(frequency),
            locale=read_locale(locale),
            timezone=read_timezone(timezone),
            status=read_status(status),
            consent_date=read_date(consent_date),
            tags=read_tags(tags),
        )

    return person
