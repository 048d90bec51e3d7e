"""The publication as readers meet it: its names, its links, its words (newsletter.toml)."""

from __future__ import annotations

from dataclasses import dataclass, field

from ranvier.rendering.default_words import DEFAULT_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Absolute https addresses. `site` carries unsubscribe and preferences; an empty one is not shown."""

    site: str
    view: str = ""
    """With `{issue}`, and `{audience}` for the audience's number: its name may be that of a disease."""
    privacy: str = ""
    imprint: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture above the name, on a server of the publication's own (R197, R221); width and height in px."""

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosures:
    """The sentences that every issue or item must carry (R274-R276); wording is the publication's."""

    issue_label: str
    """First visible line of every mail: written by AI, can be wrong (R275)."""
    item_label: str
    """Before each AI-written text, followed by study type, subjects and review status (R274)."""
    not_reviewed: str
    reviewed: str
    """With `{by}`, `{role}` and `{date}`."""
    not_stated: str
    how_to_read: str
    """The paragraph that explains how to read research."""
    not_advice: str
    how_made: str
    """How items are selected and AI is used; no guarantee of completeness."""
    corrections: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a variant is for. Sections of `lead_topics` come first in it."""

    slug: str
    label: str = ""
    """For whoever reads newsletter.toml; no mail shows it."""
    max_items: int = 12
    meaning_heading: str = "What it means for you"
    addressed_as: tuple[str, ...] = ()
    """How summaries name this audience, such as "caregivers": sentences that do come first in its copy."""
    lead_topics: tuple[str, ...] = ()
    compact: bool = False
    """Clinicians: design, size, journal, year and DOI at a glance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Everything of newsletter.toml that can reach a reader, but the sender."""

    name: str
    tagline: str
    postal_address: str
    contact: str
    publisher: str
    """Who is behind it and who pays (R276)."""
    links: Links
    disclosures: Disclosures
    audiences: tuple[Audience, ...]
    language: str = "en"
    direction: str = "ltr"
    logo: Logo | None = None
    words: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_WORDS))
    """Every one of DEFAULT_WORDS, in English unless the publication has its own."""
