"""`ranvier build`: render every variant into the issue's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ranvier.cli.call import IssueArgument, call_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.pipeline.building import Built


def command(context: typer.Context, issue: IssueArgument) -> None:
    """Render the issue as HTML and plain text, once per audience."""
    from ranvier.pipeline.building import build

    call = call_of(context)
    built = build(call.workspace(), issue)
    call.answer(built.as_json(), lambda: _lines(built))


def _lines(built: Built) -> Iterator[str]:
    for file in built.files:
        yield f"{file.audience}: {file.items} of {built.items} items in {file.html} and {file.text}"
        if file.left_out:
            yield f"  without: {', '.join(file.left_out)}"
    yield f"Next: look at these files, then run: ranvier check {built.issue}"
