"""Recognising a story that was told already: the same study, or nearly the same words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process, utils

from ranvier.selection.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ranvier.selection.candidate import Candidate, Used

_REGISTERED = ("doi:", "pmid:")

# A first look that is ten times quicker: the sorted words letter by letter. Edited copies reach 77 and more
# here, and a short text whose words all occur in a long one does not come through.
_ROUGHLY = 60.0


@dataclass(frozen=True, slots=True)
class _Story:
    """A story that is told; `name` is how a person finds it."""

    name: str
    work: str


class Stories:
    """What readers know or will know: items of earlier issues and better-ranked candidates.

    Words are compared over title and takeaway, whatever their order and whatever one of them adds
    (token_set_ratio). Different studies among the sample summaries reach 63 of 100, edited copies of them
    91 and more; a freely reworded text reaches about 75 and is not found. Studies with different DOIs are
    known to be different and only worded alike (one drug, then another): they have to come twice as close.
    """

    def __init__(self, used: Iterable[Used], *, similarity: float) -> None:
        self._similarity = similarity
        self._used: dict[str, str] = {}
        self._works: dict[str, _Story] = {}
        self._stories: list[_Story] = []
        self._texts: list[str] = []
        for item in used:
            name = f"{item.slug} in {item.issue}"
            self._used.setdefault(item.slug, f"went out in {item.issue}")
            self._used.setdefault(item.work, f"same work as {name}")
            self._tell(_Story(name, item.work), item)

    def told(self, candidate: Candidate | Used) -> tuple[Reason, str] | None:
        """Why the candidate is no news, in words; None when it is."""
        before = self._used.get(candidate.slug) or self._used.get(candidate.work)
        if before:
            return Reason.ALREADY_USED, before
        if candidate.work in self._works:
            return Reason.NEAR_DUPLICATE, f"same work as {self._works[candidate.work].name}"
        return self._worded_alike(candidate)

    def tell(self, candidate: Candidate | Used) -> None:
        """From now on the candidate's story is known."""
        self._tell(_Story(candidate.slug, candidate.work), candidate)

    def _tell(self, story: _Story, item: Used | Candidate) -> None:
        self._works.setdefault(story.work, story)
        self._stories.append(story)
        self._texts.append(_text(item))

    def _worded_alike(self, candidate: Candidate | Used) -> tuple[Reason, str] | None:
        text = _text(candidate)
        roughly = min(_ROUGHLY, self._similarity)
        near = process.extract(text, self._texts, scorer=fuzz.ratio, score_cutoff=roughly, limit=None)
        for _, _, place in near:
            story = self._stories[place]
            alike = fuzz.token_set_ratio(text, self._texts[place])
            if alike >= self._needed(candidate.work, story.work):
                return Reason.NEAR_DUPLICATE, f"{alike:.0f} % alike to {story.name}"
        return None

    def _needed(self, work: str, other: str) -> float:
        different = any(work.startswith(kind) and other.startswith(kind) for kind in _REGISTERED)
        return (self._similarity + 100) / 2 if different else self._similarity


def _text(item: Used | Candidate) -> str:
    """Title and takeaway as sorted words."""
    return " ".join(sorted(utils.default_process(f"{item.title} {item.takeaway}").split()))
