"""When failures that may pass are the end, as newsletter.toml says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceRules:
    """`[bounces]`: so many issues in a row that failed, over so many days at least, are the end (R95)."""

    issues: int = 3
    days: int = 14
