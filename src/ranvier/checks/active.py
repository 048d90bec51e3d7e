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
    {"details", "dialog", "font", "marquee"}  # they hide or disguise text
    | {"applet", "audio", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input", "link"}
    | {"math", "object", "script", "select", "source", "svg", "textarea", "video"}
)
_LOADS = re.compile(r"url\s*\(|@import|expression\s*\(|behavior\s*:", re.IGNORECASE)
_ADDRESSES = ("src", "srcset", "background", "poster", "data", "action", "formaction")


def check_active(page: Page, proof: Proof) -> Iterator[Finding]:
    """`active-content`, `remote-content`: all that is loaded is the publication's logo."""
    logo = proof.publication.logo
    for element in () if page.root is None else page.root.iter("*"):
        for code, message in _wrongs(element, logo.url if logo else ""):
            yield error(code, f"<{element.tag}> {message}", where=page.where)


def _wrongs(element: HtmlElement, logo: str) -> Iterator[tuple[str, str]]:
    attributes = {name.lower(): str(value) for name, value in element.attrib.items()}
    style = attributes.get("style", "") + ((element.text or "") if element.tag == "style" else "")
    if element.tag in _FORBIDDEN or attributes.get("http-equiv", "").lower() == "refresh":
        yield "active-content", "does not belong in a mail"
    if any(name.startswith("on") for name in attributes):
        yield "active-content", "has an event attribute"
    is_logo = bool(logo) and element.tag == "img" and attributes.get("src") == logo
    loaded = [name for name in _ADDRESSES if attributes.get(name) and not (is_logo and name == "src")]
    if loaded or _LOADS.search(style):
        yield "remote-content", "loads something when the mail is opened"
