"""Every item has its title, and that of work in animals or the laboratory says so (R195, R256).

To mend: put the title back into the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.rendering.words import shown_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_title(page: Page, proof: Proof) -> Iterator[Finding]:
    """`no-title`."""
    for summary in page.items:
        title = shown_title(summary, proof.publication.words)
        if not title or not page.shows(title):
            yield error("no-title", f'the title of "{summary.slug}" is not there: {title}', where=page.where)
