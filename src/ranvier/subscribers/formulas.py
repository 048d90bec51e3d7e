"""Cells that a spreadsheet would run as a formula: written with an apostrophe before, read without it."""

from __future__ import annotations

import re

# OWASP's "CSV Injection" list, the full-width forms that Excel takes for the same included. A semicolon or a
# tab inside a cell starts a new one in a spreadsheet whose country separates cells by it.
_CELL_START = r"(?:^|(?<=[;\t]))"
_FORMULA = r"(?='*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"
_UNGUARDED = re.compile(_CELL_START + _FORMULA)
_GUARDED = re.compile(_CELL_START + "'" + _FORMULA)


def guard(cell: str) -> str:
    """The cell with `'` before whatever would start a formula; `unguard` takes away exactly that."""
    return _UNGUARDED.sub("'", cell)


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return _GUARDED.sub("", cell) if "'" in cell else cell
