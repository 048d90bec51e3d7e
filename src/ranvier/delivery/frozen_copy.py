"""An approved issue as every transport takes it: the frozen chunks, and each reader's own values."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ranvier.delivery.compose import Parts
from ranvier.message.headers import personal_headers, shared_headers
from ranvier.message.identity import date_header, slot_values
from ranvier.message.template import (
    Cut,
    MessageTemplate,
    ascii_html,
    boundary,
    for_items,
    message_template,
    splice,
)
from ranvier.rendering.chunks import SlotName, join
from ranvier.rendering.greeting import greeting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ranvier.approval.frozen import Frozen
    from ranvier.delivery.handover import Delivery
    from ranvier.tokens import Secrets

IN_BODIES = (SlotName.GREETING, SlotName.UNSUBSCRIBE_URL, SlotName.PREFERENCES_URL)
"""Slots that SendGrid fills by substitution; the others are headers."""

ITEM_SETS = 256
"""So many selections of items are kept ready; a list has few, people choose from few topics."""


class FrozenCopy:
    """Implements `delivery.compose.Compose`."""

    def __init__(
        self,
        frozen: Frozen,
        *,
        issue: str,
        fingerprint: str,
        secrets: Secrets,
        now: Callable[[], datetime],
    ) -> None:
        self._frozen = frozen
        self._issue = issue
        self._fingerprint = fingerprint
        self._secrets = secrets
        self._now = now
        self._template = cache(self._encode)
        self._cut = lru_cache(ITEM_SETS)(self._cut_template)

    def message(self, delivery: Delivery) -> bytes:
        """The exact wire bytes of one reader's message."""
        return splice(self._cut(delivery.audience, delivery.item_set), self._values(delivery))

    def parts(self, audience: str, item_set: int) -> Parts:
        """Both parts decoded, a token in each personal place, and the headers that all readers share."""
        variant = self._frozen.variant(audience)
        html, text = ({slot: self._token(slot, form) for slot in IN_BODIES} for form in ("html", "text"))
        return Parts(
            subject=self._frozen.subject,
            html=join(variant.html, html, item_set=item_set),
            text=join(variant.text, text, item_set=item_set),
            headers=shared_headers(self._frozen.header),
        )

    def personal(self, delivery: Delivery) -> Mapping[str, str]:
        """One reader's value for each token; SendGrid escapes nothing, so HTML values come escaped."""
        values = self._values(delivery)
        plain = {self._token(slot, "text"): values[slot] for slot in IN_BODIES}
        escaped = {self._token(slot, "html"): ascii_html(values[slot]) for slot in IN_BODIES}
        return {**plain, **escaped}

    def headers(self, delivery: Delivery) -> Mapping[str, str]:
        """One reader's own header fields."""
        return personal_headers(self._values(delivery))

    def _encode(self, audience: str) -> MessageTemplate:
        variant = self._frozen.variant(audience)
        return message_template(variant, header=self._frozen.header, boundary=boundary(self._fingerprint))

    def _cut_template(self, audience: str, item_set: int) -> Cut:
        return for_items(self._template(audience), item_set)

    def _token(self, slot: SlotName, form: str) -> str:
        # The fingerprint hashes all content, so no content can hold it and pass for a token.
        return f"-{self._fingerprint[:16]}-{slot}-{form}-"

    def _values(self, delivery: Delivery) -> dict[SlotName, str]:
        return slot_values(
            self._secrets,
            issue_id=self._issue,
            subscriber_id=delivery.subscriber,
            address=delivery.address,
            greeting=greeting(delivery.name),
            site=self._frozen.site,
            domain=self._frozen.sender.domain,
            date=date_header(self._now()),
        )
