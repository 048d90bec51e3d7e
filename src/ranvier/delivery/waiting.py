"""Rows that were read ahead and wait for their turn: a bounded part of the audience, whatever its size."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ranvier.delivery.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ranvier.delivery.handover import Delivery
    from ranvier.delivery.pace import PaceRules

NEVER = float("inf")


class Waiting:
    """In the ledger's order, but whoever's domain has to wait is set aside and does not hold up others."""

    def __init__(self, rules: PaceRules) -> None:
        self._pace = Pace(rules)
        self._by_domain = rules.by_domain
        self._line: deque[Delivery] = deque()
        self._aside: dict[str, deque[Delivery]] = {}

    @property
    def in_line(self) -> int:
        """How many wait for nothing but their place."""
        return len(self._line)

    @property
    def aside(self) -> int:
        """How many wait for their domain."""
        return sum(len(group) for group in self._aside.values())

    def add(self, deliveries: Iterable[Delivery]) -> None:
        """Behind all others."""
        self._line.extend(deliveries)

    def give_back(self, deliveries: Iterable[Delivery]) -> None:
        """Before all others, in their order."""
        self._line.extendleft(reversed(tuple(deliveries)))

    def turn(self) -> float:
        """When somebody may go, in seconds of the monotonic clock; NEVER if nobody waits."""
        if self._line:
            return self._pace.turn
        turns = [self._pace.turn_of(domain) for domain in self._aside]
        return max(self._pace.turn, min(turns)) if turns else NEVER

    def take(self, most: int, *, now: float) -> tuple[Delivery, ...]:
        """At most so many of one audience and item set whose turn it is; () if it is nobody's."""
        if now < self._pace.turn or not (first := self._first(now)):
            return ()
        group = [first]
        while len(group) < most and self._line and _content(self._line[0]) == _content(first):
            group.append(self._line.popleft())
        self._pace.gone(len(group), _domain(first) if self._by_domain else "", now=now)
        return tuple(group)

    def _first(self, now: float) -> Delivery | None:
        for domain, group in self._aside.items():
            if self._pace.turn_of(domain) <= now:
                one = group.popleft()
                if not group:
                    del self._aside[domain]
                return one
        while self._line:
            one = self._line.popleft()
            if not self._by_domain or self._pace.turn_of(domain := _domain(one)) <= now:
                return one
            self._aside.setdefault(domain, deque()).append(one)
        return None


def _content(delivery: Delivery) -> tuple[str, int]:
    return delivery.audience, delivery.item_set


def _domain(delivery: Delivery) -> str:
    return delivery.address.rpartition("@")[2].lower()
