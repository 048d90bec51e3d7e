"""`ingest` and `summaries`: from sources to a library that issues are made of.

What comes from elsewhere first becomes a Markdown file of the library (arrivals.py); then the files are
registered. So the files are the truth, and the database only remembers what they said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.errors import UsageError
from ranvier.pipeline.arrivals import bring_in, library_files, read_library_file
from ranvier.store import summaries as store
from ranvier.summaries.library import find_sources
from ranvier.summaries.prose import line
from ranvier.summaries.reconcile import Change, reconcile
from ranvier.summaries.summary import Standing
from ranvier.summaries.work import content_hash, work_of
from ranvier.topics.classify import assign, unknown_topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from ranvier.selection.candidate import Candidate
    from ranvier.settings.workspace import Workspace
    from ranvier.summaries.arrival import Arrival
    from ranvier.summaries.judged import Reading
    from ranvier.summaries.reconcile import Decision, Known
    from ranvier.topics.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A summary that is kept but cannot be mailed, why, and what to do about it."""

    source: str
    slug: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What `ingest` did; `notes` are remarks for a person."""

    added: int
    updated: int
    unchanged: int
    quarantined: tuple[HeldBack, ...]
    notes: tuple[str, ...] = ()

    @property
    def nothing_usable(self) -> bool:
        """Whether something was read and none of it can be used."""
        return bool(self.quarantined) and not (self.added or self.updated or self.unchanged)

    def as_json(self) -> dict[str, object]:
        """The document of `ingest`."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "quarantined": [
                {"source": held.source, "slug": held.slug, "reason": held.reason, "detail": held.detail}
                for held in self.quarantined
            ],
            "notes": list(self.notes),
        }


def ingest(workspace: Workspace, sources: Sequence[Path], *, title: str = "", now: datetime) -> Intake:
    """Read summaries from files and folders, by default the library's own; keep what is good of them."""
    if title and (len(sources) != 1 or not sources[0].is_file()):
        raise UsageError("names one summary, so it goes with one file", where="--title")
    title = line(title)
    files = tuple(find_sources(sources or (workspace.summaries,)))
    with workspace.database.read() as connection:
        known = store.known(connection)
    brought = bring_in(workspace, files, known, title=title)
    arrivals = [arrival for arrival in brought if not arrival.unreadable]
    unreadable = [arrival.reading for arrival in brought if arrival.unreadable]
    library = [
        read_library_file(workspace, path) for path in library_files(workspace, files, arrivals, known)
    ]
    decisions = reconcile(library, known, exists=lambda file: (workspace.root / file).exists())
    rows = _rows(workspace, decisions, arrivals, known, now=now)
    with workspace.database.write() as connection:
        store.put(connection, rows)
        if not sources:
            _withdraw(workspace, connection)
    return _intake(decisions, arrivals, unreadable, workspace.taxonomy)


def library(workspace: Workspace) -> tuple[Candidate, ...]:
    """Everything that was ingested, newest first."""
    with workspace.database.read() as connection:
        return store.everything(connection)


def _rows(
    workspace: Workspace,
    decisions: Sequence[Decision],
    arrivals: Sequence[Arrival],
    known: Mapping[str, Known],
    *,
    now: datetime,
) -> list[dict[str, object]]:
    """What the database will remember: what each file says, and where it first came from."""
    arrived = {arrival.slug: arrival for arrival in arrivals}
    rows = []
    for decision in decisions:
        origin = arrived.get(decision.slug) or known.get(decision.slug)
        rows.append(
            {
                **_row(workspace, decision),
                "source": origin.source if origin else decision.reading.source,
                "source_hash": origin.source_hash if origin else "",
                "first_seen": now,
            }
        )
    return rows


def _row(workspace: Workspace, decision: Decision) -> dict[str, object]:
    summary, reading = decision.reading.summary, decision.reading
    status = Standing.QUARANTINED if reading.quarantine else Standing.OK
    return {
        "slug": decision.slug,
        "file": reading.source,
        "work": work_of(summary),
        "content_hash": content_hash(summary),
        "status": status,
        "detail": f"{reading.quarantine}: {reading.detail}" if reading.quarantine else "",
        "date": summary.date,
        "title": summary.title,
        "takeaway": summary.takeaway,
        "topics": " ".join(assign(summary, workspace.taxonomy)),
        "credibility": summary.credibility,
        "interest": summary.interest,
        "evidence": summary.evidence.value,
    }


def _withdraw(workspace: Workspace, connection: Connection) -> None:
    """Mark summaries whose file is gone."""
    files = store.files(connection)
    store.withdraw(connection, [slug for slug, file in files.items() if not (workspace.root / file).exists()])


def _intake(
    decisions: Sequence[Decision],
    arrivals: Sequence[Arrival],
    unreadable: Sequence[Reading],
    taxonomy: Taxonomy,
) -> Intake:
    sources = {arrival.slug: arrival.source for arrival in arrivals}
    held = [
        *(_held(decision.reading, sources.get(decision.slug)) for decision in decisions),
        *(_held(reading, None) for reading in unreadable),
    ]
    counts = {change: sum(decision.change is change for decision in decisions) for change in Change}
    return Intake(
        added=counts[Change.ADDED],
        updated=counts[Change.UPDATED],
        unchanged=counts[Change.UNCHANGED],
        quarantined=tuple(sorted((one for one in held if one), key=lambda one: one.source)),
        notes=(
            *(arrival.note for arrival in arrivals if arrival.note),
            *_notes([arrival.reading for arrival in arrivals]),
            *_notes([decision.reading for decision in decisions]),
            *_on_topics([decision.reading for decision in decisions], taxonomy),
        ),
    )


def _notes(readings: Sequence[Reading]) -> Iterator[str]:
    """What stands in sources and is not understood, each time until it is mended, as with quarantine."""
    return (f"{reading.source}: {note}" for reading in readings for note in reading.notes)


def _on_topics(readings: Sequence[Reading], taxonomy: Taxonomy) -> Iterator[str]:
    """Declared topics that nobody will find the summary under, because the taxonomy lacks them."""
    known = ", ".join(taxonomy.slugs)
    for reading in readings:
        for topic in unknown_topics(reading.summary, taxonomy):
            yield f'{reading.source}: topic "{topic}" is not in topics.toml; known: {known}'


def _held(reading: Reading, source: str | None) -> HeldBack | None:
    if reading.quarantine is None:
        return None
    return HeldBack(
        source=source or reading.source,
        slug=reading.summary.slug,
        reason=reading.quarantine.value,
        detail=reading.detail,
    )
