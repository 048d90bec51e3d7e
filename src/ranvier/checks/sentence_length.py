"""Sentences that a tired reader can hold in mind: at most twenty words on average (R268).

To mend: make two sentences of one in the summary's file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import warning
from ranvier.rendering.prose import paragraphs, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

MOST_WORDS = 20


def check_sentence_length(proof: Proof) -> Iterator[Finding]:
    """`long-sentences`."""
    for summary in proof.chosen:
        texts = (summary.takeaway, summary.findings, summary.meaning, summary.considerations)
        said = [one.split() for text in texts for part in paragraphs(text) for one in sentences(part)]
        average = sum(map(len, said)) / max(1, len(said))
        if average > MOST_WORDS:
            message = f"its sentences have {average:.0f} words on average; {MOST_WORDS} are enough"
            yield warning("long-sentences", message, where=summary.slug)
