"""What becomes of a summary from elsewhere: it is written into the library, or what is there stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ranvier.summaries.summary import Quarantine
from ranvier.summaries.work import content_hash

if TYPE_CHECKING:
    from ranvier.summaries.judged import Reading
    from ranvier.summaries.reconcile import Known
    from ranvier.summaries.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A reading from elsewhere under its slug; `text` is what its file should say now, None: no change."""

    slug: str
    reading: Reading
    source_hash: str
    text: Summary | None = None
    note: str = ""

    @property
    def source(self) -> str:
        """Where it came from."""
        return self.reading.source

    @property
    def unreadable(self) -> bool:
        """Whether there is nothing of it that a file could hold."""
        return self.reading.quarantine is Quarantine.UNREADABLE


def arrive(  # noqa: PLR0913 - what there is, what there was, and who says what
    reading: Reading, *, by: str, slug: str, before: Known | None, current: Reading | None, title: str
) -> Arrival:
    """Decides what the library's file should say; `before` is what is known, `current` what the file says.

    `by` is the file or feed that speaks. It may change what it wrote itself and nobody touched since; what
    anyone else wrote is never written over. Only `title`, which an editor gives, is put into any file.
    """
    then = before.source_hash if before else ""
    found = Arrival(slug=slug, reading=reading, source_hash=_said(by, reading.summary))
    news = replace(reading.summary, slug=slug)
    if found.unreadable:
        return found
    if title:
        return replace(found, text=replace(current.summary if current else news, title=title))
    if current is None:
        return replace(found, text=news)
    now = _said(by, current.summary)
    if found.source_hash in (then, now):
        return replace(found, source_hash=then)
    if now == then:
        return replace(found, text=news)
    note = f"{reading.source} says something else than {current.source}, which is kept as it is"
    return replace(found, note=note)


def _said(by: str, summary: Summary) -> str:
    """Who says what, as one hash."""
    return sha256(f"{by}\n{content_hash(summary)}".encode()).hexdigest()
