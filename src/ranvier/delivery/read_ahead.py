"""Who is next: rows of the ledger, read before they are needed, each in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.delivery.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ranvier.delivery.handover import Delivery
    from ranvier.delivery.ledger import Ledger
    from ranvier.delivery.pace import PaceRules

AHEAD = 256
"""Rows that are read at once, if one hand-over needs no more."""

MOST_ASIDE = 5000
"""Rows that may wait in memory for their domain. More would be no faster: the domain is what takes time."""

AGAIN = 1.0
"""Seconds until it is worth asking again, where nothing was due."""


class ReadAhead:
    """The part of an audience that is in memory: waiting, taken by a lane, or on the wire.

    `clock` is epoch seconds as the ledger's; `now`, here and below, is the monotonic clock's.
    """

    def __init__(self, ledger: Ledger, pace: PaceRules, *, batch: int, clock: Callable[[], float]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._limit = max(AHEAD, 2 * batch)
        self._waiting = Waiting(pace)
        self._here: dict[int, Delivery] = {}
        self._last: Delivery | None = None
        self._nothing_until = 0.0

    def take(self, most: int, *, now: float) -> tuple[Delivery, ...]:
        """At most so many of one audience and item set whose turn it is; () if it is nobody's now."""
        while True:
            if group := self._waiting.take(most, now=now):
                return group
            if not self._read(now):
                return ()

    def turn(self) -> float:
        """When somebody who is here may go, in seconds of the monotonic clock; NEVER if nobody waits."""
        return self._waiting.turn()

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """These were taken and nothing happened: they are next again."""
        self._waiting.give_back(deliveries)

    def __getitem__(self, delivery: int) -> Delivery:
        """One that is here, as it was read."""
        return self._here[delivery]

    def settled(self, deliveries: Iterable[int]) -> None:
        """What became of these is in the ledger now. Before that it may still give them as due."""
        for delivery in deliveries:
            del self._here[delivery]

    def kept_back(self, deliveries: Iterable[int]) -> None:
        """These were not started, and may be pending still, with another address: read them again."""
        for delivery in deliveries:
            del self._here[delivery]
            self._nothing_until = 0.0

    def _read(self, now: float) -> bool:
        """Whether more rows wait than before. Reads on behind the last one, and at the end from the start."""
        if self._waiting.in_line or self._waiting.aside > MOST_ASIDE or now < self._nothing_until:
            return False
        from_the_start = self._last is None
        while True:
            rows = self._ledger.due(limit=self._limit, now=self._clock(), after=self._last)
            self._last = rows[-1] if len(rows) == self._limit else None
            if fresh := [row for row in rows if row.id not in self._here]:
                self._here.update((row.id, row) for row in fresh)
                self._waiting.add(fresh)
                return True
            if self._last is None and from_the_start:
                self._nothing_until = now + AGAIN
                return False
            from_the_start = from_the_start or self._last is None
