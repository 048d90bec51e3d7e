"""`ranvier send`: deliver, or go on delivering, an approved issue."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING, Annotated, Self

import typer

from ranvier.cli.call import IssueArgument, call_of, wall_clock
from ranvier.cli.progress import open_progress
from ranvier.cli.status import account_lines
from ranvier.delivery.handover import State, Uncertain
from ranvier.errors import InterruptedByPersonError
from ranvier.issue.state import IssueState

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from ranvier.cli.call import Call
    from ranvier.pipeline.sending import Sent
    from ranvier.report import Account


class _Stop:
    """True once the process was asked to end; what is on the wire is finished first, unless asked twice."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._asked = self._said = False

    def __enter__(self) -> Self:
        self._before = {
            number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def __call__(self) -> bool:
        if self._asked and not self._said:
            self._said = True
            self._note("stopping: what is on the wire is finished first; Ctrl-C again stops at once")
        return self._asked

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True


def command(
    context: typer.Context,
    issue: IssueArgument,
    wait: Annotated[bool, typer.Option("--wait", help="Stay until every retry is decided")] = False,
    uncertain: Annotated[
        Uncertain | None, typer.Option(help="What to do about readers who may have got it or not")
    ] = None,
    canary: Annotated[
        int, typer.Option(min=0, metavar="N", help="Hand over to N readers, then wait for `resume`")
    ] = 0,
) -> None:
    """Send an approved issue to everyone of its edition, each person once."""
    call = call_of(context)
    try:
        sent = _sent(call, issue, wait=wait, uncertain=uncertain, canary=canary)
    except KeyboardInterrupt:
        message = "stopped at once; send it again, and it says who may have got it or not"
        raise InterruptedByPersonError(message, where=issue) from None
    for note in sent.notes:
        call.note(note)
    call.answer(sent.account.as_json(), lambda: account_lines(sent.account))
    raise typer.Exit(3 if sent.needs_repair else exit_code(sent.account))


def _sent(call: Call, issue: str, *, wait: bool, uncertain: Uncertain | None, canary: int) -> Sent:
    from ranvier.pipeline.sending import Outside, send

    workspace = call.workspace()
    with _Stop(call.note) as stop, open_progress(call) as progress:
        outside = Outside(
            now=call.now,
            clock=wall_clock,
            dice=random.SystemRandom().random,
            stop=stop,
            begins=progress.begins,
            progress=progress.goes_on,
        )
        sent = send(workspace, issue, outside, uncertain=uncertain, canary=canary)
        while wait and sent.next_due is not None and not stop():
            _sleep_until(sent.next_due, stop)
            sent = send(workspace, issue, outside)
    return sent


def _sleep_until(moment: float, stop: _Stop) -> None:
    while not stop() and wall_clock() < moment:
        time.sleep(min(1.0, max(0.05, moment - wall_clock())))


def exit_code(account: Account) -> int:
    """0 done, 1 cancelled meanwhile, 3 a person is needed, 75 not finished."""
    if account.hold or account[State.UNCERTAIN]:
        return 3
    if account.state is IssueState.CANCELLED:
        return 1
    return 75 if account[State.PENDING] or account[State.SENDING] else 0
