"""SendGrid's side of the signed Event Webhook: a key, and requests that are signed with it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(frozen=True, kw_only=True)
class SendGridHook:
    """Signs as Twilio's "Event Webhook Security Features" says."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> str:
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def headers(self, body: bytes, *, at: float) -> dict[str, str]:
        timestamp = str(int(at))
        signature = self.key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
            "Content-Type": "application/json",
        }


def event(name: str, kind: str, delivery: int | str | None, **more: Any) -> dict[str, Any]:
    """One event as SendGrid's pages show it."""
    return {
        "email": "somebody@reader.example.org",
        "timestamp": 1_795_000_000,
        "smtp-id": "<x@geopod-ismtpd>",
        "event": kind,
        "category": ["digest"],
        "sg_event_id": name,
        "sg_message_id": "x.y-0",
        **({"ranvier_delivery": delivery} if delivery is not None else {}),
        **more,
    }


def batch(*events: dict[str, Any]) -> bytes:
    """The body of a request."""
    return json.dumps(list(events)).encode()
