"""`ranvier init`: a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ranvier.cli.call import call_of


def command(
    context: typer.Context,
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty"),
    ],
) -> None:
    """Make a workspace from the sample publication."""
    from ranvier.settings.starter import copy_starter

    call = call_of(context)
    copy_starter(folder)
    call.answer(
        {"workspace": str(folder.resolve())},
        lambda: (f"{folder} is a workspace; now edit {folder / 'newsletter.toml'}",),
    )
