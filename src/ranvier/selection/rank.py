"""How good a candidate is: credibility, interest, evidence and recency, each 0 to 1 times its weight."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from ranvier.summaries.summary import Evidence

if TYPE_CHECKING:
    from datetime import date as Date

    from ranvier.selection.candidate import Candidate
    from ranvier.selection.rules import Rules
    from ranvier.selection.window import Window

_MIDDLE = 0.5
_NOT_STATED = "not stated, counted as the middle"

# How far a design carries for a reader's decisions: randomisation first, animals and dishes last.
STRENGTH = MappingProxyType(
    {
        Evidence.RANDOMIZED_TRIAL: 1.0,
        Evidence.GUIDELINE: 1.0,
        Evidence.REVIEW: 0.9,
        Evidence.COHORT: 0.7,
        Evidence.CASE_CONTROL: 0.6,
        Evidence.MIXED: _MIDDLE,
        Evidence.UNKNOWN: _MIDDLE,
        Evidence.CASE_SERIES: 0.3,
        Evidence.ANIMAL: 0.2,
        Evidence.LAB: 0.2,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a score: `points` of at most `weight`, and what they were counted from in `words`."""

    name: str
    points: float
    weight: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The parts and their sum."""

    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """What candidates are ranked by."""
        return sum(part.points for part in self.parts)


def score(candidate: Candidate, rules: Rules, window: Window) -> Score:
    """The candidate's score; what was not stated counts as the middle, and the words say so."""
    weights = rules.weights
    return Score(
        parts=(
            _part("credibility", weights.credibility, _rating(candidate.credibility)),
            _part("interest", weights.interest, _rating(candidate.interest)),
            _part("evidence", weights.evidence, _strength(candidate.evidence)),
            _part("recency", weights.recency, _recency(candidate.date, window)),
        )
    )


def _part(name: str, weight: float, counted: tuple[float, str]) -> Part:
    share, words = counted
    return Part(name=name, points=share * weight, weight=weight, words=words)


def _rating(stars: int | None) -> tuple[float, str]:
    return (_MIDDLE, _NOT_STATED) if stars is None else ((stars - 1) / 4, f"{stars} of 5")


def _strength(evidence: Evidence) -> tuple[float, str]:
    return STRENGTH[evidence], _NOT_STATED if evidence is Evidence.UNKNOWN else evidence.value


def _recency(date: Date | None, window: Window) -> tuple[float, str]:
    """1 on the window's last day, falling evenly to 0 on its first; 0 before it."""
    if date is None:
        return _MIDDLE, _NOT_STATED
    age = (window.closes - date).days
    if age < 1:
        return 1.0, f"{date.isoformat()}, after the window"
    if age > window.days:
        return 0.0, f"{date.isoformat()}, before the window"
    share = 1 - (age - 1) / (window.days - 1) if window.days > 1 else 1.0
    return share, f"{date.isoformat()}, day {window.days - age + 1} of {window.days}"
