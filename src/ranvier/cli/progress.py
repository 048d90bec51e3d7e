"""How a send goes, on stderr while it runs: a bar for people at a terminal, log lines for everyone else."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ranvier.delivery.handover import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import Progress

    from ranvier.cli.call import Call
    from ranvier.delivery.handover import Decided
    from ranvier.report import Account


class Lines:
    """One log line for each outcome that is not good: ids and replies, never an address."""

    def __init__(self, call: Call) -> None:
        self._log = call.log()

    def begins(self, account: Account) -> None:
        """Nothing is worth a line yet."""

    def goes_on(self, decided: Sequence[Decided]) -> None:
        """These were decided."""
        for one in decided:
            if one.state is not State.ACCEPTED:
                self._log.info(f"delivery.{one.state}", id=one.delivery, code=one.code, reply=one.text)


class Bar:
    """How far it is, how fast it goes, how long it will take, and how many of each outcome."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._counts: Counter[State] = Counter()
        self._task = progress.add_task("", total=None, outcomes="", rate="")

    def begins(self, account: Account) -> None:
        """So many are to be handed over. A send that goes on counts only what is left."""
        self._counts.clear()
        self._progress.reset(self._task, total=account[State.PENDING], outcomes="", rate="")
        self._progress.update(self._task, description=account.issue)

    def goes_on(self, decided: Sequence[Decided]) -> None:
        """These were decided; those that wait for a retry are not done."""
        self._counts.update(one.state for one in decided)
        done = sum(one.state is not State.PENDING for one in decided)
        outcomes = ", ".join(f"{count} {state}" for state, count in sorted(self._counts.items()))
        speed = self._progress.tasks[0].speed
        rate = f"{speed:,.0f}/s" if speed else ""
        self._progress.update(self._task, advance=done, outcomes=outcomes, rate=rate)


@contextmanager
def open_progress(call: Call) -> Iterator[Lines | Bar]:
    """A bar if stderr is a terminal, log lines else."""
    if call.as_json or not sys.stderr.isatty():
        yield Lines(call)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} {task.fields[outcomes]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield Bar(progress)
