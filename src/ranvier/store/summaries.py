"""What is known of the library: enough to choose from; the texts themselves stay in their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ranvier.errors import NotFoundError
from ranvier.selection.candidate import Candidate
from ranvier.store.schema import summaries
from ranvier.summaries.reconcile import Known
from ranvier.summaries.summary import Evidence, Standing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy import Connection, Row, Select


def known(connection: Connection) -> dict[str, Known]:
    """What earlier intakes recorded, by slug."""
    columns = [summaries.c[name] for name in Known.__slots__]
    rows = connection.execute(select(*columns)).mappings()
    return {row["slug"]: Known(**{**row, "status": Standing(row["status"])}) for row in rows}


def put(connection: Connection, rows: Iterable[dict[str, object]]) -> None:
    """Add or replace summaries; the moment one was first seen is kept."""
    batch = list(rows)
    if not batch:
        return
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(summaries)
    kept = {"slug", "first_seen"}
    replaced = {
        column.name: insert.excluded[column.name] for column in summaries.c if column.name not in kept
    }
    connection.execute(insert.on_conflict_do_update(index_elements=["slug"], set_=replaced), batch)


def files(connection: Connection, slugs: Sequence[str] | None = None) -> dict[str, str]:
    """Where summaries' files are, relative to the workspace, by slug: of all, or of those named and known."""
    query = select(summaries.c.slug, summaries.c.file)
    if slugs is not None:
        query = query.where(summaries.c.slug.in_(slugs))
    return {row.slug: row.file for row in connection.execute(query)}


def withdraw(connection: Connection, slugs: Collection[str]) -> None:
    """Mark summaries whose file is gone."""
    gone = update(summaries).where(summaries.c.slug.in_(slugs))
    connection.execute(gone.values(status=Standing.WITHDRAWN, detail=""))


def everything(connection: Connection) -> tuple[Candidate, ...]:
    """The whole library, newest first."""
    return _candidates(connection, select(summaries))


def candidates(connection: Connection, *, since: date) -> tuple[Candidate, ...]:
    """All that an issue could hold or must explain: dated since `since`, undated, or quarantined."""
    wanted = or_(
        summaries.c.date >= since,
        summaries.c.date.is_(None),
        summaries.c.status == Standing.QUARANTINED,
    )
    return _candidates(connection, select(summaries).where(wanted))


def one(connection: Connection, slug: str) -> Candidate:
    """One summary by its slug."""
    found = _candidates(connection, select(summaries).where(summaries.c.slug == slug))
    if not found:
        raise NotFoundError("no such summary; `ranvier summaries` lists them", where=slug)
    return found[0]


def _candidates(connection: Connection, query: Select[tuple[object, ...]]) -> tuple[Candidate, ...]:
    ordered = query.order_by(summaries.c.date.desc(), summaries.c.slug)
    return tuple(_candidate(row) for row in connection.execute(ordered))


def _candidate(row: Row[tuple[object, ...]]) -> Candidate:
    return Candidate(
        slug=row.slug,
        title=row.title,
        takeaway=row.takeaway,
        work=row.work,
        date=row.date,
        first_seen=row.first_seen,
        topics=tuple(row.topics.split()),
        credibility=row.credibility,
        interest=row.interest,
        evidence=Evidence(row.evidence),
        status=Standing(row.status),
        detail=row.detail,
    )
