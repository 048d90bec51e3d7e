"""The request body of SendGrid's v3 mail/send, and what makes a reader unfit for it (R153-R178)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.delivery.envelope import address_of, not_composed
from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.errors import RanvierError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ranvier.delivery.compose import Compose, Parts
    from ranvier.message.sender import Sender

DELIVERY_ARGUMENT = "ranvier_delivery"
"""Comes back in every event, and says nothing about the person."""

MOST_READERS = 1000
MOST_BYTES = 10_000_000
"""SendGrid's pages name 20 and 30 MB; half of the smaller is safe (R170)."""
MOST_SUBSTITUTION_BYTES = 10_000

_RESERVED = frozenset(
    {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"}
    | {"to", "from", "subject", "reply-to", "cc", "bcc"}
)

# R125, R169: an account's defaults may count opens and rewrite links; only an explicit false prevents it.
_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """One reader's part of a request."""

    delivery: int
    address: str
    substitutions: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def size(self) -> int:
        """Bytes of it in the request."""
        return len(json.dumps(personalization(self)))


def personal_of(delivery: Delivery, compose: Compose) -> Personal | Reply:
    """What this reader adds to the request, or why SendGrid is not asked."""
    address = address_of(delivery)
    if isinstance(address, Reply):
        return address
    try:
        personal = Personal(
            delivery=delivery.id,
            address=address.email,
            substitutions=compose.personal(delivery),
            headers=compose.headers(delivery),
        )
    except RanvierError as error:
        return not_composed(delivery, error)
    code, text = personal_fault(personal)
    return Reply(delivery=delivery.id, answer=Answer.PERMANENT, code=code, text=text) if code else personal


def personal_fault(personal: Personal) -> tuple[str, str]:
    """Enhanced code and words if SendGrid would refuse the reader, and a thousand others with him (R172)."""
    if not personal.address.isascii():
        return "5.6.7", "SendGrid takes ASCII addresses only"
    if fault := header_fault(personal.headers):
        return "5.6.0", fault
    size = sum(len(token.encode()) + len(value.encode()) for token, value in personal.substitutions.items())
    if size > MOST_SUBSTITUTION_BYTES:
        return "5.3.4", f"{size} bytes of substitutions; SendGrid takes {MOST_SUBSTITUTION_BYTES}"
    return "", ""


def header_fault(headers: Mapping[str, str]) -> str:
    """Which header SendGrid would refuse (R157) or a line break would split (R34); empty for none."""
    for name, value in headers.items():
        if name.lower() in _RESERVED:
            return f"SendGrid sets {name} itself"
        if not (name.isascii() and name.isprintable() and value.isprintable()):
            return f"the header {name!r} has a control character"
    return ""


def parts_fault(parts: Parts) -> str:
    """What SendGrid would refuse for everybody; empty for nothing."""
    empty = [name for name in ("subject", "text", "html") if not getattr(parts, name)]
    return f"empty {' and '.join(empty)}" if empty else header_fault(parts.headers)


def portions(readers: Sequence[Personal], *, room: int) -> Iterator[tuple[Personal, ...]]:
    """The readers in groups that fit into one request: at most 1,000, and at most `room` bytes."""
    group: list[Personal] = []
    used = 0
    for reader in readers:
        size = reader.size
        if group and (len(group) == MOST_READERS or used + size > room):
            yield tuple(group)
            group, used = [], 0
        group.append(reader)
        used += size
    if group:
        yield tuple(group)


def request_body(parts: Parts, sender: Sender, readers: Sequence[Personal]) -> dict[str, object]:
    """One request; the same parts for all, text before HTML (R156)."""
    body: dict[str, object] = {
        "personalizations": [personalization(reader) for reader in readers],
        "from": {"email": sender.address, "name": sender.name},
        "subject": parts.subject,
        "content": [
            {"type": "text/plain", "value": parts.text},
            {"type": "text/html", "value": parts.html},
        ],
        "headers": dict(parts.headers),
        "tracking_settings": _NO_TRACKING,
    }
    if sender.reply_to:
        body["reply_to"] = {"email": sender.reply_to}
    return body


def personalization(reader: Personal) -> dict[str, object]:
    """Exactly one recipient (R155: two in one `to` see each other), and no more of him than the address."""
    return {
        "to": [{"email": reader.address}],
        "substitutions": dict(reader.substitutions),
        "headers": dict(reader.headers),
        "custom_args": {DELIVERY_ARGUMENT: str(reader.delivery)},
    }
