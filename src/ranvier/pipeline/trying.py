"""`test`: one marked copy of what was built, to one address."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import randbits, token_hex
from typing import TYPE_CHECKING

from ranvier.addresses import normalise
from ranvier.delivery.engine import deliver
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.handover import Delivery, State
from ranvier.delivery.marked_copy import MarkedCopy
from ranvier.delivery.memory import MemoryLedger
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.retry import RetryRules
from ranvier.delivery.run import Terms
from ranvier.errors import InputError, RefusedError, UsageError
from ranvier.pipeline.building import built_fingerprint
from ranvier.pipeline.checking import gate
from ranvier.pipeline.rendered import rendered
from ranvier.pipeline.transport import signer, workspace_transport

if TYPE_CHECKING:
    from ranvier.pipeline.rendered import Rendered
    from ranvier.pipeline.transport import Clocks
    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a test copy; `reply` is what the transport said if it was not accepted."""

    issue: str
    to: str
    audience: str
    accepted: bool
    reply: str = ""

    def as_json(self) -> dict[str, object]:
        """The document of `test`."""
        return {"issue": self.issue, "to": self.to, "audience": self.audience, "accepted": self.accepted}


def try_out(workspace: Workspace, issue: str, *, to: str, audience: str, clocks: Clocks) -> Tried:
    """Send one copy of an audience's variant (the first one's if none is named), and write no ledger.

    It is what was built, approved or not. Raises RefusedError if the gate says no: not even one reader is to
    get a claim without its caveat.
    """
    issue = workspace.issue_id(issue)
    address = _address(to)
    made = _sound(workspace, issue)
    variants = {variant.audience: variant for variant in made.frozen.variants}
    if audience and audience not in variants:
        raise UsageError(f'"{audience}" is none of {", ".join(variants)}', where="--audience")
    variant = variants[audience] if audience else made.frozen.variants[0]
    # No delivery has a negative id, so no reader's message in an outbox is ever taken for this one.
    copy = Delivery(
        id=-1 - randbits(62),
        subscriber=0,
        address=address,
        name="",
        audience=variant.audience,
        item_set=variant.items,
        attempts=0,
    )
    state, reply = _delivered(workspace, made, copy, clocks)
    accepted = state is State.ACCEPTED
    return Tried(issue=issue, to=address, audience=variant.audience, accepted=accepted, reply=reply)


def _address(to: str) -> str:
    try:
        return normalise(to).email
    except InputError as error:
        raise UsageError(error.message, where="--to") from error


def _sound(workspace: Workspace, issue: str) -> Rendered:
    built, made = built_fingerprint(workspace, issue), rendered(workspace, issue)
    result = gate(workspace, made, built=built)
    if not result.ok:
        first = result.errors[0]
        message = f"the gate says no: {first.where}: {first.message}; see: ranvier check {issue}"
        raise RefusedError(message, where=issue)
    return made


def _delivered(workspace: Workspace, made: Rendered, copy: Delivery, clocks: Clocks) -> tuple[State, str]:
    compose = MarkedCopy(
        made.frozen,
        fingerprint=made.fingerprint,
        unique=token_hex(16),
        now=clocks.now,
        signer=signer(workspace),
    )
    sender, issue = made.frozen.sender, made.issue.id
    transport = workspace_transport(workspace, compose, sender=sender, issue=issue, clocks=clocks)
    ledger = MemoryLedger.of([copy])
    terms = Terms(rules=RetryRules(), pace=PaceRules(), guard=GuardRules(), deadline=clocks.clock(), people=1)
    ended = deliver(ledger, transport, terms, clock=clocks.clock, random=lambda: 0.0, stop=lambda: False)
    row = ledger.rows[copy.id]
    said = ended.reply or row
    return row.state, f"{said.code} {said.text}".strip()
