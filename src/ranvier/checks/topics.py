"""Readers who chose topics miss what could not be classified. To mend: write `topics` into the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import warning
from ranvier.topics.taxonomy import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_topics(proof: Proof) -> Iterator[Finding]:
    """`unclassified`."""
    for summary in proof.chosen:
        if proof.topics.get(summary.slug, (OTHER,))[:1] in {(), (OTHER,)}:
            yield warning(
                "unclassified",
                f'stands under "{proof.taxonomy.label(OTHER)}"; only readers without a topic filter get it',
                where=summary.slug,
            )
