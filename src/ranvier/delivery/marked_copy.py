"""One copy of an issue to look at in a mail client: marked as a test, and its personal links do nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ranvier.delivery.frozen_copy import SplicedCopy
from ranvier.message.headers import with_subject
from ranvier.rendering.chunks import SlotName
from ranvier.rendering.greeting import greeting
from ranvier.rendering.render import inert_values

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ranvier.approval.frozen import Frozen
    from ranvier.delivery.handover import Delivery
    from ranvier.message.dkim import Signer

MARK = "[Test] "
"""What the subject of a test copy begins with."""


def frozen_for_test(frozen: Frozen) -> Frozen:
    """The same issue with a marked subject, decoded and in the header; nothing else changes."""
    subject = f"{MARK}{frozen.subject}"
    return replace(frozen, subject=subject, header=with_subject(frozen.header, subject))


class MarkedCopy(SplicedCopy):
    """An issue that was built, as a `delivery.compose.Compose` for people who look at it.

    `unique` is a random word of letters and digits that no other copy has: with a Message-ID that was seen
    before, a mail client may hide the copy. Bounces go to the sender's address, for no ledger waits for them.
    """

    def __init__(
        self,
        frozen: Frozen,
        *,
        fingerprint: str,
        unique: str,
        now: Callable[[], datetime],
        signer: Signer | None = None,
    ) -> None:
        super().__init__(frozen_for_test(frozen), fingerprint=fingerprint, now=now, signer=signer)
        self._unique = unique

    def return_path(self, _delivery: Delivery) -> str:
        """The sender's address."""
        return self._frozen.sender.address

    def values(self, delivery: Delivery, *, date: str) -> dict[SlotName, str]:
        """Inert links, and what a message needs."""
        return {
            **inert_values(self._frozen.site),
            SlotName.TO: delivery.address,
            SlotName.DATE: date,
            SlotName.MESSAGE_ID: f"<test-{self._unique}@{self._frozen.sender.domain}>",
            SlotName.GREETING: greeting(delivery.name),
        }
