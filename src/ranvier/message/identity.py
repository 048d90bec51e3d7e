"""What makes a message one reader's own: Message-ID, links, Date, return path (R4, R5, R22, R23, R88)."""

from __future__ import annotations

from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from ranvier.message.sender import RETURN_LOCAL
from ranvier.rendering.chunks import SlotName
from ranvier.tokens import digest, sign, sign_caseless, verify, verify_caseless

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ranvier.tokens import Secrets

UNSUBSCRIBE = "unsubscribe"
UNSUBSCRIBE_MAIL = "unsubscribe by mail"
PREFERENCES = "preferences"
BOUNCE = "bounce"

_RETURNS_TO = "b+"
_LEAVES_BY = "u+"
_CARRIED = 12  # bytes of `payload`


def message_id(secrets: Secrets, issue_id: str, subscriber_id: int, domain: str) -> str:
    """The Message-ID of this reader's copy, angle brackets included.

    A retry has the same, also after a new secret was put in front of the others (R23).
    """
    return f"<{digest(secrets, 'message-id', f'{issue_id}/{subscriber_id}')}@{domain}>"


def unsubscribe_url(secrets: Secrets, site: str, edition: str, subscriber_id: int) -> str:
    """Where one POST takes this reader off this edition (RFC 8058); never expires."""
    return _unsubscribe_url(secrets, site, payload(edition, subscriber_id))


def preferences_url(secrets: Secrets, site: str, edition: str, subscriber_id: int) -> str:
    """Where this reader chooses topics and frequency."""
    return _preferences_url(secrets, site, payload(edition, subscriber_id))


def payload(edition: str, subscriber_id: int) -> bytes:
    """What a personal link's token carries: 8 bytes of id and 4 that tell editions apart, no name."""
    return subscriber_id.to_bytes(8, "big") + _edition_code(edition)


def linked(
    secrets: Secrets, purpose: str, token: str, editions: Iterable[str]
) -> tuple[int, str | None] | None:
    """Whose personal link this is, and of which edition; None for one that no secret signed.

    An edition that is none of `editions` any more is None.
    """
    return _carried(verify(secrets, purpose, token), editions)


def return_path(secrets: Secrets, delivery_id: int, domain: str) -> str:
    """The envelope sender of one delivery, to which its bounces come back (VERP, R88)."""
    return f"{_RETURNS_TO}{sign_caseless(secrets, BOUNCE, delivery_id.to_bytes(8, 'big'))}@{domain}"


def returned(secrets: Secrets, address: str) -> int | None:
    """The delivery whose `return_path` this is, in whatever case it came back; None if it is nobody's."""
    local = address.rpartition("@")[0].lower()
    if not local.startswith(_RETURNS_TO):
        return None
    found = verify_caseless(secrets, BOUNCE, local.removeprefix(_RETURNS_TO))
    return None if found is None else int.from_bytes(found, "big")


def is_return_path(address: str, domain: str) -> bool:
    """Whether an address looks like a `return_path`, signed or not; `domain` is where ours are, if set."""
    local, _, at = address.lower().rpartition("@")
    return local.startswith(_RETURNS_TO) and (at == domain or len(local) == RETURN_LOCAL)


def unsubscribe_address(secrets: Secrets, edition: str, subscriber_id: int, domain: str) -> str:
    """The address to which an empty mail takes this reader off this edition (RFC 2369); never expires."""
    return _unsubscribe_address(secrets, payload(edition, subscriber_id), domain)


def leaves_by(secrets: Secrets, address: str, editions: Iterable[str]) -> tuple[int, str | None] | None:
    """Whose `unsubscribe_address` this is, and of which edition, as `linked`."""
    local = address.rpartition("@")[0].lower()
    if not local.startswith(_LEAVES_BY):
        return None
    found = verify_caseless(secrets, UNSUBSCRIBE_MAIL, local.removeprefix(_LEAVES_BY))
    return _carried(found, editions)


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
    unsubscribe_domain: str = "",
) -> dict[SlotName, str]:
    """Everything that differs for one reader, unescaped; `date` is a `date_header`.

    The address to unsubscribe by mail is among them only where mail for it arrives.
    """
    carried = payload(issue_id.partition("/")[0], subscriber_id)
    values = {
        SlotName.TO: address,
        SlotName.DATE: date,
        SlotName.MESSAGE_ID: message_id(secrets, issue_id, subscriber_id, domain),
        SlotName.GREETING: greeting,
        SlotName.UNSUBSCRIBE_URL: _unsubscribe_url(secrets, site, carried),
        SlotName.PREFERENCES_URL: _preferences_url(secrets, site, carried),
    }
    if unsubscribe_domain:
        values[SlotName.UNSUBSCRIBE_MAIL] = _unsubscribe_address(secrets, carried, unsubscribe_domain)
    return values


def _carried(found: bytes | None, editions: Iterable[str]) -> tuple[int, str | None] | None:
    """What `payload` put in."""
    if found is None or len(found) != _CARRIED:
        return None
    by_code = {_edition_code(edition): edition for edition in editions}
    return int.from_bytes(found[:8], "big"), by_code.get(found[8:])


@lru_cache
def _edition_code(edition: str) -> bytes:
    return sha256(edition.encode()).digest()[:4]


def _unsubscribe_url(secrets: Secrets, site: str, carried: bytes) -> str:
    return f"{site}/u/{sign(secrets, UNSUBSCRIBE, carried)}"


def _unsubscribe_address(secrets: Secrets, carried: bytes, domain: str) -> str:
    return f"{_LEAVES_BY}{sign_caseless(secrets, UNSUBSCRIBE_MAIL, carried)}@{domain}"


def _preferences_url(secrets: Secrets, site: str, carried: bytes) -> str:
    return f"{site}/p/{sign(secrets, PREFERENCES, carried)}"
