"""A long issue is shortened from its end: Gmail hides what comes after the first 102 kB of HTML (R213)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.rendering.view import DigestView, ItemView


def in_brief(view: DigestView, last: int) -> DigestView:
    """The mail whose `last` items leave out what they found and what it means, and say so.

    Label, takeaway, considerations and source of an item stay as they are (promise 6).
    """
    shown = [item.mask for section in view.sections for item in section.items]
    brief = sum(shown[len(shown) - last :])
    sections = (
        replace(
            section,
            items=tuple(_in_brief(item, view.words) if item.mask & brief else item for item in section.items),
        )
        for section in view.sections
    )
    return replace(view, sections=tuple(sections))


def _in_brief(item: ItemView, words: Mapping[str, str]) -> ItemView:
    said = words["shortened" if item.summary_link else "shortened-unlinked"]
    return replace(item, findings=(), meaning=(), shortened=said)
