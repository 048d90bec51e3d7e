"""What selection knows of a summary in the library, and of what earlier issues used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.summaries.summary import Standing

if TYPE_CHECKING:
    from datetime import date as Date
    from datetime import datetime

    from ranvier.summaries.summary import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A summary that an issue might hold; `topics` has the primary one first."""

    slug: str
    title: str
    takeaway: str
    work: str
    date: Date | None
    first_seen: datetime
    """Aware: when the library first met it."""
    topics: tuple[str, ...]
    credibility: int | None
    interest: int | None
    evidence: Evidence
    status: Standing = Standing.OK
    detail: str = ""
    """Why it is quarantined, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """An item of an earlier issue of this edition that entered `sending`; `issue` is `edition/date`."""

    slug: str
    work: str
    title: str
    takeaway: str
    issue: str
