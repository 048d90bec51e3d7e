"""Everything that the gate may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ranvier.checks.rules import CheckRules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.issue.issue import Issue
    from ranvier.rendering.chunks import Variant
    from ranvier.rendering.publication import Publication
    from ranvier.selection.candidate import Used
    from ranvier.summaries.summary import Summary
    from ranvier.topics.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A variant's full copy: the final bytes of both parts, their transfer encoding undone."""

    html: bytes
    text: bytes
    headers: tuple[tuple[str, str], ...] = ()
    """Names and values of the message's header, unfolded, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamScore:
    """What a spam filter says of a message."""

    points: float
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An issue as built. Mappings are by slug, `copies` by audience; `where` is the path of issue.md.

    `summaries` has every item of the issue: one that the library lacks cannot be rendered.
    """

    issue: Issue
    where: str
    summaries: Mapping[str, Summary]
    publication: Publication
    taxonomy: Taxonomy
    topics: Mapping[str, tuple[str, ...]]
    variants: tuple[Variant, ...]
    copies: Mapping[str, Copy]
    quarantined: Mapping[str, str]
    """Why a summary must not be mailed."""
    rules: CheckRules = field(default_factory=CheckRules)
    used: tuple[Used, ...] = ()
    """What earlier issues of the edition held."""
    similarity: float = 85.0
    """In percent; from here on two stories are worded alike (`SelectionRules`)."""
    spam: Mapping[str, SpamScore | None] = field(default_factory=dict)
    """By audience, of those that were asked about; None: no answer."""
    followed: Mapping[str, str] = field(default_factory=dict)
    """Addresses that were followed, each with what is wrong there, or with nothing."""

    @property
    def chosen(self) -> tuple[Summary, ...]:
        """The summaries of the issue in its order."""
        return tuple(self.summaries[item.slug] for item in self.issue.items)
