"""A mail holds nothing that runs, loads, submits or tracks (R125, R206, promise 8).

To mend: take it out of the template; text from summaries and editors comes out escaped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_FORBIDDEN = frozenset(
    {"applet", "audio", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input", "link"}
    | {"math", "object", "script", "select", "source", "svg", "textarea", "video"}
)
_SAFE_LINK = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_LOADS = re.compile(r"url\s*\(|@import|expression\s*\(|behavior\s*:", re.IGNORECASE)
_ADDRESSES = ("src", "srcset", "background", "poster", "data", "action", "formaction")


def check_active(page: Page, _: Proof) -> Iterator[Finding]:
    """`active-content`, `unsafe-link`, `remote-content`."""
    for element in () if page.root is None else page.root.iter("*"):
        for code, message in _wrongs(element):
            yield error(code, f"<{element.tag}> {message}", where=page.where)


def _wrongs(element: HtmlElement) -> Iterator[tuple[str, str]]:
    attributes = {name.lower(): str(value) for name, value in element.attrib.items()}
    href = attributes.get("href", "#").strip()
    style = attributes.get("style", "") + ((element.text or "") if element.tag == "style" else "")
    if element.tag in _FORBIDDEN or attributes.get("http-equiv", "").lower() == "refresh":
        yield "active-content", "does not belong in a mail"
    if any(name.startswith("on") for name in attributes):
        yield "active-content", "has an event attribute"
    if not _SAFE_LINK.match(href):
        yield "unsafe-link", f"leads to {href[:60]}"
    if any(attributes.get(name) for name in _ADDRESSES) or _LOADS.search(style):
        yield "remote-content", "loads something when the mail is opened"
