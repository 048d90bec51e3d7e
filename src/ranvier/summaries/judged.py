"""A summary as it was read: where it came from, and whether it can be mailed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from ranvier.slug import choose_slug
from ranvier.summaries.fields import summary_of
from ranvier.summaries.notes import notes_on
from ranvier.summaries.summary import Quarantine, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.summaries.fields import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A summary, where it came from, and whether it can be mailed."""

    summary: Summary
    source: str
    """Stable: the source's name, or for one of several in it, its address or its id there."""
    quarantine: Quarantine | None = None
    detail: str = ""
    """In one line, what to do about the quarantine."""
    notes: tuple[str, ...] = ()
    """In a line each, without the source's name: what is not in the summary, and what to write."""


def reading_of(fields: Fields, *, source: str, name: str, sections: Mapping[str, str]) -> Reading:
    """The summary that named values and prose state; notes say what of them it does not hold."""
    summary = summary_of(fields, name=name, sections=sections)
    quarantine, detail = judge(summary) or (None, "")
    notes = notes_on(fields, summary)
    return Reading(summary=summary, source=source, quarantine=quarantine, detail=detail, notes=notes)


def unreadable(source: str, problem: str, *, name: str | None = None) -> Reading:
    """What cannot be read, under a slug made of `name`, by default the source's file name."""
    summary = Summary(slug=choose_slug(name=PurePath(source).stem if name is None else name))
    return Reading(summary=summary, source=source, quarantine=Quarantine.UNREADABLE, detail=problem)


def judge(summary: Summary) -> tuple[Quarantine, str] | None:
    """Why `summary` cannot be mailed and what to do about it, None when it can (design, section 4)."""
    if not summary.title:
        return Quarantine.NO_TITLE, "it has no title; give one with --title or as title: in its front matter"
    if not summary.considerations:
        return Quarantine.NO_CAVEAT, "it has no Important Considerations; write them below that heading"
    blank = [
        name
        for name, text in (("Key Takeaway", summary.takeaway), ("What They Found", summary.findings))
        if not text
    ]
    if blank:
        return Quarantine.INCOMPLETE, f"{' and '.join(blank)} is blank; write it below that heading"
    return None
