"""A person on the list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Status(StrEnum):
    """Whether a person may be mailed; everything but `active` may not."""

    ACTIVE = "active"
    PENDING = "pending"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


LEFT = frozenset({Status.UNSUBSCRIBED, Status.BOUNCED, Status.COMPLAINED})
"""No import brings these back; only a fresh double opt-in by the person does (R102)."""


class Frequency(StrEnum):
    """How often a person wants mail."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One person. `email` is as given with a lower-case ASCII domain; `key` is what is compared."""

    email: str
    key: str
    name: str = ""
    audience: str = ""
    topics: tuple[str, ...] = ()
    frequency: Frequency = Frequency.WEEKLY
    locale: str = ""
    timezone: str = ""
    status: Status = Status.ACTIVE
    consent_date: date | None = None
    tags: tuple[str, ...] = ()
    people_only: bool = False
    """Only studies in people."""
    paused_until: date | None = None
    """The first day on which mail is welcome again."""
