"""Only a complete record of a person's examination counts as one (R143, R144).

To mend: write `review` with by, role, date and decision into the summary, once someone has examined it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_review(proof: Proof) -> Iterator[Finding]:
    """`not-reviewed`: readers are told so. `review-rejected`: whoever examined it said no."""
    said = proof.publication.disclosures.not_reviewed
    for summary in proof.chosen:
        review = summary.review
        if review is None:
            message = f'has no complete review record; its label says "{said}"'
            yield warning("not-reviewed", message, where=summary.slug)
        elif review.rejects:
            yield error("review-rejected", f"{review.by} rejected it; drop the item", where=summary.slug)
