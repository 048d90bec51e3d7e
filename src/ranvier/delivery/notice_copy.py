"""A mail about the list itself, as transports take it: it belongs to no issue and leads off no list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.delivery.compose import Own
from ranvier.delivery.frozen_copy import SplicedCopy
from ranvier.rendering.chunks import SlotName

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ranvier.approval.frozen import Frozen
    from ranvier.delivery.handover import Delivery
    from ranvier.message.dkim import Signer


class NoticeCopy(SplicedCopy):
    """One notice for one person; `unique` is a random word of letters and digits, for its Message-ID."""

    def __init__(
        self, frozen: Frozen, *, unique: str, now: Callable[[], datetime], signer: Signer | None = None
    ) -> None:
        super().__init__(frozen, fingerprint=unique, now=now, signer=signer)
        self._unique = unique

    def return_path(self, _delivery: Delivery) -> str:
        """The sender's address: a bounce is about nobody on the list."""
        return self._frozen.sender.address

    def values(self, delivery: Delivery, *, date: str) -> dict[SlotName, str]:
        """What the header needs; the body has no slots."""
        return {
            **dict.fromkeys(SlotName, ""),
            SlotName.TO: delivery.address,
            SlotName.DATE: date,
            SlotName.MESSAGE_ID: f"<{self._unique}@{self._frozen.sender.domain}>",
        }

    def own(self, delivery: Delivery) -> Own:
        """Nothing to fill in."""
        values = self._values(delivery, self._now())
        return Own(substitutions={}, headers={"Message-ID": values[SlotName.MESSAGE_ID]})
