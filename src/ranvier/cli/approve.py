"""`ranvier approve`: freeze what was built."""

from __future__ import annotations

from typing import Annotated

import typer

from ranvier.cli.call import IssueArgument, call_of
from ranvier.cli.check import lines
from ranvier.cli.status import left_out_lines


def command(
    context: typer.Context,
    issue: IssueArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who answers for this issue")],
) -> None:
    """Approve exactly what was built; any later change voids the approval."""
    from ranvier.pipeline.approving import approve

    call = call_of(context)
    approval = approve(call.workspace(), issue, by=by, now=call.now())
    if not call.as_json:
        for line in lines(approval.findings):
            call.note(line)
    call.answer(
        approval.as_json(),
        lambda: (
            f"{approval.issue} is approved by {approval.by}; {approval.reached} people would get it now.",
            *left_out_lines(approval.rehearsal),
            f"Next: ranvier send {approval.issue}",
        ),
    )
