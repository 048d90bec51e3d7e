"""A recurring newsletter: its cadence, whom it is for, how its items are chosen."""

from __future__ import annotations

from dataclasses import dataclass, field

from ranvier.selection.rules import Rules
from ranvier.subscribers.subscriber import Frequency


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One `[editions.<slug>]` table of newsletter.toml. `timezone` is an IANA name."""

    slug: str
    label: str
    cadence: Frequency = Frequency.WEEKLY
    timezone: str = "UTC"
    segments: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)
