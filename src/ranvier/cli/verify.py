"""`ranvier verify`: prove that an account balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ranvier.cli.call import IssueArgument, call_of
from ranvier.cli.status import account_lines
from ranvier.delivery.handover import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.pipeline.verifying import Verification


def command(context: typer.Context, issue: IssueArgument) -> None:
    """Count every row, compare with the outbox if there is one, and name the rows that need a person."""
    from ranvier.pipeline.verifying import verify

    call = call_of(context)
    found = verify(call.workspace(), issue, call.clocks())
    call.answer(found.as_json(), lambda: _lines(found))
    if not found.holds:
        raise typer.Exit(1)
    if found.account[State.UNCERTAIN]:
        raise typer.Exit(3)


def _lines(found: Verification) -> Iterator[str]:
    yield from account_lines(found.account)
    yield f"  the account {'balances' if found.account.balanced else 'DOES NOT BALANCE'}"
    if found.outbox and found.collected:
        yield "  the outbox holds nothing of it any more"
    elif found.outbox:
        yield f"  the outbox holds {found.outbox.messages} messages of it"
        for words, numbers in (
            ("accepted, BUT NOT THERE", found.outbox.missing),
            ("there, BUT NOT ACCEPTED", found.outbox.unexpected),
        ):
            if numbers:
                yield f"    {words}: {', '.join(map(str, numbers))}"
    for row in found.rows:
        yield f"  delivery {row.delivery} is {row.state}: {f'{row.code} {row.reply}'.strip()}"
