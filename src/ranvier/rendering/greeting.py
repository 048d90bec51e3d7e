"""The greeting line: with a name only if it looks like one; a name field takes whatever a stranger types."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
_NOT_A_NAME = re.compile(r"://|www\.|@|[<>{}\[\]|\\]|%0[ad]|^[=+\-]|\.[a-z]{2,}/", re.IGNORECASE)


def greeting(name: str) -> str:
    """One line of plain text: "Hello Amelia Cooper," or "Hello,". Escape it for HTML."""
    trimmed = name.strip()
    return f"Hello {trimmed}," if _looks_like_a_name(trimmed) else "Hello,"


def _looks_like_a_name(name: str) -> bool:
    if not 0 < len(name) <= LONGEST or _NOT_A_NAME.search(name):
        return False
    # Cc controls, Cf bidirectional overrides and zero-width characters, Cs surrogates, Zl and Zp line ends.
    # Printable ASCII has none of them, and is what most names are.
    if not (name.isascii() and name.isprintable()) and any(
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for character in name
    ):
        return False
    return any(character.isalpha() for character in name)
