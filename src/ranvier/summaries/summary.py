"""What Ranvier knows of one AI-written summary of one study."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date as Date


class Evidence(StrEnum):
    """Study design; `unknown` is a value of its own, never a guess."""

    RANDOMIZED_TRIAL = "randomized-trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CASE_SERIES = "case-series"
    LAB = "lab"
    ANIMAL = "animal"
    REVIEW = "review"
    GUIDELINE = "guideline"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Subjects(StrEnum):
    """Whom or what was studied."""

    PEOPLE = "people"
    ANIMALS = "animals"
    CELLS = "cells"
    DATA = "data"


class Standing(StrEnum):
    """Where a summary stands in the library."""

    OK = "ok"
    QUARANTINED = "quarantined"
    WITHDRAWN = "withdrawn"
    """Its file is gone."""


class Quarantine(StrEnum):
    """Why a summary is kept but cannot be mailed."""

    UNREADABLE = "unreadable"
    NO_TITLE = "no-title"
    NO_CAVEAT = "no-caveat"
    INCOMPLETE = "incomplete"


class Publishing(StrEnum):
    """Who had looked at a study when it was published (Academy of Medical Sciences' labels, R255)."""

    PEER_REVIEWED = "peer-reviewed"
    PREPRINT = "preprint"
    CONFERENCE_ABSTRACT = "conference-abstract"
    PRESS_RELEASE = "press-release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The publication behind a summary; an empty field was not stated."""

    journal: str = ""
    title: str = ""
    authors: str = ""
    year: int | None = None
    status: Publishing | None = None
    doi: str = ""
    pmid: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorship:
    """Which model wrote the text and when (AI Act Art. 50); both may be unstated."""

    model: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A person's deliberate examination; only a complete record counts (R144)."""

    by: str
    role: str
    date: str
    decision: str

    @property
    def rejects(self) -> bool:
        """Whether the person said no: a decision such as "rejected"."""
        return self.decision.lower().startswith("reject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A "You may also like" teaser found beside a summary."""

    title: str
    date: Date | None = None
    blurb: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One summary. Prose fields hold plain text, paragraphs separated by one blank line."""

    slug: str
    title: str = ""
    date: Date | None = None
    id: str = ""
    link: str = ""
    source: Source = field(default_factory=Source)
    credibility: int | None = None
    interest: int | None = None
    evidence: Evidence = Evidence.UNKNOWN
    subjects: Subjects | None = None
    n: int | None = None
    audiences: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    blurb: str = ""
    ai: Authorship = field(default_factory=Authorship)
    review: Review | None = None
    takeaway: str = ""
    findings: str = ""
    meaning: str = ""
    considerations: str = ""
    related: tuple[Card, ...] = ()
