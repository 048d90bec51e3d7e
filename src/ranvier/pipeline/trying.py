"""`test`: one marked copy of what was built, to one address."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from ranvier.addresses import normalise
from ranvier.delivery.handover import State
from ranvier.delivery.marked_copy import MarkedCopy
from ranvier.errors import InputError, RefusedError, UsageError
from ranvier.pipeline.building import built_fingerprint
from ranvier.pipeline.checking import gate
from ranvier.pipeline.one_mail import hand_over, to_address
from ranvier.pipeline.rendered import rendered
from ranvier.pipeline.transport import signer

if TYPE_CHECKING:
    from ranvier.delivery.handover import Delivery
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
    copy = to_address(address, audience=variant.audience, item_set=variant.items)
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
    return hand_over(workspace, copy, compose, sender=sender, issue=issue, clocks=clocks)
