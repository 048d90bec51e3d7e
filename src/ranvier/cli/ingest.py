"""`ranvier ingest`: read summaries from files and folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.cli.call import call_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.pipeline.intake import Intake


def command(
    context: typer.Context,
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[SOURCE]…", help="Files or folders; none: summaries/"),
    ] = None,
    title: Annotated[
        str, typer.Option(metavar="TITLE", help="The title of a summary that has none; with one SOURCE")
    ] = "",
) -> None:
    """Read summaries; format by content. What cannot be mailed is kept aside with a reason."""
    from ranvier.pipeline.intake import ingest

    call = call_of(context)
    intake = ingest(call.workspace(), sources or (), title=title, now=call.now())
    for note in intake.notes:
        call.note(note)
    call.answer(intake.as_json(), lambda: _lines(intake))
    if intake.nothing_usable:
        raise typer.Exit(2)


def _lines(intake: Intake) -> Iterator[str]:
    yield f"{intake.added} added, {intake.updated} updated, {intake.unchanged} unchanged"
    for held in intake.quarantined:
        yield f"held back: {held.source}: {held.reason}: {held.detail}"
