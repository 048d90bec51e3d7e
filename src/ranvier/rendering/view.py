"""What a template has to place: every word, link and mask already decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from ranvier.rendering.publication import Logo


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A rating in words; `score` of 5 is for a scale beside the words and None when it is not stated."""

    name: str
    words: str
    score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address and the words that say where it leads; `number` counts within the item, from 1."""

    number: int
    words: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditorsText:
    """What an editor wrote, as HTML and as lines of plain text; `links` are those of the text."""

    html: Markup
    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """The publication behind an item. `title` is what a link covers; both may be empty."""

    heading: str
    title: str
    details: str
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item as its audience sees it."""

    mask: int
    title: str
    contents_title: str
    label: tuple[str, ...]
    ratings: tuple[Rating, ...]
    takeaway: tuple[str, ...]
    findings: tuple[str, ...]
    meaning: tuple[str, ...]
    considerations: tuple[str, ...]
    remark: EditorsText
    shortened: str
    """Says so where an item was shortened for the mail; else empty."""
    source: SourceView
    summary_link: Link | None

    @property
    def links(self) -> tuple[Link, ...]:
        """The item's links in reading order."""
        links = (*self.remark.links, self.source.link, self.summary_link)
        return tuple(sorted(filter(None, links), key=lambda link: link.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A topic with its items; `mask` holds the bits of all of them."""

    mask: int
    label: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """A whole mail for one audience."""

    language: str
    direction: str
    first_line: str
    name: str
    tagline: str
    logo: Logo | None
    date: str
    note: EditorsText
    compact: bool
    meaning_heading: str
    sections: tuple[SectionView, ...]
    how_to_read: tuple[str, ...]
    not_advice: tuple[str, ...]
    how_made: tuple[str, ...]
    corrections: tuple[str, ...]
    contact: str
    publisher: str
    postal_address: str
    pages: tuple[Link, ...]
    words: dict[str, str]

    @property
    def mask(self) -> int:
        """The bits of all items that this audience is shown."""
        return sum(section.mask for section in self.sections)

    @property
    def start(self) -> str:
        """The side on which lines begin."""
        return "right" if self.direction == "rtl" else "left"

    @property
    def end(self) -> str:
        """The side on which lines end."""
        return "left" if self.direction == "rtl" else "right"
