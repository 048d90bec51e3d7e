"""Gmail hides what comes after the first 102 kB of HTML, and with it the way to unsubscribe (R213).

A long issue is shortened by itself (`rendering.render`); this one is too long even so. To mend: take items
out, or lower an audience's `max_items`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.rendering.render import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_size(page: Page, _: Proof) -> Iterator[Finding]:
    """`too-long`."""
    size = len(page.source.encode())
    if page.kind == "html" and size > MOST_BYTES:
        yield error(
            "too-long", f"has {size:,} bytes; Gmail cuts it, {MOST_BYTES:,} are safe", where=page.where
        )
