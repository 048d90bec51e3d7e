"""`ranvier verify`: prove that an account balances."""

from __future__ import annotations

import typer

from ranvier.cli.call import IssueArgument, call_of
from ranvier.cli.status import account_lines


def command(context: typer.Context, issue: IssueArgument) -> None:
    """Count every row and say whether each person has exactly one outcome."""
    from ranvier.delivery.handover import State
    from ranvier.pipeline.accounts import account

    call = call_of(context)
    found = account(call.workspace(), issue)
    verdict = "balances" if found.balanced else "DOES NOT BALANCE"
    document = {**found.as_json(), "balanced": found.balanced}
    call.answer(document, lambda: (*account_lines(found), f"  the account {verdict}"))
    if not found.balanced:
        raise typer.Exit(1)
    if found[State.UNCERTAIN]:
        raise typer.Exit(3)
