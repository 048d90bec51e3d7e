"""When failures that may pass have gone on for too long (R95)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.delivery.handover import State
from ranvier.events.kind import Kind
from ranvier.events.verdict import classify

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ranvier.events.rules import BounceRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What became of one issue for a person: its day, what was said at once, what came back later."""

    day: date
    state: State
    code: str
    reply: str
    told: frozenset[Kind]

    @property
    def failed(self) -> bool:
        """Whether the address was at fault, for now or for ever."""
        if self.told & {Kind.SOFT, Kind.HARD} or self.state is State.DEFERRED:
            return True
        refused = self.state is State.REJECTED and bool(self.code or self.reply)
        return refused and classify(self.code, self.reply, at_rcpt=True) is not Kind.BLOCKED

    @property
    def arrived(self) -> bool:
        """Whether it was taken, and nothing else was heard; what was refused for our sake says nothing."""
        return self.state is State.ACCEPTED and not self.failed and Kind.BLOCKED not in self.told


def goes_on_for_too_long(history: Iterable[Past], rules: BounceRules) -> bool:
    """Whether the newest issues of a person all failed. `history` is in any order; an arrival resets."""
    failed: list[date] = []
    for past in sorted(history, key=lambda past: past.day, reverse=True):
        if past.arrived:
            break
        if past.failed:
            failed.append(past.day)
    return len(failed) >= rules.issues and (failed[0] - failed[-1]).days >= rules.days
