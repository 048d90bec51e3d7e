"""`subscribers import`: a list of people into the database, or what it would change there."""

from __future__ import annotations

import csv
import io
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.store import people as store
from ranvier.store import topic_bits
from ranvier.store.consents import keep_source
from ranvier.store.suppressions import Suppressions
from ranvier.subscribers.consent import consenting
from ranvier.subscribers.csv_import import Accepted, Rejected, read_people
from ranvier.subscribers.exports_of_others import Format
from ranvier.subscribers.header import listed, read_header
from ranvier.subscribers.merge import Change, merge, suppress
from ranvier.subscribers.records import decode
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from pathlib import Path
    from typing import TextIO

    from sqlalchemy import Connection

    from ranvier.settings.workspace import Workspace
    from ranvier.store.database import Database
    from ranvier.subscribers.consent import DeclaredConsent
    from ranvier.subscribers.csv_import import Row
    from ranvier.subscribers.header import Header
    from ranvier.subscribers.subscriber import Subscriber

_ERASED = "was erased and must not be mailed; only a sign-up by the person brings them back"

BATCH = 2000
"""Rows of one transaction: few enough that a running send waits for a moment only and memory stays flat."""

SHOWN_CHANGES = 20
"""So many changes of a dry run are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """An accepted row's person as they are after it, and what the row changed.

    `consented` says that their consent is the one of this list, by their row or as declared.
    """

    row: int
    person: Subscriber
    change: Change
    consented: bool

    def __str__(self) -> str:
        topics = " ".join(self.person.topics) or "all topics"
        return f"row {self.row}: {self.change} ({topics}, {self.person.status})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did or, in a dry run, would have done, row by row counted.

    `without_consent` of the people are active and have no consent date; `ignored_columns` are the list's
    columns that nothing was read from; `changes` are the first SHOWN_CHANGES; `remarks` say how a list of
    another program was read.
    """

    rows: int
    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    without_consent: int = 0
    ignored_columns: tuple[str, ...] = ()
    format: Format = Format.CSV
    remarks: tuple[str, ...] = ()
    changes: tuple[Merged, ...] = ()
    dry_run: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Remarks for a person."""
        if not self.ignored_columns:
            return self.remarks
        ignored = f'columns ignored: {listed(self.ignored_columns)}; --map "THEIRS=OURS" says what one is'
        return (*self.remarks, ignored)

    @property
    def nothing_usable(self) -> bool:
        """Whether the list held rows and all of them were refused."""
        return 0 < self.rows == len(self.rejected)

    def as_json(self) -> dict[str, object]:
        """The document of `subscribers import`."""
        dry_run = {"dry_run": True, "changes": [str(one) for one in self.changes]} if self.dry_run else {}
        return {
            "rows": self.rows,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": [{"row": one.row, "reason": one.reason} for one in self.rejected],
            "without_consent": self.without_consent,
            "ignored_columns": list(self.ignored_columns),
            "format": self.format.value,
            **dry_run,
        }


def import_people(  # noqa: PLR0913 - the list, how to read it, and what to believe of it
    workspace: Workspace,
    file: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    consent: DeclaredConsent | None = None,
    dry_run: bool = False,
    now: datetime,
) -> Imported:
    """Add and update people from a CSV file, BATCH rows at a time; a dry run changes nothing.

    An import that is stopped keeps the batches that it finished, each whole; running it again does the rest
    and counts the others as unchanged. A list without a usable header changes nothing (InputError).
    """
    with _opened(file) as lines:
        return _import(
            workspace,
            lines,
            mapping=mapping or {},
            where=str(file),
            consent=consent,
            dry_run=dry_run,
            now=now,
        )


def _import(  # noqa: PLR0913 - as `import_people`
    workspace: Workspace,
    lines: TextIO,
    *,
    mapping: Mapping[str, str],
    where: str,
    consent: DeclaredConsent | None,
    dry_run: bool,
    now: datetime,
) -> Imported:
    tally = _Tally()
    topics = workspace.taxonomy.slugs
    header = read_header(lines, mapping=mapping, where=where)
    rows = read_people(lines, header, allowed=workspace.allowed)
    with _transactions(workspace.database, dry_run=dry_run) as transaction:
        while batch := tuple(islice(rows, BATCH)):
            with transaction() as connection:
                batch = _without_erased(Suppressions(connection, workspace.secrets), batch)
                merged = _apply(connection, batch, topics, consent=consent, joined=now.date())
            tally.add(batch, merged)
    return tally.imported(header, dry_run=dry_run)


def add_one(
    workspace: Workspace, cells: Mapping[str, str], *, consent: DeclaredConsent | None, now: datetime
) -> Imported:
    """The same for a list of one row, its cells by our columns."""
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, list(cells))
    writer.writeheader()
    writer.writerow(cells)
    lines.seek(0)
    return _import(
        workspace, lines, mapping={}, where="subscribers add", consent=consent, dry_run=False, now=now
    )


@contextmanager
def _transactions(
    database: Database, *, dry_run: bool
) -> Iterator[Callable[[], AbstractContextManager[Connection]]]:
    """What opens the transaction of each batch.

    A dry run has only one, so that a batch sees what those before it would have done; until it ends, nobody
    else writes to an SQLite database.
    """
    if not dry_run:
        yield database.write
        return
    with database.rehearsal() as connection:
        yield lambda: nullcontext(connection)


@dataclass(slots=True)
class _Tally:
    """The sums over the batches."""

    counts: Counter[Change] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    changes: list[Merged] = field(default_factory=list)
    without_consent: int = 0

    def add(self, batch: Sequence[Row], merged: Sequence[Merged]) -> None:
        self.counts.update(one.change for one in merged)
        self.without_consent += sum(_lacks_consent(one.person) for one in merged)
        self.rejected += (row for row in batch if isinstance(row, Rejected))
        changed = (one for one in merged if one.change is not Change.UNCHANGED)
        self.changes += islice(changed, SHOWN_CHANGES - len(self.changes))

    def imported(self, header: Header, *, dry_run: bool) -> Imported:
        return Imported(
            rows=self.counts.total() + len(self.rejected),
            added=self.counts[Change.ADDED],
            updated=self.counts[Change.UPDATED],
            unchanged=self.counts[Change.UNCHANGED],
            rejected=tuple(self.rejected),
            without_consent=self.without_consent,
            ignored_columns=header.ignored,
            format=header.format,
            remarks=header.notes,
            changes=tuple(self.changes),
            dry_run=dry_run,
        )


def _apply(
    connection: Connection,
    batch: Sequence[Row],
    topics: Collection[str],
    *,
    consent: DeclaredConsent | None,
    joined: date,
) -> list[Merged]:
    """Merge a batch into the list.

    That someone left is kept from a rejected row too, even of an address on no list: the next list may call
    them active (R102).
    """
    masks = topic_bits.bits(connection, topics)
    known = store.by_key(connection, [person.key for row in batch if (person := _person(row))], masks)
    after = dict(known)
    merged: list[Merged] = []
    for row in batch:
        if isinstance(row, Accepted):
            merged.append(_merged(row, after.get(row.subscriber.key), consent))
            after[row.subscriber.key] = merged[-1].person
        elif left := row.left:
            after[left.key] = suppress(after.get(left.key, left), left.status)
    added = [person for key, person in after.items() if key not in known]
    changed = [person for key, person in after.items() if key in known and person != known[key]]
    store.add(connection, added, masks, joined=joined)
    store.replace(connection, changed, masks)
    if consent:
        keep_source(connection, [one.person.key for one in merged if one.consented], consent.source)
    return merged


def _merged(row: Accepted, known: Subscriber | None, consent: DeclaredConsent | None) -> Merged:
    new = consenting(row.subscriber, known, consent)
    person, change = merge(known, new, keep_frequency=not row.frequency_given)
    consented = person.status is Status.ACTIVE and person.consent_date == new.consent_date is not None
    return Merged(row=row.row, person=person, change=change, consented=consented)


def _without_erased(suppressions: Suppressions, batch: tuple[Row, ...]) -> tuple[Row, ...]:
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


def _person(row: Row) -> Subscriber | None:
    return row.subscriber if isinstance(row, Accepted) else row.left


def _lacks_consent(person: Subscriber) -> bool:
    return person.status is Status.ACTIVE and person.consent_date is None


def _opened(file: Path) -> TextIO:
    try:
        return decode(file.open("rb"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(file)) from error
