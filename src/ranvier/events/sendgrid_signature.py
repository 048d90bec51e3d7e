"""SendGrid's signed Event Webhook: ECDSA, P-256 and SHA-256 over timestamp and body as they came (R186)."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ranvier.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"

STALE = 25 * 60 * 60
"""Seconds: a request is tried again for 24 hours, maybe with the timestamp of its first time (R187)."""


def webhook_key(given: str, *, where: str) -> EllipticCurvePublicKey:
    """The public key as SendGrid's settings show it, base64 of SPKI. Raises ConfigurationError."""
    try:
        key = load_der_public_key(base64.b64decode(given, validate=True))
    except (ValueError, UnsupportedAlgorithm) as error:
        message = "is not the verification key that SendGrid shows below Signed Event Webhook"
        raise ConfigurationError(message, where=where) from error
    if not (isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)):
        raise ConfigurationError("has to be an ECDSA key on P-256", where=where)
    return key


def is_signed(
    key: EllipticCurvePublicKey, body: bytes, *, signature: str, timestamp: str, clocks: Sequence[float]
) -> bool:
    """Whether SendGrid sent this, and not too long ago by any of the `clocks` (Unix seconds)."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 20):
        return False
    if all(abs(int(timestamp) - clock) > STALE for clock in clocks):
        return False
    try:
        der = base64.b64decode(signature, validate=True)
        key.verify(der, timestamp.encode() + body, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True
