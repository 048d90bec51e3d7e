"""Rows per second of reading a list of people, against Python's csv reader alone on the same lines.

python bench/import_rows.py [ROWS]
"""

from __future__ import annotations

import csv
import sys
import tracemalloc
from collections import deque
from typing import TYPE_CHECKING

import measure

from ranvier.subscribers.csv_import import Accepted, read_people
from ranvier.subscribers.fields import Allowed
from ranvier.subscribers.header import read_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ranvier.subscribers.csv_import import Row

ROUNDS = 5

ALLOWED = Allowed(
    audiences=("people-with-ms", "caregivers", "clinicians"),
    topics=("treatments-trials", "lifestyle-gut", "safety-infections"),
    timezones=frozenset({"Europe/Berlin", "America/New_York"}),
)


def people(rows: int) -> Iterator[str]:
    """A list of people, line by line: 500 domains, a tenth of the names beyond ASCII."""
    yield "email,name,audience,topics,frequency,locale,timezone,status,consent_date\r\n"
    rest = "treatments-trials;lifestyle-gut,weekly,de-DE,Europe/Berlin,active"
    for number in range(rows):
        local = f"Ann.{number}" if number % 10 == 0 else f"ann.{number}"
        name = "Käthe Schäfer" if number % 10 == 1 else "Ann Example"
        yield (
            f"{local}@list{number % 500}.example.org,{name},{ALLOWED.audiences[number % 3]},"
            f"{rest},2024-{number % 12 + 1:02}-15\r\n"
        )


def read(lines: Iterable[str]) -> Iterator[Row]:
    """The list's rows, as an import reads them."""
    lines = iter(lines)
    return read_people(lines, read_header(lines, mapping={}, where="people.csv"), allowed=ALLOWED)


def main(rows: int) -> None:
    """Print both rates, their ratio and the memory that reading holds."""
    lines = list(people(rows))
    sides = {
        "ours": lambda: rows / measure.seconds(lambda: deque(read(lines), maxlen=0)),
        "theirs": lambda: rows / measure.seconds(lambda: deque(csv.reader(lines), maxlen=0)),
    }
    taken = measure.in_turns(sides, ROUNDS)
    measure.report(
        measure.Row(
            budget="",
            what="a list of people, read and checked",
            unit="rows/s",
            ours=taken["ours"],
            reference="Python's csv.reader alone",
            theirs=taken["theirs"],
        )
    )
    tracemalloc.start()
    accepted = sum(isinstance(row, Accepted) for row in read(lines))
    held = tracemalloc.get_traced_memory()[1] / rows
    print(f"accepted {accepted:,} of {rows:,}; at most {held:.0f} bytes held per row")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
