"""A neutral subject and preview line: they name and count no item, so they are true for every reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.summaries.summary import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ranvier.issue.edition import Edition

MAX_SUBJECT = 60
"""What a phone shows of a subject (R27)."""

MAX_PREVIEW = 110
MAX_LABEL = 50

# Strongest first; what is in a line of kinds stays true for a reader who gets only some of the items.
_KINDS = (
    (frozenset({Evidence.RANDOMIZED_TRIAL}), "randomized trials"),
    (frozenset({Evidence.GUIDELINE}), "guidelines"),
    (frozenset({Evidence.REVIEW}), "reviews"),
    (frozenset({Evidence.COHORT, Evidence.CASE_CONTROL}), "observational studies"),
    (frozenset({Evidence.CASE_SERIES}), "case reports"),
    (frozenset({Evidence.ANIMAL, Evidence.LAB}), "studies in animals or cells"),
)


def propose_subject(name: str, edition: Edition, date: str) -> str:
    """`Publication, 23 November 2026 (Edition)`, `date` as written; if too long, without the edition."""
    full = f"{name}, {date} ({edition.label})"
    if len(full) <= MAX_SUBJECT:
        return full
    room = MAX_SUBJECT - len(f", {date}")
    return f"{_shorten(name, room)}, {date}"


def propose_preview(label: str, evidence: Iterable[Evidence]) -> str:
    """The publication's AI label (R216), then what kinds of studies are summarised, in plain words.

    A label too long for an inbox is replaced by three words; the mail itself begins with the whole of it.
    """
    opening = f"{label.rstrip('.')}." if len(label) <= MAX_LABEL else "AI-written summaries."
    present = set(evidence)
    kinds = [words for designs, words in _KINDS if designs & present]
    if not kinds:
        return opening
    if present - frozenset().union(*(designs for designs, _ in _KINDS)):
        kinds.append("other studies")
    while len(line := f"{opening} {_sentence(kinds)}") > MAX_PREVIEW:
        kinds = [*kinds[:-2], "other studies"]
    return line


def _sentence(words: list[str]) -> str:
    *most, last = words
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"From {listed}."


def _shorten(name: str, room: int) -> str:
    """The name, cut at a word and marked with an ellipsis when it is longer than `room`."""
    if len(name) <= room:
        return name
    cut = name[: room - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
