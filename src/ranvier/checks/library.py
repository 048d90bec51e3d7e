"""Every item is a summary that may be mailed.

To mend: complete the summary's file, or drop the item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_library(proof: Proof) -> Iterator[Finding]:
    """`quarantined`."""
    for item in proof.issue.items:
        if reason := proof.quarantined.get(item.slug):
            yield error("quarantined", f"must not be mailed: {reason}", where=item.slug)
