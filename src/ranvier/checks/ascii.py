"""SendGrid relabels a part that fits Latin-1, and Gmail then clips it at any size (R175).

To mend: HTML writes characters as entities; text needs one character beyond Latin-1, such as a dash, or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_LAST_OF_LATIN_1 = "\xff"


def check_ascii(page: Page, _: Proof) -> Iterator[Finding]:
    """`not-ascii` for HTML, `latin-1` for text."""
    beyond = [char for char in page.source if not char.isascii()]
    if page.kind == "html" and beyond:
        yield error("not-ascii", f"U+{ord(beyond[0]):04X} stands in it as it is", where=page.where)
    if page.kind == "text" and beyond and max(beyond) <= _LAST_OF_LATIN_1:
        yield warning(
            "latin-1", "has no character beyond Latin-1; SendGrid would relabel it", where=page.where
        )
