"""A digest tells what was found and gives no orders: no imperative, no dose to take (R270).

To ask the care team is always right. To mend: reword the sentence in the summary's file or in the remark.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import warning
from ranvier.rendering.prose import paragraphs, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof
    from ranvier.summaries.summary import Summary

_VERBS = "take|stop|start|try|avoid|use|switch|increase|reduce|double|skip|buy|eat|drink|quit|change|get|swap"
_ORDER = re.compile(
    rf"(?:please )?(?:do not |don't |never )?(?:{_VERBS})\b"
    rf"|.*\byou (?:should|must|need to|have to|ought to) (?!(?:talk|ask|speak))"
    rf"|.*\bask (?:your|a|the) [\w ]{{3,30}} (?:for|to prescribe) ",
    re.IGNORECASE,
)
_SAFE = re.compile(
    r"\bwithout\b.{0,40}\bteam\b"
    r"|\b(talk|speak|check|discuss|ask)\w* (?:it |this |them )?(?:to|with|your|a|the)\b.{0,40}"
    r"\b(team|doctor|neurologist|nurse|clinician|pharmacist)\b(?! for\b| to prescribe\b)",
    re.IGNORECASE,
)


def check_advice(proof: Proof) -> Iterator[Finding]:
    """`advice`."""
    for item, summary in zip(proof.issue.items, proof.chosen, strict=True):
        for place, text in (*_texts(summary), ("editor's remark", item.remark)):
            for sentence in (one for part in paragraphs(text) for one in sentences(part)):
                if _ORDER.match(sentence) and not _SAFE.search(sentence):
                    message = f'the {place} gives an order: "{sentence[:80]}"'
                    yield warning("advice", message, where=summary.slug)


def _texts(summary: Summary) -> tuple[tuple[str, str], ...]:
    return (
        ("title", summary.title),
        ("key takeaway", summary.takeaway),
        ("text", summary.findings),
        ("text", summary.meaning),
        ("text", summary.considerations),
    )
