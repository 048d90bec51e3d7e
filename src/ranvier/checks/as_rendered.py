"""The full copies are the rendered chunks, in order, with nothing between them but readers' own values.

What the gate says of the chunks is true of the bytes only because of this. To mend: build the issue again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.rendering.chunks import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof
    from ranvier.rendering.chunks import Part

_VALUE = rb"[^\n]{0,400}"


def check_as_rendered(proof: Proof) -> Iterator[Finding]:
    """`not-as-rendered`: a part is missing or differs."""
    for variant in proof.variants:
        copy = proof.copies.get(variant.audience)
        parts = (
            ("html", variant.html, copy.html if copy else b""),
            ("text", variant.text, copy.text if copy else b""),
        )
        for kind, part, final in parts:
            if not _pattern(part).fullmatch(final.replace(b"\r\n", b"\n")):
                yield error(
                    "not-as-rendered",
                    "what would be sent is not what was rendered; build the issue again",
                    where=f"{variant.audience}, {kind}",
                )


def _pattern(part: Part) -> re.Pattern[bytes]:
    """All chunks of the part, with some value on one line at each slot."""
    return re.compile(
        b"".join(
            _VALUE if isinstance(piece, Slot) else re.escape(piece.text.encode().replace(b"\r\n", b"\n"))
            for piece in part
        )
    )
