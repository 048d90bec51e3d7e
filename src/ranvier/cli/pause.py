"""`ranvier pause`: nothing more leaves until somebody says `resume`."""

from __future__ import annotations

import typer

from ranvier.cli.call import IssueArgument, call_of
from ranvier.cli.status import account_lines


def command(context: typer.Context, issue: IssueArgument) -> None:
    """Hold a send up, from any terminal: what is on the wire is finished, nothing new begins."""
    from ranvier.pipeline.steering import pause

    call = call_of(context)
    steered = pause(call.workspace(), issue)
    call.answer(steered.account.as_json(), lambda: account_lines(steered.account))
