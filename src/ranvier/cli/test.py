"""`ranvier test`: one marked copy, to look at it in a mail client."""

from __future__ import annotations

from typing import Annotated

import typer

from ranvier.cli.call import IssueArgument, call_of


def command(
    context: typer.Context,
    issue: IssueArgument,
    to: Annotated[str, typer.Option("--to", metavar="ADDR", help="Who looks at it")],
    audience: Annotated[str, typer.Option(help="Whose variant; the first one's if you do not say")] = "",
) -> None:
    """Send one copy of what was built, marked [Test], its personal links inert; no reader is touched."""
    from ranvier.pipeline.trying import try_out

    call = call_of(context)
    tried = try_out(call.workspace(), issue, to=to, audience=audience, clocks=call.clocks())
    if not tried.accepted:
        call.note(f"not accepted: {tried.reply}")
    call.answer(
        tried.as_json(),
        lambda: (f"{tried.issue}: the copy for {tried.audience} went to {tried.to}",) * tried.accepted,
    )
    if not tried.accepted:
        raise typer.Exit(1)
