"""What ingesting changes: which readings are new, which are known, and under which name each is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

from ranvier.slug import MAX_SLUG
from ranvier.summaries.summary import Standing
from ranvier.summaries.work import content_hash, work_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ranvier.summaries.judged import Reading
    from ranvier.summaries.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the database remembers of a summary.

    `file` is its file in the library and `content_hash` what that said; `source` is where it came from and
    `source_hash` is who said what there (arrival.py), empty for a summary that was written in the library.
    """

    slug: str
    file: str
    work: str
    content_hash: str
    status: Standing
    source: str = ""
    source_hash: str = ""


class Change(StrEnum):
    """What became of a reading."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A reading under its final slug; its summary bears that slug too."""

    slug: str
    change: Change
    reading: Reading


def reconcile(
    readings: Iterable[Reading], known: Mapping[str, Known], *, exists: Callable[[str], bool]
) -> tuple[Decision, ...]:
    """One decision per file of the library, in order; `known` is by slug, a reading's `source` is its file.

    A slug is kept from first sight, and no two files have the same; `exists` tells whether a known file is
    still there, or its slug is free for a file that was renamed. What is quarantined is reported every time.
    """
    by_file = {each.file: each.slug for each in known.values()}
    taken: set[str] = set()
    decisions = []
    for reading in readings:
        slug = by_file.get(reading.source) or next(
            slug
            for slug in _numbered(reading.summary.slug)
            if slug not in taken and not (slug in known and exists(known[slug].file))
        )
        taken.add(slug)
        named = replace(reading, summary=replace(reading.summary, slug=slug))
        decisions.append(Decision(slug=slug, change=_change(named, known.get(slug)), reading=named))
    return tuple(decisions)


def free_slug(reading: Reading, known: Mapping[str, Known], *, holder: Callable[[str], Known | None]) -> str:
    """The slug of a summary from elsewhere: its source's, else its own, numbered if another work has it.

    `holder` gives the summary that has a slug, or the file that a summary of that slug would be written to.
    """
    for each in known.values():
        if each.source == reading.source:
            return each.slug
    held = ((slug, holder(slug)) for slug in _numbered(reading.summary.slug))
    return next(
        there.slug if there else slug for slug, there in held if not there or _same(reading.summary, there)
    )


def _same(summary: Summary, known: Known) -> bool:
    """Whether two summaries of one name are one: of the same study, as far as both say which."""
    works = (work_of(summary), known.work)
    identified = [not work.startswith(("slug:", "title:")) for work in works]
    if all(identified):
        return works[0] == works[1]
    told_alike = content_hash(summary) == known.content_hash
    return any(identified) or told_alike or (works[0] == works[1] and works[0].startswith("title:"))


def _numbered(slug: str) -> Iterator[str]:
    """The slug, then `slug-2`, `slug-3`, …, none longer than a slug may be."""
    yield slug
    for number in count(2):
        suffix = f"-{number}"
        yield slug[: MAX_SLUG - len(suffix)].rstrip("-") + suffix


def _change(reading: Reading, before: Known | None) -> Change:
    if reading.quarantine:
        return Change.QUARANTINED
    if before is None:
        return Change.ADDED
    same = before.content_hash == content_hash(reading.summary) and before.status == Standing.OK
    return Change.UNCHANGED if same else Change.UPDATED
