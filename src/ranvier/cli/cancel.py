"""`ranvier cancel`: end an issue for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ranvier.cli.call import IssueArgument, call_of
from ranvier.cli.status import account_lines
from ranvier.delivery.handover import State

if TYPE_CHECKING:
    from ranvier.report import Account


def command(context: typer.Context, issue: IssueArgument) -> None:
    """End an issue for good: whoever still waits gets nothing, and it is never sent again."""
    from ranvier.pipeline.steering import cancel

    call = call_of(context)
    account = cancel(call.workspace(), issue, call.clocks()).account
    if account[State.UNCERTAIN]:
        call.note(_drop(account))
    call.answer(account.as_json(), lambda: account_lines(account))


def _drop(account: Account) -> str:
    uncertain = account[State.UNCERTAIN]
    return (
        f"{uncertain} may have got it or not; to settle that: ranvier send {account.issue} --uncertain drop"
    )
