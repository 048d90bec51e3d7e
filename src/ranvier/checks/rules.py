"""What a publication may say about its gate: [checks] in newsletter.toml. Safety is not among it."""

from __future__ import annotations

from dataclasses import dataclass

QUIETABLE = (
    "causal-headline",
    "hard-to-read",
    "issue-hard-to-read",
    "long-sentences",
    "markup-in-text",
    "near-duplicate",
    "relative-alone",
    "shouting",
    "spam-score",
    "spam-unknown",
    "spam-words",
    "twin-links",
    "vague-link",
)
"""Warnings about style. Errors, caveats, labels and claims are always said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRules:
    """`[checks]`: grades are years of school; `spamd` is host:port, empty to ask nobody."""

    quiet: tuple[str, ...] = ()
    """Codes of QUIETABLE whose warnings are not shown; an error of that code is."""
    most_grade: int = 8
    """Of the median item (R268)."""
    item_leeway: int = 2
    """So many grades more may a single item have."""
    known_names: tuple[str, ...] = ()
    """Names that readers know, beside those of drugs and of topics."""
    spamd: str = ""
