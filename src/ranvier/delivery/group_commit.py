"""What lanes ask the ledger for, gathered: one durable commit serves many of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ranvier.delivery.handover import Decided, Delivery
    from ranvier.delivery.ledger import Committed

GATHER = 0.001
"""Seconds that an outcome waits for others at most, while more is on the wire than was answered."""

TURNS = 3
"""Turns of the event loop until a commit: answers that have arrived are read, and their lanes ask to join it.

With one turn a commit serves two or three of eight connections; with three, all of them.
"""


@dataclass(frozen=True, slots=True)
class _Request:
    decided: Sequence[Decided]
    starting: Sequence[Delivery]
    answer: asyncio.Future[tuple[Delivery, ...]]


class GroupCommit:
    """Commits when as many were answered as are on the wire still, or after `GATHER`.

    A lane that is alone so never waits for another, and many that are answered one by one do not each pay
    for a commit: to make a start durable costs more than a message does. Lives in one event loop.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Decided], Sequence[Delivery]], Committed],
        told: Callable[[Sequence[Decided], Sequence[Delivery], Committed], None],
    ) -> None:
        """`commit` writes, `told` hears of it once the lanes have their answers; errors rise in all lanes."""
        self.on_the_wire: set[int] = set()
        """Deliveries that were started and not decided."""
        self.failure: Exception | None = None
        self._commit = commit
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._requests: list[_Request] = []
        self._answered = 0
        self._timer: asyncio.TimerHandle | None = None
        self._last_call = False

    async def ask(self, decided: Sequence[Decided], starting: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Have these written together with what others ask for; returns those that were started."""
        if self.failure:
            raise self.failure
        self.on_the_wire.difference_update(one.delivery for one in decided)
        request = _Request(decided, starting, self._loop.create_future())
        self._requests.append(request)
        self._answered += len(decided)
        if self._answered < len(self.on_the_wire):
            self._timer = self._timer or self._loop.call_later(GATHER, self.flush)
        elif not self._last_call:
            self._last_call = True
            self._flush_after(TURNS)
        return await request.answer

    def flush(self) -> None:
        """Write now what was asked for."""
        if self._timer:
            self._timer.cancel()
        self._timer, self._last_call, self._answered = None, False, 0
        if self._requests:
            self._write()

    def _flush_after(self, turns: int) -> None:
        if turns:
            self._loop.call_soon(self._flush_after, turns - 1)
        else:
            self.flush()

    def _write(self) -> None:
        """One commit for all that asked since the last one."""
        requests, self._requests = self._requests, []
        decided = [one for request in requests for one in request.decided]
        starting = [one for request in requests for one in request.starting]
        try:
            committed = self._commit(decided, starting)
            self.on_the_wire.update(committed.started)
            for request in requests:
                if not request.answer.done():
                    started = (one for one in request.starting if one.id in committed.started)
                    request.answer.set_result(tuple(started))
            self._told(decided, starting, committed)
        except Exception as error:  # noqa: BLE001 - it rises in every lane
            self.failure = error
            for request in requests:
                if not request.answer.done():
                    request.answer.set_exception(error)
