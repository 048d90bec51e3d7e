"""`ranvier resume`: a send that was held up goes on."""

from __future__ import annotations

import typer

from ranvier.cli.call import IssueArgument, call_of
from ranvier.cli.status import account_lines


def command(context: typer.Context, issue: IssueArgument) -> None:
    """Let a send go on that you, a canary, a guard or a refusal of our sender held up."""
    from ranvier.pipeline.steering import resume

    call = call_of(context)
    steered = resume(call.workspace(), issue)
    if not steered.running:
        call.note(f"nobody is sending it now; run: ranvier send {steered.account.issue}")
    call.answer(steered.account.as_json(), lambda: account_lines(steered.account))
