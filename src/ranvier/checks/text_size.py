"""Text that is too small to read is as good as not there (R200).

To mend: take sizes from templates/look.toml, in px; mail programs do not agree on other units.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.cascade import Cascade, has_text, palette_rules
from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

SMALLEST = 14.0
"""In px."""

_PX = re.compile(r"([\d.]+)px")


def check_text_size(page: Page, _: Proof) -> Iterator[Finding]:
    """`small-text`: said once for each size."""
    body = None if page.root is None else page.root.find("body")
    if page.root is None or body is None:
        return
    cascade = Cascade(body, palette_rules(page.root, "light"))
    sizes = {cascade.value(element, "font-size") or "16px" for element in body.iter("*") if has_text(element)}
    for size in sorted(sizes):
        found = _PX.fullmatch(size)
        if found is None:
            message = f"a text's size is {size}, which cannot be measured; write px"
            yield error("small-text", message, where=page.where)
        elif float(found[1]) < SMALLEST:
            message = f"a text has {size}; {SMALLEST:g}px are the least"
            yield error("small-text", message, where=page.where)
