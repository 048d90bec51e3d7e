"""What a reader sees of a part, read from its bytes and not from what the renderer meant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import lxml.html

from ranvier.rendering.chunks import SlotName, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from ranvier.checks.proof import Copy, Proof
    from ranvier.rendering.chunks import Variant
    from ranvier.summaries.summary import Summary

INERT = {name: f"https://slot.invalid/{name}" for name in SlotName}
"""Stand-ins for personal values; none of them needs escaping."""

Kind = Literal["html", "text"]

_NEVER_SEEN = frozenset({"head", "script", "style", "title", "template", "noscript"})
HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|(?:max-height|max-width):0(?![.\d]*[1-9])"
    r"|opacity:(?:0|\.|\d?\d%)|(?<![-a-z])color:transparent|text-fill-color:|text-indent:-"
    r"|position:(?:absolute|fixed)|(?<![-a-z])(?:clip|clip-path|mask|transform|filter|mix-blend-mode|unicode-bidi):"
    r"|(?<![-a-z])height:0(?![.\d]*[1-9])[^{}]*overflow:hidden"
    r"|overflow:hidden[^{}]*(?<![-a-z])height:0(?![.\d]*[1-9])"
)
"""Declarations that hide text or disguise it; white space is taken out and letters are small."""

_FONT_SIZE = re.compile(r"font-size:([\d.]+)")
_SMALLEST_FONT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One part as one reader gets it: the full copy, or the copy of a reader who gets a single item."""

    audience: str
    kind: Kind
    source: str
    """The part itself, decoded."""
    seen: str
    """Its visible text, squashed."""
    links: tuple[str, ...]
    """Where its links lead."""
    items: tuple[Summary, ...]
    root: HtmlElement | None = None
    """Its tree, if it is HTML."""
    is_full: bool = False
    """Whether it is the copy with every item, whose bytes are final."""

    @property
    def where(self) -> str:
        """The page in a finding."""
        return f"{self.audience}, {self.kind}"

    def shows(self, text: str) -> bool:
        """Whether the text stands there, whatever its case, line breaks and spacing."""
        return squash(text) in self.seen


def squash(text: str) -> str:
    """Text without what may differ between two ways to set it: case, white space, invisible marks."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if folded.isprintable():  # most are; a character of category C is not
        return folded
    return "".join(char for char in folded if unicodedata.category(char)[0] != "C")


def pages(proof: Proof) -> Iterator[Page]:
    """Both parts of every variant: the final full copy, then one copy for each item that it shows.

    Readers get subsets, so each item has to carry its caveats within its own chunks: what stands
    beside a neighbour is not there for everyone.
    """
    for variant in proof.variants:
        shown = _shown(variant, proof)
        if copy := proof.copies.get(variant.audience):
            everything = tuple(shown.values())
            for page in full_pages(variant.audience, copy, everything):
                yield replace(page, is_full=True)
        for bit, summary in shown.items():
            yield html_page(variant.audience, join(variant.html, INERT, item_set=bit), (summary,))
            yield text_page(variant.audience, join(variant.text, INERT, item_set=bit), (summary,))


def full_pages(audience: str, copy: Copy, items: tuple[Summary, ...]) -> tuple[Page, Page]:
    """HTML and text of a full copy."""
    return (
        html_page(audience, copy.html.decode("utf-8", "replace"), items),
        text_page(audience, copy.text.decode("utf-8", "replace"), items),
    )


def html_page(audience: str, html: str, items: tuple[Summary, ...]) -> Page:
    """An HTML part as a mail client shows it."""
    root = parse(html)
    seen = "" if root is None else squash(text_seen(root))
    links = () if root is None else tuple(link.get("href", "") for link in root.iter("a"))
    return Page(audience=audience, kind="html", source=html, seen=seen, links=links, items=items, root=root)


def text_page(audience: str, text: str, items: tuple[Summary, ...]) -> Page:
    """A text part; its links are its addresses."""
    links = tuple(re.findall(r"https?://\S+", text))
    return Page(audience=audience, kind="text", source=text, seen=squash(text), links=links, items=items)


def parse(html: str) -> HtmlElement | None:
    """The tree of a document, or None when there is nothing in it."""
    return lxml.html.document_fromstring(html) if html.strip() else None


def text_seen(element: HtmlElement, *, between: str = "") -> str:
    """The text of an element that a reader sees, in reading order, with `between` its pieces."""
    return between.join(_visible(element, hidden=False, tiny=False))


def _shown(variant: Variant, proof: Proof) -> dict[int, Summary]:
    """The summaries that a variant shows, by their bit."""
    return {
        1 << index: proof.summaries[item.slug]
        for index, item in enumerate(proof.issue.items)
        if variant.items & 1 << index
    }


def _visible(element: HtmlElement, *, hidden: bool, tiny: bool) -> Iterator[str]:
    """The element's text in reading order, without what its own styles hide.

    Zero-sized text is visible again inside an element that gives it a size, as MJML's cells do.
    """
    if not isinstance(element.tag, str) or element.tag in _NEVER_SEEN:
        return
    style = re.sub(r"\s+", "", element.get("style", "")).lower()
    unheard = element.get("aria-hidden") == "true"
    hidden = hidden or unheard or "hidden" in element.attrib or HIDING.search(style) is not None
    if size := _FONT_SIZE.search(style):
        tiny = float(size[1]) < _SMALLEST_FONT
    showing = not hidden and not tiny
    if showing and element.text:
        yield element.text
    for child in element:
        yield from _visible(child, hidden=hidden, tiny=tiny)
        if showing and child.tail:
            yield child.tail
