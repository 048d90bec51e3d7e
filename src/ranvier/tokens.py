"""Opaque, signed tokens for one person and one purpose (R5, R118); nothing in them can be read as a name."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Secrets:
    """Signing secrets, newest first: the newest signs, all of them verify."""

    keys: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Secrets({len(self.keys)} masked)"


def sign(secrets: Secrets, purpose: str, payload: bytes) -> str:
    """A URL-safe token that carries `payload` for `purpose` alone."""
    mac = _mac(secrets.keys[0], purpose, payload)
    return base64.urlsafe_b64encode(mac + payload).decode().rstrip("=")


def verify(secrets: Secrets, purpose: str, token: str) -> bytes | None:
    """The payload, or None when no secret signed this token for this purpose."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    signed = [hmac.compare_digest(mac, _mac(key, purpose, payload)) for key in secrets.keys]
    return payload if any(signed) else None


def digest(secrets: Secrets, purpose: str, value: str) -> str:
    """A stable name for `value` that cannot be computed or reversed without the secret; 32 hex digits."""
    return _mac(secrets.keys[0], purpose, value.encode()).hex()


def _mac(key: bytes, purpose: str, payload: bytes) -> bytes:
    message = purpose.encode() + b"\0" + payload
    return hmac.digest(key, message, hashlib.sha256)[:_MAC_BYTES]
