"""Two summaries of one study in one issue look like two studies (promise 7). To mend: drop one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.summaries.work import work_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_works(proof: Proof) -> Iterator[Finding]:
    """`same-work`: two items are about one study, or one item stands twice."""
    first: dict[str, str] = {}
    for summary in proof.chosen:
        work = work_of(summary)
        if work in first:
            yield error(
                "same-work", f'is about the same study as "{first[work]}"; drop one', where=summary.slug
            )
        first.setdefault(work, summary.slug)
