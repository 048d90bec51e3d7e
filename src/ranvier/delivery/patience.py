"""How long a run bears a transport that takes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE = 3
"""So many hand-overs in a row of which nothing was taken for sure, and the run stops."""

LONGEST_REST = 60.0
"""Seconds that a run waits when a transport asks for it; for longer it ends, to be run again."""


class Patience:
    """Counts refusals in a row. Moments are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self.rest_until = 0.0
        """Nobody is asked before; the transport wished it so."""
        self._in_a_row = 0
        self._round = 0
        self._taken_in: dict[int, int] = {}
        self._gone = False

    @property
    def pause(self) -> float:
        """Seconds until a lane that was refused tries again; longer each time."""
        return 0.05 * 4.0**self._in_a_row

    @property
    def is_gone(self) -> bool:
        """Whether it is no use to go on for now."""
        return self._gone or self._in_a_row >= PATIENCE

    def taken(self, deliveries: Iterable[int]) -> None:
        """A lane asks the transport about these."""
        self._taken_in.update((delivery, self._round) for delivery in deliveries)

    def settled(self, deliveries: Iterable[int]) -> None:
        """No lane asks about these any more."""
        for delivery in deliveries:
            self._taken_in.pop(delivery, None)

    def rewarded(self) -> None:
        """The transport knew what to do with a reader."""
        self._in_a_row = 0

    def refused(self, delivery: int, *, wait: float, now: float) -> None:
        """It took nothing, asked about this one, and wants to be left alone for `wait` seconds.

        Lanes that asked before the last refusal were refused together with it.
        """
        if self._taken_in.get(delivery) != self._round:
            return
        self._round += 1
        self._in_a_row += 1
        self._gone = wait > LONGEST_REST
        if wait:
            # A blink longer, so that the rows are due by then.
            self.rest_until = max(self.rest_until, now + wait + 0.05)
