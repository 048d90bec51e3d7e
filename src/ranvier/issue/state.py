"""Where an issue stands, and how it may move on (design: Words)."""

from __future__ import annotations

from enum import StrEnum


class IssueState(StrEnum):
    """`sending` begins when the audience is frozen, `sent` when nobody waits and nothing is uncertain."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


COMMITTED = (IssueState.SENDING, IssueState.SENT)
"""States in which readers have the issue, or will."""

MOVES = {
    IssueState.APPROVED: (IssueState.DRAFT, IssueState.APPROVED),
    IssueState.SENDING: (IssueState.APPROVED,),
    IssueState.SENT: (IssueState.SENDING,),
    IssueState.CANCELLED: (IssueState.APPROVED, IssueState.SENDING, IssueState.CANCELLED),
}
"""Which states each state may be reached from."""
