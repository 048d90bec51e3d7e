"""A style sheet must not hide text: a caveat that is not seen is not there (R215, R247).

To mend: take the rule out of the template. Text that an inline style hides counts as absent in all checks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.checks.page import HIDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_hidden(page: Page, _: Proof) -> Iterator[Finding]:
    """`hidden-text`."""
    for sheet in () if page.root is None else page.root.iter("style"):
        if found := HIDING.search(re.sub(r"\s+", "", sheet.text or "").lower()):
            yield error("hidden-text", f"a style sheet says {found[0]}", where=page.where)
