"""The lines of an issue file: which of them mean something, and how a note may hold their like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADING = re.compile(r"##(?:[ \t]+(.*?))?[ \t]*")
"""Matches a whole line (`fullmatch`); only an unindented `##` starts a topic."""

# A note may hold lines that look like ours. One more space in front hides them from us, and CommonMark still
# renders a heading as a heading with it.
_LIKE_OURS = re.compile(r"^(?= *(?:##(?:[ \t]|$)|<!--))", re.MULTILINE)
_HIDDEN = re.compile(r"^ (?= *(?:##(?:[ \t]|$)|<!--))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end, and its number from 1 for messages."""

    number: int
    text: str


def numbered(text: str) -> tuple[Line, ...]:
    """The file's lines, whoever wrote its line ends and byte order mark."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return tuple(Line(at, line) for at, line in enumerate(text.split("\n"), start=1))


def without_comments(lines: Sequence[Line], where: str) -> tuple[Line, ...]:
    """The lines without HTML comments that begin a line. Raises InputError for one that never ends."""
    kept: list[Line] = []
    opened: Line | None = None
    for line in lines:
        if opened is None and not line.text.startswith("<!--"):
            kept.append(line)
            continue
        _, end, rest = line.text.partition("-->")
        opened = None if end else opened or line
        if rest.strip():
            kept.append(Line(line.number, rest))
    if opened:
        raise InputError("this comment never ends; close it with -->", where=f"{where}:{opened.number}")
    return tuple(kept)


def hide(note: str) -> str:
    """The note as it may stand in a file: nothing in it is taken for a topic or a comment."""
    return _LIKE_OURS.sub(" ", note)


def show(note: str) -> str:
    """Undoes `hide`."""
    return _HIDDEN.sub("", note)
