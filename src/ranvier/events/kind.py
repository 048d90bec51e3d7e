"""What something that came back says about a delivery."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of news. All but IGNORED are about one delivery."""

    HARD = "hard"
    """The address is none, or none any more: nobody writes to it again (R93)."""
    SOFT = "soft"
    """A full mailbox, a server in trouble: it may pass (R95)."""
    BLOCKED = "blocked"
    """The sender or the content was refused; it says nothing about the address (R94, R96)."""
    COMPLAINT = "complaint"
    """The person called it spam (R99)."""
    UNSUBSCRIBE = "unsubscribe"
    """The person wants no more of it."""
    DELAYED = "delayed"
    """Still being tried."""
    DELIVERED = "delivered"
    """It reached the person's server."""
    TAKEN = "taken"
    """The provider has it; no more is known."""
    DROPPED = "dropped"
    """The provider took it and threw it away; the person does not have it."""
    DROPPED_BOUNCED = "dropped-bounced"
    """The same, because the address bounced at the provider before."""
    DROPPED_COMPLAINT = "dropped-spam"
    """The same, because the person complained to the provider before."""
    DROPPED_LEFT = "dropped-left"
    """The same, because the person unsubscribed at the provider before."""
    IGNORED = "ignored"
    """An absence note, a challenge, a receipt: nothing follows from it (R106)."""


FAILED = frozenset({Kind.HARD, Kind.SOFT, Kind.BLOCKED})
"""The kinds that are a bounce."""

THROWN_AWAY = frozenset({Kind.DROPPED, Kind.DROPPED_BOUNCED, Kind.DROPPED_COMPLAINT, Kind.DROPPED_LEFT})
"""The kinds after which the person does not have the message."""
