"""Both parts say the same: a reader of plain text misses nothing, and filters see no trick (R222, R245).

To mend: what is in one template belongs into the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.checks.page import full_pages, text_seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

MOST_DIFFERENCE = 0.2
"""Of all words that either part has; filters punish half and more."""

_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[^\W\d_]+")


def check_agree(proof: Proof) -> Iterator[Finding]:
    """`parts-differ`."""
    for variant in proof.variants:
        copy = proof.copies.get(variant.audience)
        if copy is None:
            continue
        page, plain = full_pages(variant.audience, copy, ())
        html = _words("" if page.root is None else text_seen(page.root, between=" "))
        text = _words(plain.source)
        difference = len(html ^ text) / max(1, len(html | text))
        if difference >= MOST_DIFFERENCE:
            only = ", ".join(sorted(html ^ text)[:5])
            message = f"{difference:.0%} of the words stand in one part only, such as {only}"
            yield error("parts-differ", message, where=variant.audience)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_ADDRESS.sub(" ", text).casefold()))
