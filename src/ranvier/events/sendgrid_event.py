"""What SendGrid's Event Webhook posts, as news about deliveries (R179-R190).

The field names are those of Twilio's page "Event Webhook Reference"; nothing but what is needed is read:
where and on what a message was opened is nobody's business.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from ranvier.events.heard import Heard
from ranvier.events.kind import Kind
from ranvier.events.verdict import classify, enhanced

_PLAIN = {
    "processed": Kind.TAKEN,
    "open": Kind.TAKEN,
    "click": Kind.TAKEN,
    "deferred": Kind.DELAYED,
    "delivered": Kind.DELIVERED,
    "spamreport": Kind.COMPLAINT,
    "unsubscribe": Kind.UNSUBSCRIBE,
    "group_unsubscribe": Kind.UNSUBSCRIBE,
    "group_resubscribe": Kind.IGNORED,  # nobody comes back by a provider's page (R102)
}
_DROPPED = {
    "bounced address": Kind.DROPPED_BOUNCED,
    "spam reporting address": Kind.DROPPED_COMPLAINT,
    "unsubscribed address": Kind.DROPPED_LEFT,
}
_ABOUT_US = frozenset({"content", "frequency or volume too high", "reputation"})
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_LONGEST_ID = 90
_MOST_TEXT = 500
_LARGEST_ID = 2**63


class _Event(msgspec.Struct):
    """The fields that matter; any of them may be anything."""

    event: Any = None
    sg_event_id: Any = None
    ranvier_delivery: Any = None
    timestamp: Any = None
    type: Any = None
    bounce_classification: Any = None
    status: Any = None
    reason: Any = None
    response: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The events of one request; `aside` are those that were not understood, each by its id.

    Those about a mail that is in no ledger, such as "please confirm", are in neither.
    """

    heard: tuple[Heard, ...]
    bodies: dict[str, str]
    """Every event as it came, by its id."""
    aside: tuple[str, ...]


def read_events(body: bytes, *, now: datetime) -> Posted:
    """Read what was posted. Nothing is invented: what says no delivery and no known event is put aside."""
    heard, aside, bodies = [], [], {}
    for raw in _listed(body):
        one = _event(raw)
        if one and str(one.ranvier_delivery).startswith("-"):
            continue
        name = _name(one, raw)
        bodies[name] = raw.decode("utf-8", "replace")
        found = _heard(one, name, now) if one else None
        if found:
            heard.append(found)
        else:
            aside.append(name)
    return Posted(heard=tuple(heard), bodies=bodies, aside=tuple(aside))


def _listed(body: bytes) -> list[bytes]:
    try:
        return [bytes(raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
    except _UNREADABLE:
        return [body]


def _event(raw: bytes) -> _Event | None:
    try:
        return msgspec.json.decode(raw, type=_Event)
    except _UNREADABLE:
        return None


def _name(one: _Event | None, raw: bytes) -> str:
    given = one.sg_event_id if one else None
    if isinstance(given, str) and 0 < len(given) <= _LONGEST_ID and given.isprintable():
        return f"sendgrid:{given}"
    return f"sendgrid-{sha256(raw).hexdigest()}"


def _heard(one: _Event, name: str, now: datetime) -> Heard | None:
    delivery, kind = _delivery(one.ranvier_delivery), _kind(one)
    if delivery is None or kind is None:
        return None
    says_why = kind not in {Kind.TAKEN, Kind.DELIVERED}
    said = _text(one.reason) or _text(one.response) if says_why else ""
    code = enhanced(_text(one.status), said) if says_why else ""
    return Heard(
        id=name,
        delivery=delivery,
        kind=kind,
        at=_moment(one.timestamp, now),
        code=code,
        text=said[:_MOST_TEXT],
    )


def _kind(one: _Event) -> Kind | None:
    event = _text(one.event).lower()
    if event == "dropped":
        return _DROPPED.get(_text(one.reason).lower(), Kind.DROPPED)
    return _bounce(one) if event == "bounce" else _PLAIN.get(event)


def _bounce(one: _Event) -> Kind:
    """R181: an address is at fault when SendGrid calls it invalid, or when the code says so."""
    classification = _text(one.bounce_classification).lower()
    if _text(one.type).lower() == "blocked":
        return Kind.BLOCKED
    if classification == "invalid address":
        return Kind.HARD
    kind = classify(_text(one.status), _text(one.reason), at_rcpt=True)
    return Kind.BLOCKED if kind is Kind.HARD and classification in _ABOUT_US else kind


def _delivery(given: object) -> int | None:
    """The delivery that our own argument names."""
    text = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST_ID))):
        return None
    return number if 0 < (number := int(text)) < _LARGEST_ID else None


def _moment(given: object, now: datetime) -> datetime:
    if isinstance(given, int | float):
        with suppress(ValueError, OverflowError, OSError):
            return datetime.fromtimestamp(given, UTC)
    return now


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
