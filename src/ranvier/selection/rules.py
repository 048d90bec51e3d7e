"""What an editor may tune about selection."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part of the score counts; parts are 0 to 1, so weights add up."""

    credibility: float = 3.0
    interest: float = 2.0
    evidence: float = 2.0
    recency: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Selection rules of one edition; days count in the edition's zone."""

    window_days: int = 7
    """How far back the first issue looks; later ones start where the last committed one ended."""
    late_days: int = 30
    """A summary first seen after the last cut counts as recent if it is dated at most this long before it."""
    max_items: int = 12
    per_topic: int = 3
    similarity: float = 85.0
    """Two texts alike by this much (0-100) are one story."""
    weights: Weights = field(default_factory=Weights)
