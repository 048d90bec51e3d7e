"""What is decided about one reader before any transport asks anyone: the address, and the message itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.addresses import Address, normalise
from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.errors import ConfigurationError, InputError, RanvierError

if TYPE_CHECKING:
    from ranvier.delivery.compose import Compose


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that is ready for the wire, and whom it is for."""

    delivery: int
    address: Address
    message: bytes
    return_path: str
    """Where bounces go: the envelope sender."""


def letter(delivery: Delivery, compose: Compose) -> Letter | Reply:
    """What to hand over, or the reply that makes asking a peer needless."""
    address = address_of(delivery)
    if isinstance(address, Reply):
        return address
    try:
        message, return_path = compose.message(delivery), compose.return_path(delivery)
    except RanvierError as error:
        return not_composed(delivery, error)
    return Letter(delivery=delivery.id, address=address, message=message, return_path=return_path)


def address_of(delivery: Delivery) -> Address | Reply:
    """Where it goes, or the refusal.

    Lists are checked where they enter; this keeps a row that came another way from speaking SMTP (R34, R69).
    """
    try:
        return normalise(delivery.address)
    except InputError:  # its words repeat the address
        text = "this is no address that mail can reach"
        return Reply(delivery=delivery.id, answer=Answer.PERMANENT, code="5.1.3", text=text)


def not_composed(delivery: Delivery, error: RanvierError) -> Reply:
    """The reply when `Compose` made nothing: no peer was asked, so the others go on.

    A value of the reader's that cannot stand in a message will not do so later either. A configuration that
    is wrong is no reader's fault, and would be refused to all of them.
    """
    ours = isinstance(error, ConfigurationError)
    return Reply(
        delivery=delivery.id,
        answer=Answer.NOT_TAKEN if ours else Answer.PERMANENT,
        code="" if ours else "5.6.0",
        text=str(error),
    )
