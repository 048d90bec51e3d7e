"""Who a message is from, and who signs it."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAILBOX = re.compile(r"[^\s<>()\[\],;:\"\\@]+@[A-Za-z0-9.-]+")
"""One plain address; a header takes it when it is ASCII, too."""

LIST_ID = re.compile(r"(?=.{1,255}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")
"""RFC 2919 section 2, such as digest.news.example.org."""

SENDER_ID = re.compile(r"[A-Za-z0-9._-]{5,15}")
"""The SenderId of Gmail's Feedback-ID."""

SELECTOR = re.compile(r"(?=.{1,63}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""RFC 6376 section 3.1, such as 2026a."""

RETURN_LOCAL = 41
"""Characters of a return path (R88) before its @."""


UNSUBSCRIBE_LOCAL = 47
"""Characters of an address to unsubscribe by mail, before its @."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The From side of every message (R18, R20, R21, R29)."""

    name: str
    address: str
    list_id: str
    """RFC 2919 list identifier under a domain of the sender's own; never changes."""
    reply_to: str = ""
    feedback_id: str = ""
    """Gmail Feedback-ID SenderId, 5 to 15 characters; empty leaves the header out."""
    bounce_domain: str = ""
    """Where bounces come back, each to an address of its own (R88); empty: to the sender's address."""

    unsubscribe_domain: str = ""
    """Where mails of people who unsubscribe by mail arrive, for `bounces`; empty: by link alone."""

    @property
    def domain(self) -> str:
        """The domain of the address, which Message-IDs are made under."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimOptions:
    """`[dkim]`: who signs, and with what."""

    domain: str
    selector: str
    """The public key stands in DNS under `<selector>._domainkey.<domain>`."""
    key_file: str
    """An RSA key in PEM, PKCS#8 or PKCS#1; relative to the workspace."""
