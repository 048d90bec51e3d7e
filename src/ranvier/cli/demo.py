"""`ranvier demo`: the whole journey on the sample publication, in a folder of its own."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ranvier.cli.call import call_of, wall_clock
from ranvier.cli.status import account_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.pipeline.journey import Journey

# The sample's own week, so that the demo shows the same issue next year.
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


def command(context: typer.Context) -> None:
    """The whole journey on the sample publication, into an outbox in a temporary folder."""
    from ranvier.pipeline.journey import journey
    from ranvier.pipeline.sending import Outside
    from ranvier.settings.starter import copy_starter
    from ranvier.settings.workspace import Environment, Workspace

    call = call_of(context)
    folder = Path(tempfile.mkdtemp(prefix="ranvier-demo-"))
    copy_starter(folder)
    travelled = journey(
        Workspace(folder, Environment()),
        edition="weekly",
        day=DAY,
        list_of_people=folder / "subscribers" / "readers.csv",
        by="Demo Editor",
        outside=Outside(now=lambda: NOW, clock=wall_clock, dice=random.SystemRandom().random),
    )
    account = travelled.sent.account
    call.answer(account.as_json(), lambda: _story(travelled, folder))
    if not account.balanced:
        raise typer.Exit(1)


def _story(journey: Journey, folder: Path) -> Iterator[str]:
    intake, imported, issue = journey.intake, journey.imported, journey.drafted.issue
    warnings = len(journey.gate.findings)
    yield f"Read {intake.added} summaries, and held {len(intake.quarantined)} back that cannot be mailed."
    yield f"Imported {imported.added} people, and refused {len(imported.rejected)} rows."
    yield f"Drafted, built and checked {issue.id}: {len(issue.items)} items, {warnings} warnings, no errors."
    yield from account_lines(journey.sent.account)
    yield ("  the account balances" if journey.sent.account.balanced else "  THE ACCOUNT DOES NOT BALANCE")
    yield ""
    yield "Look at:"
    for file in journey.built.files[:1]:
        yield f"  {folder / file.html}"
        yield f"  {folder / file.text}"
    message = next(iter(sorted((folder / "digests" / "outbox" / "new").glob("*.eml"))), None)
    yield f"  {message}"
