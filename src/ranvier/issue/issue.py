"""One dated instance of an edition: what it says, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date

MAX_ITEMS = 62
"""Items of an issue are bits of a signed 64-bit integer in the ledger."""

_YEARS = range(1990, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A summary's place in an issue, with the editor's remark if there is one."""

    slug: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One topic's items, in order."""

    topic: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue as an editor composes it; note and remarks are Markdown, everything else plain text."""

    edition: str
    date: Date
    subject: str
    preview: str
    note: str = ""
    sections: tuple[Section, ...] = ()

    @property
    def id(self) -> str:
        """`edition/date`, as commands take it."""
        return f"{self.edition}/{self.date.isoformat()}"

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in file order; an item's index here is its bit in every `item_set`."""
        return tuple(item for section in self.sections for item in section.items)


def issue_date(text: str) -> Date | None:
    """The day that `text` writes as 2026-11-23, and in no other way; from 1990 to 2199, else None."""
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text and day.year in _YEARS else None
