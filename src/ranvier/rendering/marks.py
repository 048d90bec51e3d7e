"""Marks that a template sets and that content cannot imitate; a rendered part is cut into chunks at them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ranvier.rendering.chunks import Chunk, Part, Slot, SlotName


@dataclass(frozen=True, slots=True)
class Marks:
    """Border marks and slot marks of one variant. The nonce hashes all input, so no input can hold it."""

    nonce: str

    def only(self, items: int) -> str:
        """From here on, what follows is shown to readers of these items; 0 is everyone."""
        return f"{self.nonce}.{items}."

    def slot(self, name: str) -> str:
        """A place that each reader's own value fills; safe in an href, in HTML and in text."""
        return f"{self.nonce}.{SlotName(name)}."

    def cut(self, rendered: str) -> Part:
        """The part that the marks describe. A mark on a line of its own takes the line with it."""
        mark = re.compile(rf"(?:<!--)?{self.nonce}\.(?:(\d+)\.(?:-->)?\n?|([a-z-]+)\.)")
        pieces: list[Chunk | Slot] = []
        items = start = 0
        for found in mark.finditer(rendered):
            pieces += _chunk(rendered[start : found.start()], items)
            start = found.end()
            if found[2]:
                pieces.append(Slot(SlotName(found[2])))
            else:
                items = int(found[1])
        pieces += _chunk(rendered[start:], items)
        return tuple(pieces)


def marks_for(*inputs: object) -> Marks:
    """Marks that depend on every input and on nothing else: the same inputs give the same bytes."""
    return Marks("r" + hashlib.sha256(repr(inputs).encode("utf-8", "surrogatepass")).hexdigest()[:24])


def _chunk(text: str, items: int) -> list[Chunk]:
    return [Chunk(text, items)] if text else []
