"""The groups that readers understand, as `summaries/topics.toml` declares them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ranvier.slug import slugify

OTHER = "other"
"""Where research goes that nothing classifies; always there, always last."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic. `strong` and `terms` match at word starts, case-insensitive; a final `$` ends the word."""

    slug: str
    label: str
    order: int
    strong: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    precedence: int = 0
    """Greater wins over a better score: the disease comes first, then the life stage."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All topics in reading order."""

    topics: tuple[Topic, ...]

    def label(self, slug: str) -> str:
        """The reader's name of a topic."""
        return next((topic.label for topic in self.topics if topic.slug == slug), slug)

    def find(self, name: str) -> Topic | None:
        """The topic that is meant by its slug or its label, however these are spelt; None: there is none."""
        wanted = slugify(name)
        return next((topic for topic in self.topics if wanted in (topic.slug, slugify(topic.label))), None)

    @property
    def slugs(self) -> tuple[str, ...]:
        """Topic slugs in reading order, `other` last."""
        return tuple(topic.slug for topic in self.topics)


def normalise(text: str) -> str:
    """Words in lower case with one space around each ("B-cell" gives " b cell "); "" when there are none."""
    words = _WORD.findall(text.casefold())
    return f" {' '.join(words)} " if words else ""


def pattern(term: str) -> str:
    """What to look for in normalised text: the term at a word start, up to its end if it ends in `$`."""
    whole = normalise(term)
    return whole if term.endswith("$") else whole[:-1]
