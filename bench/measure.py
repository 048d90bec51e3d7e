"""What benches share: processes that are measured, sides that take turns, and rows of one table."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import resource
    from collections.abc import Callable, Mapping, Sequence

Measured = TypeVar("Measured")

ROWS = "RANVIER_BENCH_ROWS"
"""Environment: a file to which `report` adds each row as a line of JSON. `python bench` reads it."""

PATIENCE = 600.0
"""Seconds after which a program that does not end is killed."""

TICK = 0.005
"""Seconds between two looks at a process that runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A process that ended. Times are seconds, `started` is a moment of the monotonic clock, `peak` bytes."""

    code: int
    started: float
    wall: float
    cpu: float
    peak: int
    output: str
    errors: str


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> Ran:
    """Runs a program, and asks it once to end (SIGTERM) as soon as `enough()`, which is called often.

    Python keeps what it compiles, as for a program that is installed. Raises TimeoutError for one that does
    not end.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        started = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command],
            env={**_as_installed(), **(environment or {})},
            stdout=output,
            stderr=errors,
        )
        try:
            status, usage = _wait(process, enough)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        return Ran(
            code=process.returncode,
            started=started,
            wall=wall,
            cpu=usage.ru_utime + usage.ru_stime,
            peak=usage.ru_maxrss * 1024,
            output=_text(output),
            errors=_text(errors),
        )


def _as_installed() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _wait(process: subprocess.Popen[bytes], enough: Callable[[], bool]) -> tuple[int, resource.struct_rusage]:
    """The status and the resource usage of a process when it has ended."""
    asked = False
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            return status, usage
        if enough() and not asked:
            process.terminate()
            asked = True
        time.sleep(TICK)
    raise TimeoutError(f"{process.args!r} did not end in {PATIENCE:.0f} s")


def must(ran: Ran, *, codes: tuple[int, ...] = (0,)) -> Ran:
    """The same, if it ended with one of the codes. Raises RuntimeError with what it said last."""
    if ran.code not in codes:
        raise RuntimeError(f"exit code {ran.code}: {ran.errors[-2000:]}{ran.output[-2000:]}")
    return ran


def in_turns(sides: Mapping[str, Callable[[], Measured]], rounds: int) -> dict[str, list[Measured]]:
    """Each side's results: A B C, A B C, …, so that whatever else the machine does meets all of them."""
    taken: dict[str, list[Measured]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            taken[name].append(side())
    return taken


def seconds(work: Callable[[], object], *, times: int = 1) -> float:
    """How long one call of `work` takes."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a budget asks for: a limit of the ratio to the reference, or of the figure itself."""

    limit: float
    most: bool = False
    """The limit is an upper one."""
    ratio: bool = True

    def met(self, row: Row) -> bool:
        """Whether the row reaches it."""
        value = row.ratio if self.ratio else statistics.median(row.ours)
        return value <= self.limit if self.most else value >= self.limit

    def __str__(self) -> str:
        return f"{'≤' if self.most else '≥'} {_figure(self.limit)}{' times' if self.ratio else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: our figures, the reference's of the same rounds, and what is asked."""

    budget: str
    what: str
    unit: str
    ours: Sequence[float]
    reference: str = ""
    theirs: Sequence[float] = ()
    goal: Goal | None = None

    @property
    def ratio(self) -> float:
        """Ours to theirs: the median over the rounds; NaN without a reference."""
        if len(self.ours) == len(self.theirs):
            return statistics.median(a / b for a, b in zip(self.ours, self.theirs, strict=True))
        return statistics.median(self.ours) / statistics.median(self.theirs) if self.theirs else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as the table shows it."""

    budget: str
    measured: str
    ours: str
    reference: str
    ratio: str
    asked: str
    met: str


def report(*rows: Row) -> None:
    """Print the rows, and add them to the table that is being made, if one is."""
    for row in rows:
        line = _line(row)
        against = f" against {line.reference}, ratio {line.ratio}" if row.theirs else ""
        asked = f" [{line.asked}: {line.met}]" if row.goal else ""
        print(f"{line.budget:3} {line.measured}: {line.ours}{against}{asked}", flush=True)
        if table := os.environ.get(ROWS):
            with Path(table).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(line)) + "\n")


def _line(row: Row) -> Line:
    return Line(
        budget=row.budget,
        measured=row.what,
        ours=f"{_spread(row.ours)} {row.unit}",
        reference=f"{row.reference}: {_spread(row.theirs)} {row.unit}" if row.theirs else row.reference,
        ratio=_figure(row.ratio) if row.theirs else "",
        asked=str(row.goal or ""),
        met={True: "met", False: "NOT met"}[row.goal.met(row)] if row.goal else "",
    )


def _spread(values: Sequence[float]) -> str:
    median = _figure(statistics.median(values))
    return median if len(values) == 1 else f"{median} ({_figure(min(values))} to {_figure(max(values))})"


def _figure(value: float) -> str:
    """Three digits that count, at most; thousands are told apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read()
