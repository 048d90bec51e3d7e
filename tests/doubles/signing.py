"""A DKIM key with its record, and a verifier that is not ours (dkimpy)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

import dkim  # type: ignore[import-untyped]  # it has no stubs
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ranvier.message.dkim import Signer, open_signer
from ranvier.message.sender import DkimOptions

OPTIONS = DkimOptions(domain="news.example.org", selector="2026a", key_file="dkim.pem")


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """An RSA key, and the DNS name under which a verifier has to look for its record."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    name: bytes = b"2026a._domainkey.news.example.org."

    def pem(self, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
        """What the key file holds."""
        return self.key.private_bytes(Encoding.PEM, form, NoEncryption())

    def signer(self) -> Signer:
        """Signs with it."""
        return open_signer(OPTIONS, self.pem())

    def verifies(self, message: bytes) -> bool:
        """Whether the first signature of the message is good."""
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
        good: bool = dkim.verify(message, dnsfunc=lambda name, **_: record if name == self.name else None)
        return good


def tags(message: bytes) -> dict[str, str]:
    """The tags of the DKIM-Signature in front, without the space that folding adds."""
    name, _, value = message.replace(b"\r\n ", b" ").partition(b"\r\n")[0].decode().partition(":")
    assert name == "DKIM-Signature"
    parted = (tag.partition("=") for tag in value.split(";"))
    return {name.strip(): "".join(text.split()) for name, _, text in parted}
