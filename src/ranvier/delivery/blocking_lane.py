"""A lane of a transport that blocks: it has a thread, and its outcomes are recorded with the next start."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from ranvier.delivery.handover import Delivery, Reply, Run

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class BlockingLane:
    """A `Run`, the outcomes that it has not been told yet, and a thread for what would block its loop."""

    def __init__(self, run: Run, thread: Executor) -> None:
        self._run = run
        self._thread = thread
        self._outcomes: list[Reply] = []

    async def take(self) -> tuple[Delivery, ...]:
        """Who is due; () is the end. While nobody is, the outcomes are recorded."""
        if self._outcomes:
            if taken := await self._run.take(wait=False):
                return taken
            await self.record()
        return await self._run.take()

    async def start(self, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """As `Run.start` says, and the outcomes are recorded in the same commit."""
        return await self._run.start(deliveries, self._flush())

    def learn(self, outcomes: Iterable[Reply]) -> None:
        """These are recorded soon."""
        self._outcomes += outcomes

    async def record(self) -> None:
        """The outcomes are recorded now."""
        await self._run.record(self._flush())

    async def refused(self, deliveries: Sequence[Delivery], reply: Reply) -> None:
        """As `Run.refused` says; the outcomes are recorded before."""
        await self.record()
        await self._run.refused(deliveries, reply)

    async def call(
        self, work: Callable[Arguments, Result], *given: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """The result of `work`, done in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *given, **named))

    def _flush(self) -> list[Reply]:
        outcomes, self._outcomes = self._outcomes, []
        return outcomes


@contextmanager
def blocking_lane(run: Run) -> Iterator[BlockingLane]:
    """A lane and its thread. What the thread is doing when the lane is cancelled is waited for."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        yield BlockingLane(run, thread)
