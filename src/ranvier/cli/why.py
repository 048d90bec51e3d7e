"""`ranvier why`: why a summary is in an issue or not."""

from __future__ import annotations

from typing import Annotated

import typer

from ranvier.cli.call import IssueArgument, call_of


def command(
    context: typer.Context,
    issue: IssueArgument,
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="A summary, as `ranvier summaries` lists it")],
) -> None:
    """Explain in words and numbers why a summary was chosen or left out."""
    from ranvier.pipeline.drafting import why

    call = call_of(context)
    answer = why(call.workspace(), issue, slug)
    call.answer(answer.as_json(), answer.words.splitlines)
