"""Delivers: claim durably, hand over, record; a row that died in between is never sent again by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from ranvier.delivery.handover import Answer, Decided, State
from ranvier.delivery.run import GLANCE, OneRun, last_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ranvier.delivery.handover import Reply, Transport
    from ranvier.delivery.ledger import Ledger
    from ranvier.delivery.run import Ended, Terms


def recover(ledger: Ledger, transport: Transport, *, now: float, claimed_by: str) -> tuple[Decided, ...]:
    """Decides what a dead process left in flight: by the transport's evidence, else `uncertain`.

    `claimed_by` names the transport that had them. Another one knows nothing of them: that a folder is
    empty does not prove that a relay took nothing. Only whoever holds the issue alone may call this, before
    `deliver`.
    """
    same = claimed_by == transport.name
    decided = tuple(
        _recovered(row, transport.evidence(row) if same else None, now=now) for row in ledger.sending()
    )
    if decided:
        ledger.commit(decided)
    return decided


def deliver(  # noqa: PLR0913 - clock, dice and the wish to stop are read outside
    ledger: Ledger,
    transport: Transport,
    terms: Terms,
    *,
    clock: Callable[[], float],
    random: Callable[[], float],
    stop: Callable[[], bool],
    on_progress: Callable[[Sequence[Decided]], None] = lambda _: None,
) -> Ended:
    """Hands over until nothing is due, or someone or something stops it; returns which.

    What is on the wire is finished and recorded first. A send that a person holds stays, and goes on when it
    is resumed. `clock` is epoch seconds, `random` gives 0 to 1, `stop` is asked often.
    """

    async def main() -> Ended:
        canary = terms.canary
        while True:
            run = OneRun(
                ledger,
                replace(terms, canary=canary),
                batch=transport.batch,
                clock=clock,
                random=random,
                stop=stop,
                on_progress=on_progress,
            )
            ended = await _lanes(run, transport)
            if not (ended.hold and ended.hold.lingers and await _resumed(ledger, stop)):
                return ended
            canary = 0  # somebody has looked at the first ones

    with asyncio.Runner(loop_factory=_event_loop) as runner:
        return runner.run(main())


async def _lanes(run: OneRun, transport: Transport) -> Ended:
    watching = asyncio.create_task(run.watch())
    try:
        async with asyncio.TaskGroup() as lanes:
            for _ in range(transport.lanes):
                lanes.create_task(transport.lane(run))
        return await run.close()
    except BaseExceptionGroup as errors:  # by `except*` some versions of Python would group it again
        raise _first(errors) from None
    finally:
        run.rescue()
        watching.cancel()
        await asyncio.wait((watching,))
        if not watching.cancelled():
            watching.exception()  # the lanes have met the same one


async def _resumed(ledger: Ledger, stop: Callable[[], bool]) -> bool:
    """Waits while a person holds the send; False when it is not to go on."""
    while not stop():
        orders = ledger.orders()
        if orders.cancelled or not orders.hold:
            return not orders.cancelled
        await asyncio.sleep(GLANCE)
    return False


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """One of several errors that are the same: the ledger's, which rises in every lane."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _event_loop() -> asyncio.AbstractEventLoop:
    """That of uvloop where it is installed: a third faster at this."""
    try:
        from uvloop import new_event_loop  # noqa: PLC0415 - an extra
    except ImportError:
        return asyncio.new_event_loop()
    return new_event_loop()


def _recovered(row: int, evidence: Reply | None, *, now: float) -> Decided:
    if evidence is None:
        text = "the process died while this was in flight"
        return Decided(delivery=row, state=State.UNCERTAIN, text=text, attempted=True)
    text = last_words(evidence.text)
    if evidence.answer is Answer.ACCEPTED:
        return Decided(delivery=row, state=State.ACCEPTED, text=text, attempted=True)
    return Decided(delivery=row, state=State.PENDING, text=text, again_at=now, attempted=False)
