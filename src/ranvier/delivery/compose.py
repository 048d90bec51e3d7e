"""Where a transport gets what it hands over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.delivery.handover import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What all readers of one (audience, item set) share, decoded; tokens stand where readers differ."""

    subject: str
    html: str
    text: str
    headers: Mapping[str, str]


class Own(NamedTuple):
    """One reader's own values for a provider that fills them in itself."""

    substitutions: Mapping[str, str]
    """What stands in the place of each token."""
    headers: Mapping[str, str]
    """Header fields, complete: List-Unsubscribe with the final URL (R158, R159)."""


class Compose(Protocol):
    """Messages in the two forms that transports take.

    Raises RanvierError for what cannot become a message: `delivery.envelope` makes a reply of it.
    """

    def message(self, delivery: Delivery) -> bytes:
        """The exact wire bytes: CRLF lines, no dot to stuff."""
        ...

    def return_path(self, delivery: Delivery) -> str:
        """The envelope sender: where bounces of this delivery go."""
        ...

    def parts(self, audience: str, item_set: int) -> Parts:
        """The shared parts, a token in each personal slot. No token is part of another or of the text."""
        ...

    def own(self, delivery: Delivery) -> Own:
        """What is this reader's alone."""
        ...
