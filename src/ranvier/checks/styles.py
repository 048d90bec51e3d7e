"""Gmail reads 16 kB of style and drops the rest, and the whole block when at-rules are nested (R208).

To mend: take rules out of templates/dark-rules.css.j2, or write them as one level of @media.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

MOST_CHARACTERS = 16_384
_NESTED = re.compile(r"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*@[^{};]*\{")


def check_styles(page: Page, _: Proof) -> Iterator[Finding]:
    """`too-much-style`, `nested-at-rule`."""
    sheets = [] if page.root is None else [sheet.text or "" for sheet in page.root.iter("style")]
    size = sum(map(len, sheets))
    if size > MOST_CHARACTERS:
        message = f"has {size:,} characters of style; Gmail reads {MOST_CHARACTERS:,}"
        yield error("too-much-style", message, where=page.where)
    if any(_NESTED.search(sheet) for sheet in sheets):
        yield error("nested-at-rule", "an at-rule stands inside another; Gmail drops both", where=page.where)
