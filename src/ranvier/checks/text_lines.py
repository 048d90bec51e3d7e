"""Plain text that someone chose to write: 72 columns, whole addresses, no leftovers of markup (R233-R240).

To mend: pass long lines through `wrap` in templates/digest.txt.j2 and its parts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error, warning
from ranvier.rendering.wrap import COLUMNS, columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_LEFTOVER = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|#\d+);|</?(?:p|br|div|span|table|td|a|b|i|strong|em)\b[^>]*>"
)
_INVISIBLE = re.compile("[\xad\u200b\u2060\ufeff]")


def check_text_lines(page: Page, _: Proof) -> Iterator[Finding]:
    """`wide-text`, `invisible-text`, `markup-in-text`."""
    if page.kind != "text":
        return
    lines = page.source.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if columns(line) > COLUMNS and "://" not in line:
            message = f"line {number} is {columns(line)} columns wide; {COLUMNS} are the limit"
            yield error("wide-text", message, where=page.where)
            break
    if _INVISIBLE.search(page.source):
        yield error("invisible-text", "holds characters that nobody sees", where=page.where)
    if found := _LEFTOVER.search(page.source):
        yield warning("markup-in-text", f"holds {found[0]}", where=page.where)
