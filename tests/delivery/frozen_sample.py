"""An issue as it was approved: the sample of tests/rendering, for both of its audiences."""

from __future__ import annotations

import datetime as dt

from tests.rendering.samples import PUBLICATION, rendered

from ranvier.approval.frozen import Frozen
from ranvier.message.headers import header_part
from ranvier.message.sender import Sender
from ranvier.tokens import Secrets

ISSUE = "weekly/2026-11-23"
SUBJECT = "Digest — 多発性硬化症"
SENDER = Sender(
    name="Digest",
    address="digest@news.example.org",
    list_id="digest.news.example.org",
    reply_to="editors@news.example.org",
    feedback_id="rdigest01",
)
VARIANTS = (rendered(audience=0), rendered(audience=1))
FINGERPRINT = "ab" * 32
SECRETS = Secrets((b"a secret of at least so many bytes",))
NOW = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)


def frozen(*, subject: str = SUBJECT, sender: Sender = SENDER) -> Frozen:
    """What `approve` keeps."""
    return Frozen(
        variants=VARIANTS,
        header=header_part(ISSUE, subject, PUBLICATION, sender),
        subject=subject,
        sender=sender,
        site="https://news.example.org",
    )
