"""An issue dated D holds summaries dated before D (design: Time).

To mend: write the right date into the summary, or drop the item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_dates(proof: Proof) -> Iterator[Finding]:
    """`undated`, `future-dated`."""
    for summary in proof.chosen:
        if summary.date is None:
            yield error("undated", "has no date; write one into the summary", where=summary.slug)
        elif summary.date >= proof.issue.date:
            yield error(
                "future-dated",
                f"is dated {summary.date}; this issue holds what is dated before {proof.issue.date}",
                where=summary.slug,
            )
