"""One message that is in no ledger, through the same transport as the digests: tried once, at once."""

from __future__ import annotations

from secrets import randbits
from typing import TYPE_CHECKING

from ranvier.delivery.engine import deliver
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.handover import Delivery
from ranvier.delivery.memory import MemoryLedger
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.retry import RetryRules
from ranvier.delivery.run import Terms
from ranvier.pipeline.transport import workspace_transport

if TYPE_CHECKING:
    from ranvier.delivery.compose import Compose
    from ranvier.delivery.handover import State
    from ranvier.message.sender import Sender
    from ranvier.pipeline.transport import Clocks
    from ranvier.settings.workspace import Workspace


def to_address(address: str, *, audience: str = "", item_set: int = 0) -> Delivery:
    """A delivery to an address that need not be anybody's on the list.

    No delivery of a ledger has a negative id, so no reader's message in an outbox is ever taken for this one.
    """
    return Delivery(
        id=-1 - randbits(62),
        subscriber=0,
        address=address,
        name="",
        audience=audience,
        item_set=item_set,
        attempts=0,
    )


def hand_over(  # noqa: PLR0913 - the message, and what a transport wants to know
    workspace: Workspace, one: Delivery, compose: Compose, *, sender: Sender, issue: str, clocks: Clocks
) -> tuple[State, str]:
    """What became of it, and what the transport said."""
    transport = workspace_transport(workspace, compose, sender=sender, issue=issue, clocks=clocks)
    ledger = MemoryLedger.of([one])
    terms = Terms(rules=RetryRules(), pace=PaceRules(), guard=GuardRules(), deadline=clocks.clock(), people=1)
    ended = deliver(ledger, transport, terms, clock=clocks.clock, random=lambda: 0.0, stop=lambda: False)
    row = ledger.rows[one.id]
    said = ended.reply or row
    return row.state, f"{said.code} {said.text}".strip()
