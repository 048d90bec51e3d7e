"""No claim without its caveat: important considerations stand in full with every item (promise 6, R278).

To mend: put them back into the template. They are never shortened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_considerations(page: Page, _: Proof) -> Iterator[Finding]:
    """`no-considerations`."""
    for summary in page.items:
        if not summary.considerations.strip() or not page.shows(summary.considerations):
            yield error(
                "no-considerations",
                f'the important considerations of "{summary.slug}" are not there in full',
                where=page.where,
            )
