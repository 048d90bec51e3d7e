"""Messages made by hand, for tests of what carries them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ranvier.delivery.compose import Own, Parts
from ranvier.delivery.handover import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.errors import RanvierError


@dataclass(frozen=True)
class HandMade:
    """A `Compose` with a short message for everybody; `body` can be any wire bytes."""

    body: bytes = b"Hello.\r\n"

    def message(self, delivery: Delivery) -> bytes:
        """Wire bytes."""
        head = f"To: {delivery.address}\r\nX-Delivery: {delivery.id}\r\n\r\n"
        return head.encode() + self.body

    def return_path(self, _delivery: Delivery) -> str:
        """The same for all."""
        return "digest@news.example.org"

    def parts(self, audience: str, item_set: int) -> Parts:
        """Shared parts."""
        return Parts(
            subject="New studies",
            html=f"<p>{audience} {item_set}</p><a href='%unsubscribe%'>Unsubscribe</a>",
            text="New studies \u2013 %unsubscribe%",
            headers={"List-Id": "<digest.news.example.org>", "Auto-Submitted": "auto-generated"},
        )

    def own(self, delivery: Delivery) -> Own:
        """One link, in the body and in the header."""
        link = f"https://news.example.org/u/{delivery.id}"
        headers = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return Own(substitutions={"%unsubscribe%": link}, headers=headers)


@dataclass(frozen=True)
class Refusing(HandMade):
    """A `Compose` that raises for the deliveries in `errors`, and for everybody's parts with `shared`."""

    errors: Mapping[int, RanvierError] = field(default_factory=dict)
    shared: RanvierError | None = None

    def message(self, delivery: Delivery) -> bytes:
        """Wire bytes, or an error."""
        self._refuse(delivery)
        return super().message(delivery)

    def parts(self, audience: str, item_set: int) -> Parts:
        """Shared parts, or an error."""
        if self.shared:
            raise self.shared
        return super().parts(audience, item_set)

    def own(self, delivery: Delivery) -> Own:
        """A reader's own values, or an error."""
        self._refuse(delivery)
        return super().own(delivery)

    def _refuse(self, delivery: Delivery) -> None:
        if delivery.id in self.errors:
            raise self.errors[delivery.id]


def delivery(
    number: int, *, address: str = "", audience: str = "people-with-ms", item_set: int = 7
) -> Delivery:
    """A claimed row that was never tried."""
    return Delivery(
        id=number,
        subscriber=number,
        address=address or f"reader{number}@example.com",
        name="",
        audience=audience,
        item_set=item_set,
        attempts=0,
    )
