"""How fast messages may go: evenly, in all and to each recipient domain (R83)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceRules:
    """Messages a second; 0 means as fast as the transport takes them."""

    rate: float = 0.0
    per_domain: float = 0.0
    """To any one recipient domain."""
    domains: dict[str, float] = field(default_factory=dict)
    """To these domains instead, such as "gmail.com" = 20."""

    @property
    def by_domain(self) -> bool:
        """Whether any domain has a limit."""
        return bool(self.per_domain or self.domains)


class Pace:
    """When the next message may go. Moments are seconds of one monotonic clock.

    Turns are evenly spaced and never made up for: a relay that stalled gets no burst afterwards.
    """

    def __init__(self, rules: PaceRules) -> None:
        self._rules = rules
        self._next = 0.0
        self._next_to: dict[str, float] = {}

    @property
    def turn(self) -> float:
        """The earliest moment for anybody."""
        return self._next

    def turn_of(self, domain: str) -> float:
        """The earliest moment for this domain; that for anybody may be later."""
        return self._next_to.get(domain, 0.0)

    def gone(self, count: int, domain: str, *, now: float) -> None:
        """So many messages go now; with several, `domain` is that of none of them."""
        self._next = _after(self._next, count, self._rules.rate, now)
        if self._rules.by_domain and domain:
            rate = self._rules.domains.get(domain, self._rules.per_domain)
            self._next_to[domain] = _after(self.turn_of(domain), count, rate, now)


def _after(turn: float, count: int, rate: float, now: float) -> float:
    return max(turn, now) + count / rate if rate else turn
