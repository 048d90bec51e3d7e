"""The item label stands before the first AI-written sentence: AI, study and subjects, peer review, review.

Promise 6; R142 (AI Act Art. 50(5)), R144, R255, R274. To mend: put the label back above the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.checks.page import squash
from ranvier.rendering.words import item_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof
    from ranvier.summaries.summary import Summary

_CODES = ("no-label", "no-evidence", "no-publishing-status", "no-review-status")
_BETWEEN = ".{0,8}?"
"""Separators, such as a middle dot."""

_OPENING = 80
"""So many characters of an AI-written text are its beginning; excerpts are longer."""

_TELLING = 20
"""A shorter text may stand anywhere by chance."""


def check_label(page: Page, proof: Proof) -> Iterator[Finding]:
    """`no-label`, `no-evidence`, `no-publishing-status`, `no-review-status`, `label-order`."""
    said = proof.publication.disclosures
    if not all(words.strip() for words in (said.item_label, said.not_reviewed, said.reviewed)):
        yield error("no-label", "a label is empty; write its words", where="newsletter.toml: [disclosures]")
        return
    for summary in page.items:
        parts = item_label(summary, said, proof.publication.words)[: len(_CODES)]
        absent = [(code, part) for code, part in zip(_CODES, parts, strict=True) if not page.shows(part)]
        for code, part in absent:
            yield error(code, f'"{part}" does not stand with "{summary.slug}"', where=page.where)
        if not absent and not _comes_first(page, parts, summary):
            yield error(
                "label-order",
                f'the label of "{summary.slug}" does not stand together before its text: {" · ".join(parts)}',
                where=page.where,
            )


def _comes_first(page: Page, parts: tuple[str, ...], summary: Summary) -> bool:
    label = re.search(_BETWEEN.join(re.escape(squash(part)) for part in parts), page.seen)
    texts = (page.seen.find(opening) for opening in _openings(summary))
    return label is not None and all(label.start() < text for text in texts if text >= 0)


def _openings(summary: Summary) -> Iterator[str]:
    """How the item's texts begin. The title is not one of them: it stands in the list of contents too."""
    title = squash(summary.title)
    for text in (summary.takeaway, summary.findings, summary.meaning, summary.considerations):
        opening = squash(text)[:_OPENING]
        if len(opening) >= _TELLING and opening not in title:
            yield opening
