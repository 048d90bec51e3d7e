"""The request body of SendGrid's v3 mail/send, and what makes a reader unfit for it (R153-R178)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from ranvier.delivery.envelope import address_of, not_composed
from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.errors import RanvierError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Personalization:
    """The same, encoded once, however many requests the search for a culprit puts it into.

    A thousand readers as dicts are ten thousand objects, and the garbage collector's work for nothing.
    """

    delivery: int
    content: msgspec.Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Readers of the same parts."""

    parts: Parts
    readers: tuple[Personalization, ...]


def group_of(deliveries: Sequence[Delivery], compose: Compose) -> tuple[Group | None, tuple[Reply, ...]]:
    """Who of one audience and item set can be handed over, and the replies of all others."""
    try:
        parts = compose.parts(deliveries[0].audience, deliveries[0].item_set)
        fault = parts_fault(parts)
    except RanvierError as error:
        fault = str(error)
    if fault:
        return None, tuple(Reply(delivery=one.id, answer=Answer.NOT_TAKEN, text=fault) for one in deliveries)
    made = [personalization_of(delivery, compose) for delivery in deliveries]
    readers = tuple(reader for reader in made if isinstance(reader, Personalization))
    unfit = tuple(reader for reader in made if isinstance(reader, Reply))
    return Group(parts=parts, readers=readers) if readers else None, unfit


def personalization_of(delivery: Delivery, compose: Compose) -> Personalization | Reply:
    """This reader's part of a request, or why SendGrid is not asked."""
    personal = personal_of(delivery, compose)
    if isinstance(personal, Reply):
        return personal
    return Personalization(
        delivery=personal.delivery, content=msgspec.Raw(encoded(personalization(personal)))
    )


def personal_of(delivery: Delivery, compose: Compose) -> Personal | Reply:
    """What this reader adds to the request, or why SendGrid is not asked."""
    address = address_of(delivery)
    if isinstance(address, Reply):
        return address
    try:
        substitutions, headers = compose.own(delivery)
    except RanvierError as error:
        return not_composed(delivery, error)
    personal = Personal(
        delivery=delivery.id, address=address.email, substitutions=substitutions, headers=headers
    )
    code, text = personal_fault(personal)
    return Reply(delivery=delivery.id, answer=Answer.PERMANENT, code=code, text=text) if code else personal


def personal_fault(personal: Personal) -> tuple[str, str]:
    """Enhanced code and words if SendGrid would refuse the reader, and a thousand others with him (R172)."""
    if not personal.address.isascii():
        return "5.6.7", "SendGrid takes ASCII addresses only"
    if fault := header_fault(personal.headers):
        return "5.6.0", fault
    size = _substitution_bytes(personal.substitutions)
    if size > MOST_SUBSTITUTION_BYTES:
        return "5.3.4", f"{size} bytes of substitutions; SendGrid takes {MOST_SUBSTITUTION_BYTES}"
    return "", ""


def _substitution_bytes(substitutions: Mapping[str, str]) -> int:
    """Bytes of all tokens and values together."""
    words = "".join((*substitutions, *substitutions.values()))
    return len(words) if words.isascii() else len(words.encode())


def header_fault(headers: Mapping[str, str]) -> str:
    """Which header SendGrid would refuse (R157) or a line break would split (R34); empty for none."""
    for name, value in headers.items():
        if fault := _name_fault(name):
            return fault
        if not value.isprintable():
            return f"the header {name!r} has a control character"
    return ""


@lru_cache(maxsize=64)
def _name_fault(name: str) -> str:
    """As `header_fault`, for a name: there are few, and all readers have the same."""
    if name.lower() in _RESERVED:
        return f"SendGrid sets {name} itself"
    return "" if name.isascii() and name.isprintable() else f"the name of the header {name!r} is not ASCII"


def parts_fault(parts: Parts) -> str:
    """What SendGrid would refuse for everybody; empty for nothing."""
    if empty := [name for name in ("subject", "text", "html") if not getattr(parts, name)]:
        return f"empty {' and '.join(empty)}"
    size = len(parts.text.encode()) + len(parts.html.encode())
    if size > MOST_BYTES:
        return f"{size} bytes of content; a request may have {MOST_BYTES}"
    return header_fault(parts.headers)


def encoded(body: Mapping[str, object]) -> bytes:
    """A request, or a part of one, as it is posted: JSON in UTF-8."""
    return msgspec.json.encode(body)


def request_body(parts: Parts, sender: Sender, readers: Sequence[Personalization]) -> dict[str, object]:
    """One request; the same parts for all, text before HTML (R156)."""
    body: dict[str, object] = {
        "personalizations": [reader.content for reader in readers],
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
