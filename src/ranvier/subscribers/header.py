"""The first line of a list of people: which column is where."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.addresses import quoted
from ranvier.errors import InputError
from ranvier.subscribers.exports_of_others import Format
from ranvier.subscribers.fields import COLUMNS
from ranvier.subscribers.translation import translation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ranvier.subscribers.translation import Recipe

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_SHOWN_COLUMNS = 20
_ALSO_EMAIL = {"e-mail", "email address", "e-mail address"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """How to split a record and where each of COLUMNS stands in it; -1 is not there.

    Where another program's export is read, `recipes` change what stands there and `notes` say so. `ignored`
    are the named columns that nothing is read from, as they are written.
    """

    delimiter: str
    width: int
    places: tuple[int, ...]
    ignored: tuple[str, ...] = ()
    format: Format = Format.CSV
    recipes: tuple[Recipe, ...] = ()
    notes: tuple[str, ...] = ()


def read_header(lines: Iterator[str], *, mapping: Mapping[str, str], where: str) -> Header:
    """The header, taken off `lines`. Raises InputError.

    `mapping` names our column for one of theirs, `{"Mail": "email"}`. "E-mail" and "Email address" are the
    address without being mapped, where no other column is. The export of a program that is known is
    recognised by its columns; what is mapped wins over what it means there.
    """
    delimiter, found = _split(lines, where)
    names = [_plain(name) for name in found]
    ours = _ours(names, mapping, where)
    _refuse_unusable(ours, found, where)
    mapped = {_plain(column) for column in mapping.values()}
    foreign = translation(names, ours, mapped=mapped, where=where)
    read = {place for place, our in enumerate(ours) if our} | (foreign.places if foreign else set())
    return Header(
        delimiter=delimiter,
        width=len(found),
        places=tuple(ours.index(column) if column in ours else -1 for column in COLUMNS),
        ignored=_unread(found, read),
        format=foreign.format if foreign else Format.CSV,
        recipes=foreign.recipes if foreign else (),
        notes=(foreign.note,) if foreign else (),
    )


def _split(lines: Iterator[str], where: str) -> tuple[str, list[str]]:
    """The list's delimiter, and the names of its columns as they are written."""
    line = next((line for line in lines if line.strip("\ufeff \r\n")), "").removeprefix("\ufeff")
    if not line:
        raise InputError(
            f"is empty; its first line has to name the columns: {','.join(COLUMNS)}", where=where
        )
    if line.startswith("PK\x03\x04"):
        raise InputError("is a workbook, not CSV; save it as CSV (UTF-8) first", where=where)
    # max() takes the first of equals, so one column alone counts as separated by commas.
    delimiter = max(_DELIMITERS, key=_QUOTED.sub("", line).count)
    try:
        found = next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        raise InputError("the first line is not a line of column names", where=where) from None
    return delimiter, found


def _unread(found: Sequence[str], read: Collection[int]) -> tuple[str, ...]:
    return tuple(name for at, theirs in enumerate(found) if at not in read and (name := theirs.strip()))


def _refuse_unusable(ours: list[str], found: list[str], where: str) -> None:
    count = Counter(name for name in ours if name)
    if doubled := next((name for name, times in count.items() if times > 1), ""):
        raise InputError(f'two columns are "{doubled}"; rename one of them', where=where)
    if "email" not in count:
        message = f'no column is "email"; found {listed(found)}; --map "THEIRS=email" names it'
        raise InputError(message, where=where)


def _ours(names: list[str], mapping: Mapping[str, str], where: str) -> list[str]:
    """For each of their columns which of ours it is, or nothing; what is mapped wins."""
    mapped = {_plain(theirs): _plain(ours) for theirs, ours in mapping.items()}
    for theirs, column in mapped.items():
        if column not in COLUMNS:
            raise InputError(f"--map: no column {quoted(column)}; known: {', '.join(COLUMNS)}", where=where)
        if theirs not in names:
            message = f"--map: no column {quoted(theirs)} in the list; found {listed(names)}"
            raise InputError(message, where=where)
    known = set(COLUMNS) - set(mapped.values())
    ours = [mapped.get(name, name if name in known else "") for name in names]
    if "email" in ours:
        return ours
    return [our or ("email" if name in _ALSO_EMAIL else "") for name, our in zip(names, ours, strict=True)]


def listed(columns: Sequence[str]) -> str:
    """A stranger's column names inside a message; of many the first 20."""
    return ", ".join(map(quoted, columns[:_SHOWN_COLUMNS]))


def _plain(name: str) -> str:
    return name.strip().casefold()
