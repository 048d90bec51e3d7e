"""When a send stops by itself, because going on would do harm (R101)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.delivery.handover import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ranvier.delivery.handover import Decided

FEW = 10
"""So many refusals, or people more or less than expected, stop nothing: in a short list they are chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRules:
    """What stops a send. Shares are from 0 to 1; a guard whose share is 1 never does."""

    first: int = 200
    """So many outcomes from the start of a run on are watched."""
    rejected: float = 0.2
    complained: float = 0.005
    audience: float = 0.2
    """How much the audience may differ from what whoever approved was told."""


class Guard:
    """Watches the first outcomes of a run. Whoever resumes a send begins a new run, and is guarded again."""

    def __init__(self, rules: GuardRules, *, people: int) -> None:
        self._rules = rules
        self._first = min(rules.first, people)
        self._seen = self._rejected = 0

    @property
    def watches(self) -> bool:
        """Whether the first outcomes are not all in yet."""
        return self._seen < self._first

    def objection(self, decided: Sequence[Decided], *, complaints: int = 0) -> str:
        """Why to stop after these outcomes; empty to go on. `complaints` are those about this issue."""
        for one in decided:
            if not self.watches:
                break
            if one.state is not State.PENDING:
                self._seen += 1
                self._rejected += one.state is State.REJECTED
        if self._rejected > max(FEW, self._rules.rejected * self._first):
            return f"{self._rejected} of the first {self._seen} were refused for good"
        if complaints > max(1, self._rules.complained * self._first):
            return f"{complaints} readers complained about it"
        return ""


def audience_objection(*, expected: int, people: int, rules: GuardRules) -> str:
    """Why not to begin: far more or fewer people than when it was approved; empty to begin.

    Whoever approved for nobody, before the list was there, expected nothing in particular.
    """
    if not expected or abs(people - expected) <= max(FEW, rules.audience * expected):
        return ""
    return f"{people} people would get it now; {expected} when it was approved"
