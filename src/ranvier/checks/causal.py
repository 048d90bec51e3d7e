"""Only a randomized design shows a cause; a headline of any other study says "linked to" (R257).

To mend: reword the title in the summary's file, for example "was linked to" for "prevents".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import warning
from ranvier.summaries.summary import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_CAUSAL = re.compile(
    r"\b(causes?|caused|prevents?|prevented|reduc(?:es?|ed)|improv(?:es?|ed)|lower(?:s|ed)|raises?|raised"
    r"|increas(?:es|ed)|decreas(?:es|ed)|boosts?|boosted|slow(?:s|ed)|stops|stopped|halts?|halted"
    r"|protects?|protected|triggers?|triggered|drives?|cuts|leads? to|led to|makes?|worsens?|worsened"
    r"|restor(?:es?|ed))\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(may|might|could|can|linked|associated|tied|whether|no|not|did not)\b|\?", re.IGNORECASE
)
_SHOWS_CAUSES = frozenset({Evidence.RANDOMIZED_TRIAL, Evidence.GUIDELINE})


def check_causal(proof: Proof) -> Iterator[Finding]:
    """`causal-headline`."""
    for summary in proof.chosen:
        found = _CAUSAL.search(summary.title)
        if found and summary.evidence not in _SHOWS_CAUSES and not _HEDGED.search(summary.title):
            message = f'the title says "{found[0]}", but the study is no randomized trial'
            yield warning("causal-headline", message, where=summary.slug)
