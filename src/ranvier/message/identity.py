"""What makes a message one reader's own: Message-ID, opaque links, Date (R4, R5, R22, R23, R118)."""

from __future__ import annotations

from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from ranvier.rendering.chunks import SlotName
from ranvier.tokens import digest, sign

if TYPE_CHECKING:
    from datetime import datetime

    from ranvier.tokens import Secrets

UNSUBSCRIBE = "unsubscribe"
PREFERENCES = "preferences"


def message_id(secrets: Secrets, issue_id: str, subscriber_id: int, domain: str) -> str:
    """The Message-ID of this reader's copy, angle brackets included; a retry has the same (R23)."""
    return f"<{digest(secrets, 'message-id', f'{issue_id}/{subscriber_id}')}@{domain}>"


def unsubscribe_url(secrets: Secrets, site: str, edition: str, subscriber_id: int) -> str:
    """Where one POST takes this reader off this edition (RFC 8058); never expires."""
    return f"{site}/u/{sign(secrets, UNSUBSCRIBE, payload(edition, subscriber_id))}"


def preferences_url(secrets: Secrets, site: str, edition: str, subscriber_id: int) -> str:
    """Where this reader chooses topics and frequency."""
    return f"{site}/p/{sign(secrets, PREFERENCES, payload(edition, subscriber_id))}"


def payload(edition: str, subscriber_id: int) -> bytes:
    """What a personal link's token carries: 8 bytes of id and 4 that tell editions apart, no name."""
    return subscriber_id.to_bytes(8, "big") + sha256(edition.encode()).digest()[:4]


def date_header(moment: datetime) -> str:
    """An aware datetime as RFC 5322 section 3.3 writes it, with a numeric zone."""
    if moment.tzinfo is None:
        raise ValueError("a Date header needs a time zone")
    return format_datetime(moment)


def slot_values(  # noqa: PLR0913 - each is one fact about one message
    secrets: Secrets,
    *,
    issue_id: str,
    subscriber_id: int,
    address: str,
    greeting: str,
    site: str,
    domain: str,
    date: str,
) -> dict[SlotName, str]:
    """Everything that differs for one reader, unescaped; `date` is a `date_header`."""
    edition = issue_id.partition("/")[0]
    return {
        SlotName.TO: address,
        SlotName.DATE: date,
        SlotName.MESSAGE_ID: message_id(secrets, issue_id, subscriber_id, domain),
        SlotName.GREETING: greeting,
        SlotName.UNSUBSCRIBE_URL: unsubscribe_url(secrets, site, edition, subscriber_id),
        SlotName.PREFERENCES_URL: preferences_url(secrets, site, edition, subscriber_id),
    }
