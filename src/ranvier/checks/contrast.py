"""Every text stands out from its ground, in the light palette and in the dark one (R199, WCAG 1.4.3).

To mend: change the colour in templates/look.toml; a template of your own should take its colours from there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.cascade import PALETTES, Cascade, has_text, palette_rules
from ranvier.checks.finding import error
from ranvier.rendering.contrast import LEAST, LEAST_LARGE, contrast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_MEASURED = re.compile(r"#[0-9a-f]{6}")
_LARGE, _LARGE_IF_BOLD = 24.0, 18.66
_BOLD = frozenset({"bold", "700", "800", "900"})


def check_contrast(page: Page, _: Proof) -> Iterator[Finding]:
    """`low-contrast`, `unknown-colour`: said once for each pair of colours."""
    body = None if page.root is None else page.root.find("body")
    if page.root is None or body is None:
        return
    for name in PALETTES:
        cascade = Cascade(body, palette_rules(page.root, name))
        told = set()
        for element in body.iter("*"):
            if not has_text(element):
                continue
            said = _complaint(element, cascade)
            if said and said not in told:
                told.add(said)
                code, message = said
                yield error(code, f"in the {name} palette, {message}", where=page.where)


def _complaint(element: HtmlElement, cascade: Cascade) -> tuple[str, str] | None:
    text, ground = cascade.colour(element), cascade.ground(element)
    unknown = next((colour for colour in (text, ground) if not _MEASURED.fullmatch(colour)), None)
    if unknown is not None:
        return "unknown-colour", f'"{unknown}" is a colour that cannot be measured; write #rrggbb'
    least = LEAST_LARGE if _is_large(element, cascade) else LEAST
    ratio = contrast(text, ground)
    if ratio >= least:
        return None
    return "low-contrast", f"{text} on {ground} has {ratio:.1f}:1; {least}:1 is needed"


def _is_large(element: HtmlElement, cascade: Cascade) -> bool:
    size = cascade.size(element)
    return size >= _LARGE or (size >= _LARGE_IF_BOLD and cascade.value(element, "font-weight") in _BOLD)
