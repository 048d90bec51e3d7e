"""The command line: one file per command; what a command needs is imported when it runs."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import Abort, TyperException

from ranvier.cli import (
    approve,
    bounces,
    build,
    cancel,
    check,
    demo,
    draft,
    ingest,
    init,
    pause,
    preview,
    resume,
    segments,
    send,
    serve,
    status,
    subscribers,
    summaries,
    test,
    verify,
    why,
)
from ranvier.cli.call import Call, environment, print_json
from ranvier.errors import (
    InputError,
    InterruptedByPersonError,
    RanvierError,
    UnfinishedError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = "--json"

HELP = """Turns AI-written research summaries into digests that people can trust.

A week: ingest, draft, edit issue.md, build, check, approve, send, verify.

Exit codes: 0 done; 1 the answer is no; 2 wrong usage or configuration; 3 a person is needed;
4 another process is at work on it; 75 not finished, run it again.
"""

app = typer.Typer(
    name="ranvier",
    help=HELP,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "The week": {
        "ingest": ingest.command,
        "draft": draft.command,
        "why": why.command,
        "preview": preview.command,
        "build": build.command,
        "check": check.command,
        "test": test.command,
        "approve": approve.command,
        "send": send.command,
        "status": status.command,
        "verify": verify.command,
    },
    "While it is being sent": {
        "pause": pause.command,
        "resume": resume.command,
        "cancel": cancel.command,
    },
    "For readers": {"serve": serve.command, "bounces": bounces.command},
    "What there is": {"summaries": summaries.command, "segments": segments.command},
    "To begin with": {"init": init.command, "demo": demo.command},
}
"""In the order of the work, as `--help` shows them."""

EPILOG = f"{JSON}: one JSON document on stdout, before or after the command."

for panel, commands in COMMANDS.items():
    for name, command in commands.items():
        app.command(name, epilog=EPILOG, rich_help_panel=panel)(command)
app.add_typer(subscribers.app, name="subscribers", rich_help_panel="What there is")


@app.callback()
def root(
    context: typer.Context,
    workspace: Annotated[
        Path,
        typer.Option("-C", metavar="WORKSPACE", help="The folder that holds newsletter.toml"),
    ] = Path(),
    as_json: Annotated[
        bool, typer.Option(JSON, help="One JSON document on stdout, nothing else there")
    ] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version")] = False,
) -> None:
    """Remember what was said before the command."""
    if show_version:
        from importlib.metadata import version

        typer.echo(f"ranvier {version('ranvier')}")
        raise typer.Exit
    if context.invoked_subcommand is None and as_json:
        raise UsageError("a command is missing; see: ranvier --help")
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)
    context.obj = Call(folder=workspace, as_json=as_json, environ=environment(), context=context)


def main() -> None:
    """Run the command line and exit with the code that design section 5 gives the outcome."""
    # What is imported stays: to look for garbage in it again and again takes a fifth of a short command.
    gc.set_threshold(50_000, 20, 50)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """One command; returns its exit code. Every failure is one line, or one JSON document."""
    as_json = JSON in arguments
    plain = [argument for argument in arguments if argument != JSON]
    try:
        code = typer.main.get_command(app).main(
            [JSON] * as_json + plain, prog_name="ranvier", standalone_mode=False
        )
    except RanvierError as error:
        return _fail(error.code, error.message, error.where, error.exit_code, as_json=as_json)
    except TyperException as error:
        return _fail("usage", error.format_message() or "see --help", "", 2, as_json=as_json)
    except (Abort, KeyboardInterrupt):
        code = InterruptedByPersonError.exit_code
    except Exception as error:
        if "RANVIER_TRACEBACK" in environment():
            raise
        known = _known(error)
        return _fail(known.code, known.message, known.where, known.exit_code, as_json=as_json)
    if code == InterruptedByPersonError.exit_code:  # Typer makes of Ctrl-C an exit code without words
        return _fail(InterruptedByPersonError.code, "stopped", "", code, as_json=as_json)
    return code if isinstance(code, int) else 0


def _known(error: Exception) -> RanvierError:
    """What the machine's own errors mean to an operator; the rest is a mistake of ours."""
    if isinstance(error, OSError):
        return InputError(error.strerror or str(error), where=str(error.filename or ""))
    if getattr(error, "connection_invalidated", False) or "database is locked" in str(error):
        return UnfinishedError("the database was lost or is held by another process; run it again")
    message = f"{type(error).__name__}: {error}; please report it with what RANVIER_TRACEBACK=1 shows"
    return RanvierError(message.replace("\n", " "), where="a mistake in Ranvier")


def _fail(code: str, message: str, where: str, exit_code: int, *, as_json: bool) -> int:
    if as_json:
        print_json({"error": {"code": code, "message": message, "where": where}})
    else:
        typer.echo(f"ranvier: {where}: {message}" if where else f"ranvier: {message}", err=True)
    return exit_code
