"""The first thing that a reader sees says that what follows was written by AI (R142, R215, R275).

To mend: put the issue label back at the top of the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.checks.page import squash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_issue_label(page: Page, proof: Proof) -> Iterator[Finding]:
    """`no-issue-label`."""
    label = squash(proof.publication.disclosures.issue_label)
    if not label or not page.seen.startswith(label):
        yield error("no-issue-label", "does not begin with the issue label", where=page.where)
