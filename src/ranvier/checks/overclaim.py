"""Words that promise more than one study can hold (R263). To mend: edit the summary, or drop the item."""

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
    """`overclaim`: such a word stands in a title or a key takeaway."""
    for summary in proof.chosen:
        for place, text in (("title", summary.title), ("key takeaway", summary.takeaway)):
            if found := _OVERCLAIM.search(text):
                yield warning("overclaim", f'the {place} says "{found[0]}"', where=summary.slug)
