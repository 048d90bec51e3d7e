"""Headings are how a screen reader finds its way: one h1, no level left out, one for each item (R195).

To mend: put the heading back into the template; editors' headings come out at the right level by themselves.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.checks.page import squash, text_seen
from ranvier.rendering.words import shown_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_headings(page: Page, proof: Proof) -> Iterator[Finding]:
    """`headings`: not one h1, a level is left out, or an item has none."""
    found = [] if page.root is None else list(page.root.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    levels = [int(heading.tag[1]) for heading in found]
    said = {squash(text_seen(heading)) for heading in found}
    if page.kind == "html" and levels.count(1) != 1:
        yield error("headings", f"has {levels.count(1)} main headings (h1); one is right", where=page.where)
    for before, after in pairwise(levels):
        if after > before + 1:
            yield error("headings", f"a heading h{after} follows h{before}", where=page.where)
            break
    for summary in page.items if page.kind == "html" else ():
        if squash(shown_title(summary, proof.publication.words)) not in said:
            yield error("headings", f'"{summary.slug}" has no heading of its own', where=page.where)
