"""`ranvier status`: where issues stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.cli.call import call_of
from ranvier.issue.state import COMMITTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.report import Account


def command(
    context: typer.Context,
    issue: Annotated[
        str,
        typer.Argument(metavar="[ISSUE]", help="edition/date or edition/latest; none: all"),
    ] = "",
) -> None:
    """Show the account of an issue, or of all issues."""
    from ranvier.pipeline.accounts import account, accounts

    call = call_of(context)
    if issue:
        one = account(call.workspace(), issue)
        call.answer(one.as_json(), lambda: account_lines(one))
        return
    all_of_them = accounts(call.workspace())
    call.answer([one.as_json() for one in all_of_them], lambda: _overview(all_of_them))


WORDS = {
    "pending": "waiting",
    "sending": "on the wire",
    "accepted": "handed over",
    "rejected": "refused for good",
    "deferred": "given up after several tries",
    "uncertain": "uncertain: they may have got it, a person decides",
    "nothing-to-read": "none of their topics is in it",
    "not-confirmed": "have not confirmed yet",
    "no-consent": "no consent date",
    "unsubscribed": "unsubscribed",
    "bounced": "their address bounced",
    "complained": "complained",
    "cancelled": "were waiting when it was cancelled",
}
"""Outcomes and reasons as people read them."""


def account_lines(account: Account) -> Iterator[str]:
    """An account for people; outcomes that did not happen are left out."""
    frozen = account.state in COMMITTED or account.audience > 0
    yield f"{account.issue}: {account.state}, {account.audience} people" if frozen else _unsent(account)
    for state, count in account.outcomes.items():
        yield f"  {count:>6} {WORDS[state]}"
    yield from left_out_lines(account)
    if account.hold:
        yield f"  held up ({account.hold.by}): {account.hold.why}; to go on: ranvier resume {account.issue}"


def left_out_lines(account: Account) -> Iterator[str]:
    """Who gets nothing, and why."""
    for reason, count in account.excluded.items():
        yield f"  {count:>6} left out: {WORDS.get(reason, reason)}"


def _unsent(account: Account) -> str:
    return f"{account.issue}: {account.state}, not sent"


def _overview(accounts: tuple[Account, ...]) -> Iterator[str]:
    if not accounts:
        yield "no issues yet; `ranvier draft EDITION` makes one"
    for account in accounts:
        yield from account_lines(account)
