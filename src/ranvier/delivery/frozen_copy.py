"""An approved issue as every transport takes it: the frozen chunks, and each reader's own values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ranvier.delivery.compose import Own, Parts
from ranvier.message.dkim import Signable, SignableCut, signable, signable_for
from ranvier.message.headers import personal_headers, shared_headers
from ranvier.message.identity import date_header, return_path, slot_values
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
    from collections.abc import Callable
    from datetime import datetime

    from ranvier.approval.frozen import Frozen
    from ranvier.delivery.handover import Delivery
    from ranvier.message.dkim import Signer
    from ranvier.tokens import Secrets

IN_BODIES = (SlotName.GREETING, SlotName.UNSUBSCRIBE_URL, SlotName.PREFERENCES_URL)
"""Slots that SendGrid fills by substitution; the others are headers."""

ITEM_SETS = 256
"""So many selections of items are kept ready; a list has few, people choose from few topics."""


class SplicedCopy(ABC):
    """A frozen issue as `delivery.compose.Compose`; what differs between two copies is left to say."""

    def __init__(
        self, frozen: Frozen, *, fingerprint: str, now: Callable[[], datetime], signer: Signer | None = None
    ) -> None:
        self._frozen = frozen
        self._fingerprint = fingerprint
        self._now = now
        self._signer = signer
        self._template = cache(self._encode)
        self._signable = cache(self._prepare)
        self._cut = lru_cache(ITEM_SETS)(self._cut_template)
        self._signable_cut = lru_cache(ITEM_SETS)(self._cut_signable)
        self._dated: tuple[datetime, str] | None = None
        self._html_tokens = {slot: self._token(slot, "html") for slot in IN_BODIES}
        self._text_tokens = {slot: self._token(slot, "text") for slot in IN_BODIES}

    @abstractmethod
    def return_path(self, delivery: Delivery) -> str:
        """The envelope sender."""

    @abstractmethod
    def values(self, delivery: Delivery, *, date: str) -> dict[SlotName, str]:
        """What stands in each slot of this copy; `date` is its Date header."""

    def message(self, delivery: Delivery) -> bytes:
        """The exact wire bytes of one copy, signed if there is a signer."""
        moment = self._now()
        values = self._values(delivery, moment)
        if not self._signer:
            return splice(self._cut(delivery.audience, delivery.item_set), values)
        cut = self._signable_cut(delivery.audience, delivery.item_set)
        return self._signer.splice(cut, values, moment=moment)

    def parts(self, audience: str, item_set: int) -> Parts:
        """Both parts decoded, a token in each personal place, and the headers that all readers share."""
        variant = self._frozen.variant(audience)
        return Parts(
            subject=self._frozen.subject,
            html=join(variant.html, self._html_tokens, item_set=item_set),
            text=join(variant.text, self._text_tokens, item_set=item_set),
            headers=shared_headers(self._frozen.header),
        )

    def own(self, delivery: Delivery) -> Own:
        """One reader's own values; SendGrid escapes nothing, so HTML values come escaped."""
        values = self._values(delivery, self._now())
        plain = {token: values[slot] for slot, token in self._text_tokens.items()}
        escaped = {token: ascii_html(values[slot]) for slot, token in self._html_tokens.items()}
        return Own(substitutions={**plain, **escaped}, headers=personal_headers(values))

    def _values(self, delivery: Delivery, moment: datetime) -> dict[SlotName, str]:
        return self.values(delivery, date=self._date(moment.replace(microsecond=0)))

    def _date(self, second: datetime) -> str:
        """The Date header. To format one takes as long as all other values, and many leave in one second."""
        dated = self._dated
        if dated is None or dated[0] != second:
            self._dated = dated = second, date_header(second)
        return dated[1]

    def _encode(self, audience: str) -> MessageTemplate:
        variant = self._frozen.variant(audience)
        return message_template(variant, header=self._frozen.header, boundary=boundary(self._fingerprint))

    def _prepare(self, audience: str) -> Signable:
        return signable(self._template(audience))

    def _cut_template(self, audience: str, item_set: int) -> Cut:
        return for_items(self._template(audience), item_set)

    def _cut_signable(self, audience: str, item_set: int) -> SignableCut:
        return signable_for(self._signable(audience), item_set)

    def _token(self, slot: SlotName, form: str) -> str:
        # The fingerprint hashes all content, so no content can hold it and pass for a token.
        return f"-{self._fingerprint[:16]}-{slot}-{form}-"


class FrozenCopy(SplicedCopy):
    """An approved issue for its readers: everyone has links, a Message-ID and a return path of their own."""

    def __init__(  # noqa: PLR0913 - the issue, and what is read outside
        self,
        frozen: Frozen,
        *,
        issue: str,
        fingerprint: str,
        secrets: Secrets,
        now: Callable[[], datetime],
        signer: Signer | None = None,
    ) -> None:
        super().__init__(frozen, fingerprint=fingerprint, now=now, signer=signer)
        self._issue = issue
        self._secrets = secrets

    def return_path(self, delivery: Delivery) -> str:
        """An address under the bounce domain that tells the delivery (R88); without one, the sender's."""
        sender = self._frozen.sender
        if not sender.bounce_domain:
            return sender.address
        return return_path(self._secrets, delivery.id, sender.bounce_domain)

    def values(self, delivery: Delivery, *, date: str) -> dict[SlotName, str]:
        """One reader's own values."""
        return slot_values(
            self._secrets,
            issue_id=self._issue,
            subscriber_id=delivery.subscriber,
            address=delivery.address,
            greeting=greeting(delivery.name),
            site=self._frozen.site,
            domain=self._frozen.sender.domain,
            date=date,
            unsubscribe_domain=self._frozen.sender.unsubscribe_domain,
        )
