"""A list of people written as CSV that a spreadsheet opens and cannot be tricked by."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from ranvier.subscribers.fields import COLUMNS
from ranvier.subscribers.formulas import guard

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from ranvier.subscribers.subscriber import Subscriber

ENCODING = "utf-8-sig"
"""For files. Excel takes a CSV without the mark for Windows-1252 and garbles names; other programs skip it.

Standard output is plain UTF-8: what reads a pipe is no spreadsheet.
"""


def write_people(people: Iterable[Subscriber], out: TextIO) -> int:
    """How many people were written. Open `out` with `newline=""`: lines end with CRLF (RFC 4180).

    Reading the list again with `read_people` gives the same people.
    """
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    count = 0
    for count, person in enumerate(people, start=1):  # noqa: B007  # people may be a cursor: counted as written
        writer.writerow([guard(cell) for cell in _cells(person)])
    return count


def _cells(person: Subscriber) -> tuple[str, ...]:
    return (
        person.email,
        person.name,
        person.audience,
        ";".join(person.topics),
        person.frequency,
        person.locale,
        person.timezone,
        person.status,
        person.consent_date.isoformat() if person.consent_date else "",
        ";".join(person.tags),
    )
