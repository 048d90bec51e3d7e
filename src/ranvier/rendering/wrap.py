"""Plain text in 72 columns of display width; an address is never broken (R233, R240)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wcwidth import iter_graphemes, width

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = 72


def wrap(text: str, indent: str = "") -> str:
    """One paragraph as lines, `indent` before all but the first; a word longer than a line is cut."""
    lines, line, used = [], "", 0
    for word in text.split():
        for piece in _pieces(word, COLUMNS - len(indent)):
            size = columns(piece)
            if line.strip() and used + 1 + size > COLUMNS:
                lines.append(line)
                line, used = indent, len(indent)
            glue = " " if line.strip() else ""
            line, used = line + glue + piece, used + len(glue) + size
    return "\n".join([*lines, line])


def prose(paragraphs: Sequence[str]) -> str:
    """Paragraphs as lines, a blank line between two."""
    return "\n\n".join(map(wrap, paragraphs))


def underline(text: str, mark: str) -> str:
    """A heading of one or more lines with a rule below it, as wide as its widest line."""
    wrapped = wrap(text)
    return f"{wrapped}\n{mark * max(map(columns, wrapped.splitlines()))}" if wrapped else ""


def _pieces(word: str, room: int) -> list[str]:
    if columns(word) <= room or "://" in word:
        return [word]
    pieces, piece, used = [], "", 0
    for grapheme in iter_graphemes(word):
        size = columns(grapheme)
        if used + size > room:
            pieces.append(piece)
            piece, used = "", 0
        piece, used = piece + grapheme, used + size
    return [*pieces, piece]


def columns(text: str) -> int:
    """How many columns a text takes: two for CJK, none for combining marks (UAX 11)."""
    return len(text) if text.isascii() else width(text)
