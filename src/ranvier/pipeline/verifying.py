"""`verify`: the proof that everyone has one outcome, and who needs a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ranvier.delivery.handover import State
from ranvier.pipeline.accounts import account
from ranvier.pipeline.transport import issue_outbox
from ranvier.store import issues

if TYPE_CHECKING:
    from ranvier.delivery.outbox import Comparison, Outbox
    from ranvier.pipeline.transport import Clocks
    from ranvier.report import Account
    from ranvier.settings.workspace import Workspace
    from ranvier.store.issues import Row

MOST_ROWS = 1000
"""So many rows are named at most; their number is in the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What the rows say, what the outbox says if there is one, and which rows need a person."""

    account: Account
    rows: tuple[Row, ...]
    outbox: Comparison | None = None

    @property
    def collected(self) -> bool:
        """Whether nothing of the issue is in the outbox any more: something else has taken it on."""
        return self.outbox is not None and not self.outbox.messages

    @property
    def holds(self) -> bool:
        """Whether the account balances, and the outbox holds what the ledger says or was emptied."""
        agrees = self.outbox is None or self.collected or not (self.outbox.missing or self.outbox.unexpected)
        return self.account.balanced and agrees

    def as_json(self) -> dict[str, object]:
        """The document of `verify`."""
        rows = [
            {"delivery": row.delivery, "state": row.state, "code": row.code, "reply": row.reply}
            for row in self.rows
        ]
        found: dict[str, object] = {}
        if self.outbox:
            found = {
                "outbox": {
                    "messages": self.outbox.messages,
                    "missing": list(self.outbox.missing),
                    "unexpected": list(self.outbox.unexpected),
                }
            }
        return {
            **self.account.as_json(),
            "balanced": self.account.balanced,
            "needs_a_person": rows,
            **found,
        }


def verify(workspace: Workspace, issue: str, clocks: Clocks) -> Verification:
    """Count every row, look at every message in the outbox, and name the rows that nobody can tell about."""
    issue = workspace.issue_id(issue)
    counted = account(workspace, issue)
    with workspace.database.read() as connection:
        record = issues.get(connection, issue)
        doubtful = issues.rows(connection, issue, (State.UNCERTAIN,), most=MOST_ROWS)
    outbox = issue_outbox(workspace, record, clocks) if record.frozen else None
    return Verification(
        account=counted,
        rows=doubtful,
        outbox=_compared(workspace, issue, outbox) if outbox and counted[State.ACCEPTED] else None,
    )


def _compared(workspace: Workspace, issue: str, outbox: Outbox) -> Comparison:
    """What is in flight, or was when a process died, may be there or not."""
    with workspace.database.read() as connection:
        accepted = issues.ids(connection, issue, State.ACCEPTED, forgotten=False)
        in_flight = set(issues.ids(connection, issue, State.SENDING))
    found = outbox.compare(accepted)
    return replace(found, unexpected=tuple(one for one in found.unexpected if one not in in_flight))
