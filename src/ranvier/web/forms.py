"""Proof without cookies that a form is from a page of ours: nobody else knows the link in its path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.tokens import sign, verify

if TYPE_CHECKING:
    from datetime import datetime

    from ranvier.tokens import Secrets

LONGEST = 12 * 60 * 60
"""Seconds that a page may stay open before its form is sent."""


def form_token(secrets: Secrets, page: str, *, now: datetime) -> str:
    """What a form of the page, which is named by its personal link, sends along."""
    return sign(secrets, f"form {page}", int(now.timestamp()).to_bytes(6, "big"))


def is_ours(secrets: Secrets, page: str, token: str, *, now: datetime) -> bool:
    """Whether the form comes from that page and was not open for too long."""
    made = verify(secrets, f"form {page}", token)
    return made is not None and 0 <= int(now.timestamp()) - int.from_bytes(made, "big") <= LONGEST
