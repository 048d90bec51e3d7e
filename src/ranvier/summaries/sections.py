"""The four parts of a summary, by the headings that name them."""

from __future__ import annotations

import re

HEADINGS = {
    "takeaway": "Key Takeaway",
    "findings": "What They Found",
    "meaning": "Who Should Care and Why",
    "considerations": "Important Considerations",
}
"""Field of `Summary` → the heading it is written under, in reading order."""

_NAMES = {
    "takeaway": "takeaway|takeaways|key takeaway|key takeaways|the key takeaway|main takeaway",
    "findings": "findings|key findings|what they found|what was found|what the study found",
    "meaning": "meaning|who should care|who should care and why|who should care why|why it matters",
    "considerations": "considerations|important considerations|important consideration|limitations",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split("|")}


def section_named(heading: str) -> str | None:
    """The field of `Summary` that `heading` (or a column called so) opens, None for any other words."""
    words = re.sub(r"[\W_]+", " ", heading.replace("&", " and ")).strip().lower()
    return _FIELDS.get(words)


def joined(paragraphs: list[tuple[str, str]]) -> dict[str, str]:
    """Field → text, from (field, text) in reading order; a heading that stands twice adds to its field."""
    texts: dict[str, str] = {}
    for field, text in paragraphs:
        texts[field] = "\n\n".join(part for part in (texts.get(field, ""), text) if part)
    return texts
