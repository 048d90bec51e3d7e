"""Everything that the gate may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.issue.issue import Issue
    from ranvier.rendering.chunks import Variant
    from ranvier.rendering.publication import Publication
    from ranvier.summaries.summary import Summary
    from ranvier.topics.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A variant's full copy: the final bytes of both parts, their transfer encoding undone."""

    html: bytes
    text: bytes


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

    @property
    def chosen(self) -> tuple[Summary, ...]:
        """The summaries of the issue in its order."""
        return tuple(self.summaries[item.slug] for item in self.issue.items)
