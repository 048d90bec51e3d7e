"""Words that promise more than one study can hold (R263). To mend: edit the words, or drop the item."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_OVERCLAIM = re.compile(
    r"\b(breakthroughs?|miracles?|cures?|cured|curing|game[- ]chang\w+|revolution(?:ary|i[sz]e[sd]?)"
    r"|wonder drugs?|proves?|proven|guarantee[sd]?|holy grail)\b",
    re.IGNORECASE,
)


def check_overclaim(proof: Proof) -> Iterator[Finding]:
    """`overclaim`: such a word stands in a title, a key takeaway, or in what editors write."""
    for place, text, where in _places(proof):
        if found := _OVERCLAIM.search(text):
            yield warning("overclaim", f'the {place} says "{found[0]}"', where=where)


def _places(proof: Proof) -> Iterator[tuple[str, str, str]]:
    issue = proof.issue
    yield from (("subject", issue.subject, proof.where), ("preview line", issue.preview, proof.where))
    yield ("note", issue.note, proof.where)
    for item, summary in zip(issue.items, proof.chosen, strict=True):
        yield ("title", summary.title, summary.slug)
        yield ("key takeaway", summary.takeaway, summary.slug)
        yield ("editor's remark", item.remark, summary.slug)
