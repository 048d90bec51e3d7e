"""The full copies are the rendered chunks, in order, with nothing between them but readers' own values.

What the gate says of the chunks is true of the bytes only because of this. To mend: build the issue again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.rendering.chunks import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof
    from ranvier.rendering.chunks import Part

_LONGEST = 400
"""Bytes of a value."""


def check_as_rendered(proof: Proof) -> Iterator[Finding]:
    """`not-as-rendered`: a part is missing or differs."""
    for variant in proof.variants:
        copy = proof.copies.get(variant.audience)
        parts = (
            ("html", variant.html, copy.html if copy else b""),
            ("text", variant.text, copy.text if copy else b""),
        )
        for kind, part, final in parts:
            if not _is_made_of(part, final.replace(b"\r\n", b"\n")):
                yield error(
                    "not-as-rendered",
                    "what would be sent is not what was rendered; build the issue again",
                    where=f"{variant.audience}, {kind}",
                )


def _is_made_of(part: Part, final: bytes) -> bool:
    """Whether all chunks of the part stand there, with some value on one line at each slot."""
    place, is_open = 0, False
    for piece in part:
        if isinstance(piece, Slot):
            is_open = True
            continue
        chunk = piece.text.encode().replace(b"\r\n", b"\n")
        found = final.find(chunk, place, place + _LONGEST * is_open + len(chunk))
        if found < 0 or b"\n" in final[place:found]:
            return False
        place, is_open = found + len(chunk), False
    rest = final[place:]
    return not rest or (is_open and len(rest) <= _LONGEST and b"\n" not in rest)
