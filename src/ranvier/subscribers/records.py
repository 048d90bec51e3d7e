"""The records of a CSV file that a stranger made: one damaged record costs itself, never the rest."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedReader
    from typing import TextIO


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that cannot be split into cells, and why."""

    reason: str


def decode(stream: BufferedReader) -> TextIO:
    """The file's text: UTF-8; UTF-16 with a mark, as Excel's "Unicode text" is; else Windows-1252.

    Line ends stay as they are. A byte that is nothing in either becomes U+FFFD. Closing it closes `stream`.
    """
    utf16 = stream.peek(2)[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    if utf16:
        return TextIOWrapper(stream, encoding="utf-16", errors="replace", newline="")
    return TextIOWrapper(stream, encoding="utf-8-sig", errors="windows-1252", newline="")


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error("windows-1252", _windows_1252)


def records(lines: Iterable[str], *, delimiter: str, width: int) -> Iterator[list[str] | Broken]:
    """Each record as its `width` cells; empty lines are none.

    A quotation mark that is opened and never closed would swallow the lines below it. Its own line is given
    up as Broken and reading goes on with the next one.
    """
    lines, again = iter(lines), deque[str]()
    while True:
        taken: list[str] = []
        with suppress(csv.Error):
            for cells in csv.reader(_noted(again, lines, taken), delimiter=delimiter, strict=True):
                if len(cells) == width:
                    yield cells
                elif len(taken) > 1:
                    break  # a mark further down closed it by accident
                elif cells:
                    yield Broken(f"has {len(cells)} cells where the first line names {width} columns")
                taken.clear()
            else:
                return
        again.extendleft(reversed(taken[1:]))
        yield Broken('a quotation mark is not closed or stands inside a cell; double it ("") there')


def _noted(again: deque[str], lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines, those to be read again first; each is noted in `taken`."""
    while again:
        taken.append(again.popleft())
        yield taken[-1]
    for line in lines:
        taken.append(line)
        yield line
