"""What selection says of each summary, and of the issue as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ranvier.selection.rank import Score


class Reason(StrEnum):
    """Why a summary is in or out."""

    CHOSEN = "chosen"
    FUTURE_DATED = "future-dated"
    UNDATED = "undated"
    QUARANTINED = "quarantined"
    WITHDRAWN = "withdrawn"
    OUTSIDE_WINDOW = "outside-window"
    ALREADY_USED = "already-used"
    NEAR_DUPLICATE = "near-duplicate"
    TOPIC_CAP = "topic-cap"
    ISSUE_FULL = "issue-full"


_NOT_REPORTED = frozenset({Reason.CHOSEN, Reason.OUTSIDE_WINDOW, Reason.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one candidate; `detail` says why in plain words, `score` is there once it was ranked."""

    slug: str
    title: str
    reason: Reason
    detail: str
    topic: str
    score: Score | None = None

    @property
    def chosen(self) -> bool:
        """Whether the issue holds it."""
        return self.reason is Reason.CHOSEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """An issue's sections (topic, slugs by rank) in reading order, and a verdict on every candidate.

    Verdicts: first those that were ranked, best first; then the others by slug.
    """

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    verdicts: tuple[Verdict, ...]


def excluded(selection: Selection) -> tuple[Verdict, ...]:
    """What a draft reports as left out: all but what the window never touched or is gone."""
    return tuple(verdict for verdict in selection.verdicts if verdict.reason not in _NOT_REPORTED)
