"""`subscribers` and `segments`: people in, people out, and how many each segment holds."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import false, not_, or_

from ranvier.errors import InputError
from ranvier.files import write_whole
from ranvier.store import people as store
from ranvier.store import topic_bits
from ranvier.store.conditions import sql
from ranvier.store.suppressions import Suppressions
from ranvier.subscribers.csv_import import Accepted, Rejected, read_people
from ranvier.subscribers.export import ENCODING, write_people
from ranvier.subscribers.header import listed, read_header
from ranvier.subscribers.merge import Change, merge, suppress
from ranvier.subscribers.records import decode
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path
    from typing import TextIO

    from sqlalchemy import Connection

    from ranvier.settings.workspace import Workspace
    from ranvier.subscribers.csv_import import Row
    from ranvier.subscribers.subscriber import Subscriber

NO_EDITION = "*"
"""Stands for everyone whom no edition reaches."""

_ERASED = "was erased and must not be mailed; only a sign-up by the person brings them back"

BATCH = 1000
"""Rows of one transaction: few enough that a running send waits for a moment only and memory stays flat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, row by row counted.

    `without_consent` of the people are active and have no consent date; `ignored_columns` are the list's
    columns that nothing was read from.
    """

    rows: int
    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    without_consent: int = 0
    ignored_columns: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for a person."""
        if not self.ignored_columns:
            return ()
        return (f'columns ignored: {listed(self.ignored_columns)}; --map "THEIRS=OURS" says what one is',)

    @property
    def nothing_usable(self) -> bool:
        """Whether the list held rows and all of them were refused."""
        return 0 < self.rows == len(self.rejected)

    def as_json(self) -> dict[str, object]:
        """The document of `subscribers import`."""
        return {
            "rows": self.rows,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"row": one.row, "reason": one.reason} for one in self.rejected],
            "without_consent": self.without_consent,
            "ignored_columns": list(self.ignored_columns),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSize:
    """How many people of a segment can be mailed now, and how many cannot; `*` is everyone in no edition."""

    segment: str
    subscribers: int
    left_out: int


def import_people(
    workspace: Workspace,
    file: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    now: datetime,
) -> Imported:
    """Add and update people from a CSV file, BATCH rows at a time.

    An import that is stopped keeps the batches that it finished, each whole; running it again does the rest
    and counts the others as unchanged. A list without a usable header changes nothing (InputError).
    """
    counts: Counter[Change] = Counter()
    rejected: list[Rejected] = []
    without_consent = 0
    with _opened(file) as lines:
        header = read_header(lines, mapping=mapping or {}, where=str(file))
        rows = read_people(lines, header, allowed=workspace.allowed)
        while batch := tuple(islice(rows, BATCH)):
            with workspace.database.write() as connection:
                batch = _without_suppressed(Suppressions(connection, workspace.secrets), batch)
                merged = _apply(connection, batch, workspace.taxonomy.slugs, joined=now.date())
            counts.update(change for _, change in merged)
            without_consent += sum(_lacks_consent(person) for person, _ in merged)
            rejected += (row for row in batch if isinstance(row, Rejected))
    return Imported(
        rows=counts.total() + len(rejected),
        added=counts[Change.ADDED],
        updated=counts[Change.UPDATED],
        unchanged=counts[Change.UNCHANGED],
        rejected=tuple(rejected),
        without_consent=without_consent,
        ignored_columns=header.ignored,
    )


def people(workspace: Workspace) -> tuple[Subscriber, ...]:
    """Everyone on the list, by address."""
    with workspace.database.read() as connection:
        return tuple(store.everyone(connection, topic_bits.held_bits(connection)))


def export_people(workspace: Workspace, out: TextIO) -> int:
    """Write everyone as CSV; returns how many."""
    with workspace.database.read() as connection:
        return write_people(store.everyone(connection, topic_bits.held_bits(connection)), out)


def export_to(workspace: Workspace, file: Path) -> int:
    """Write everyone into a file of the owner's own, whole or not at all."""
    out = io.StringIO(newline="")
    count = export_people(workspace, out)
    if not file.parent.is_dir() or file.is_dir():
        raise InputError("is not a file in a folder that is there", where=str(file))
    write_whole(file, out.getvalue().encode(ENCODING), mode=0o600)
    return count


def segment_sizes(workspace: Workspace) -> tuple[SegmentSize, ...]:
    """Each segment's size, and how many people no edition reaches."""
    reached = {slug for name in workspace.settings.editions for slug in workspace.edition(name).segments}
    with workspace.database.write() as connection:
        masks = topic_bits.bits(connection, workspace.taxonomy.slugs)
        conditions = {segment.slug: sql(segment.where, masks) for segment in workspace.segments}
        nobody = not_(or_(false(), *(conditions[slug] for slug in sorted(reached))))
        counts = {
            slug: store.count(connection, it) for slug, it in {**conditions, NO_EDITION: nobody}.items()
        }
    return tuple(
        SegmentSize(segment=slug, subscribers=mailable, left_out=others)
        for slug, (mailable, others) in counts.items()
    )


def _without_suppressed(suppressions: Suppressions, batch: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows, those of erased people refused: only they themselves can come back (R102)."""
    gone = suppressions.of(row.subscriber.key for row in batch if isinstance(row, Accepted))
    if not gone:
        return batch
    return tuple(
        Rejected(row=row.row, reason=f"{_ERASED} ({gone[row.subscriber.key]})")
        if isinstance(row, Accepted) and row.subscriber.key in gone
        else row
        for row in batch
    )


def _apply(
    connection: Connection, batch: Sequence[Row], topics: Collection[str], *, joined: date
) -> list[tuple[Subscriber, Change]]:
    """Merge a batch into the list: each accepted row's person as they are now, and what the row changed.

    That someone left is kept from a rejected row too, even of an address on no list: the next list may call
    them active (R102).
    """
    masks = topic_bits.bits(connection, topics)
    known = store.by_key(connection, [person.key for row in batch if (person := _person(row))], masks)
    after = dict(known)
    merged: list[tuple[Subscriber, Change]] = []
    for row in batch:
        if isinstance(row, Accepted):
            key = row.subscriber.key
            merged.append(merge(after.get(key), row.subscriber, keep_frequency=not row.frequency_given))
            after[key] = merged[-1][0]
        elif left := row.left:
            after[left.key] = suppress(after.get(left.key, left), left.status)
    added = [person for key, person in after.items() if key not in known]
    changed = [person for key, person in after.items() if key in known and person != known[key]]
    store.add(connection, added, masks, joined=joined)
    store.replace(connection, changed, masks)
    return merged


def _person(row: Row) -> Subscriber | None:
    return row.subscriber if isinstance(row, Accepted) else row.left


def _lacks_consent(person: Subscriber) -> bool:
    return person.status is Status.ACTIVE and person.consent_date is None


def _opened(file: Path) -> TextIO:
    try:
        return decode(file.open("rb"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(file)) from error
