"""What every command is given: the workspace, the clock, and one way to answer people and machines."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from structlog.typing import FilteringBoundLogger

    from ranvier.pipeline.transport import Clocks
    from ranvier.settings.workspace import Workspace

IssueArgument = Annotated[str, typer.Argument(metavar="ISSUE", help="edition/date, or edition/latest")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One run of the program."""

    folder: Path
    as_json: bool
    environ: Mapping[str, str]
    context: typer.Context

    def workspace(self) -> Workspace:
        """The workspace that the command works in; what it opens is closed when the command ends."""
        from ranvier.settings.workspace import Environment, Workspace

        environment = Environment(
            database=self.environ.get("RANVIER_DATABASE", ""),
            transport=self.environ.get("RANVIER_TRANSPORT", ""),
            secret=self.environ.get("RANVIER_SECRET", ""),
            sendgrid_key=self.environ.get("SENDGRID_API_KEY", ""),
            webhook_key=self.environ.get("SENDGRID_WEBHOOK_KEY", ""),
        )
        made = Workspace(self.folder.resolve(), environment)
        if not made.file.exists():
            message = "there is no such file; `ranvier init DIR` makes a workspace, -C DIR names one"
            raise ConfigurationError(message, where=str(self.folder / made.file.name))
        self.context.call_on_close(made.close)
        return made

    def now(self) -> datetime:
        """Editorial time: RANVIER_NOW if it is set, else the clock. Always aware."""
        given = self.environ.get("RANVIER_NOW")
        if not given:
            return datetime.now(UTC)
        try:
            moment = datetime.fromisoformat(given)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            message = f'"{given}" is not a time with a zone, such as 2026-11-23T06:00:00+01:00'
            raise ConfigurationError(message, where="RANVIER_NOW")
        return moment

    def clocks(self) -> Clocks:
        """Editorial time and the wall clock, for what needs both."""
        from ranvier.pipeline.transport import Clocks

        return Clocks(now=self.now, clock=wall_clock)

    def answer(self, document: object, lines: Callable[[], Iterable[str]]) -> None:
        """One JSON document on stdout for machines, `lines` for people."""
        if self.as_json:
            print_json(document)
        else:
            for line in lines():
                typer.echo(line)

    def log(self) -> FilteringBoundLogger:
        """The log on stderr, in the form that RANVIER_LOG asks for."""
        from ranvier.cli.log import open_log

        return open_log(as_json=self.environ.get("RANVIER_LOG") == "json")

    def note(self, line: str) -> None:
        """A remark for people, on stderr in both forms."""
        typer.echo(line, err=True)


def print_json(document: object) -> None:
    """The document on stdout, and nothing else there."""
    import json

    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()  # a preview goes on after its answer


def call_of(context: typer.Context) -> Call:
    """The call that the root command prepared."""
    found = context.find_object(Call)
    if found is None:
        raise TypeError("commands run under the root command")
    return found


def wall_clock() -> float:
    """Unix seconds, for waits and deadlines; never RANVIER_NOW (design: Time)."""
    return time.time()


def environment() -> Mapping[str, str]:
    """The process's environment."""
    return os.environ
