"""What is said about a study, in words that readers understand; a publication may say it in its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.rendering.prose import shorten
from ranvier.summaries.links import doi
from ranvier.summaries.summary import Evidence, Publishing, Source, Subjects, Summary
from ranvier.summaries.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date as Date

    from ranvier.rendering.publication import Disclosures

TITLE_LIMIT = 200
"""Characters of a title that is shown; some journals' titles are longer than a paragraph."""

# Where these designs take place is part of the sentence; after the others it is an addition.
_NEEDS_COMMA = frozenset({Evidence.REVIEW, Evidence.GUIDELINE, Evidence.MIXED, Evidence.UNKNOWN})

_SERVER = re.compile(
    r"\b(arxiv|bior?xiv|medr?xiv|psyarxiv|research square|preprints(\.org)?|ssrn|authorea)\b", re.IGNORECASE
)
_PREPRINT_DOIS = ("10.48550/", "10.21203/", "10.20944/", "10.2139/ssrn", "10.22541/")
"""arXiv, Research Square, Preprints.org, SSRN, Authorea. bioRxiv shares its prefix with journals."""

_SAYS_SO = {
    "in-animals": re.compile(
        r"\b(animals?|mice|mouse|rats?|rodents?|monkeys?|macaques?|marmosets?|pigs?|rabbits?|dogs?|zebrafish)\b",
        re.IGNORECASE,
    ),
    "in-laboratory": re.compile(r"\b(lab|laborator\w+|in vitro|dish|test tubes?|lab-grown)\b", re.IGNORECASE),
    "in-cells": re.compile(
        r"\b(in (\w+ ){0,3}cells|lab|laborator\w+|in vitro|dish|lab-grown)\b", re.IGNORECASE
    ),
}


def study_words(summary: Summary, words: Mapping[str, str]) -> str:
    """Design and subjects (R255): "Randomized trial in 303 people". What is not known is said to be."""
    comma = "," if summary.evidence in _NEEDS_COMMA else ""
    return f"{words[summary.evidence]}{comma} {_place_words(summary, words)}"


def publishing_words(source: Source, words: Mapping[str, str]) -> str:
    """Whether experts had looked at the study: stated, known of a preprint server, or not stated (R255)."""
    status = source.status or (Publishing.PREPRINT if _is_preprint(source) else None)
    return words[status or "peer-review-not-stated"]


def shown_title(summary: Summary, words: Mapping[str, str], *, limit: int = TITLE_LIMIT) -> str:
    """The title, shortened; work in animals, cells or the laboratory says so in it (R256)."""
    title, place = one_line(summary.title), _place(summary)
    short = shorten(title, limit)
    if says_where(summary, short):
        return short
    suffix = " " + words["title-suffix"].replace("{place}", words[place])
    return shorten(title, limit - len(suffix)) + suffix


def says_where(summary: Summary, text: str) -> bool:
    """Whether a text says that a study was in animals, cells or the laboratory, if it was (R256)."""
    says_so = _SAYS_SO.get(_place(summary))
    return says_so is None or says_so.search(text) is not None


def item_label(summary: Summary, disclosures: Disclosures, words: Mapping[str, str]) -> tuple[str, ...]:
    """An item's label in parts, in order (R274): AI, what was studied, peer review, who checked it."""
    return tuple(
        part
        for part in (
            disclosures.item_label,
            study_words(summary, words),
            publishing_words(summary.source, words),
            _review_words(summary, disclosures),
            _authorship_words(summary, words),
        )
        if part
    )


def long_date(day: Date, words: Mapping[str, str]) -> str:
    """A date as people write it, without the machine's locale: "22 November 2026"."""
    return f"{day.day} {words['months'].split()[day.month - 1]} {day.year}"


def _is_preprint(source: Source) -> bool:
    return bool(_SERVER.search(source.journal)) or doi(source.doi).startswith(_PREPRINT_DOIS)


def in_people(summary: Summary) -> bool:
    """Whether the label says that people were studied."""
    return _place(summary) == "in-people"


def _place(summary: Summary) -> str:
    # An animal experiment stays one even if a field beside it says people: the cautious word wins.
    if summary.evidence is Evidence.ANIMAL or summary.subjects is Subjects.ANIMALS:
        return "in-animals"
    if summary.subjects is None:
        return "in-laboratory" if summary.evidence is Evidence.LAB else "in-people"
    return f"in-{summary.subjects}"


def _place_words(summary: Summary, words: Mapping[str, str]) -> str:
    place = _place(summary)
    if place != "in-people" or summary.n is None or summary.n < 1:
        return words[place]
    return words["in-person"] if summary.n == 1 else words["in-number"].replace("{n}", f"{summary.n:,}")


def _review_words(summary: Summary, disclosures: Disclosures) -> str:
    """Only a record that does not reject counts as a check (R144)."""
    review = summary.review
    if review is None or review.rejects:
        return disclosures.not_reviewed
    filled = disclosures.reviewed.replace("{date}", review.date).replace("{role}", review.role)
    return one_line(filled.replace("{by}", review.by))


def _authorship_words(summary: Summary, words: Mapping[str, str]) -> str:
    """The model is named as a tool, never as an author (R152)."""
    model, date = one_line(summary.ai.model), one_line(summary.ai.date)
    said = (
        words["written-by"].replace("{model}", model) if model else "",
        words["written-on"].replace("{date}", date) if date else "",
    )
    return ", ".join(part for part in said if part)
