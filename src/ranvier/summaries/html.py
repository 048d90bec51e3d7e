"""A summary as a web page: its text is read like any page's, its markup adds what the text does not show."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from ranvier.errors import InputError
from ranvier.summaries import links
from ranvier.summaries.fields import named
from ranvier.summaries.judged import reading_of
from ranvier.summaries.markup import BLOCK, EXPONENT
from ranvier.summaries.page_text import parse_page
from ranvier.summaries.sections import section_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from selectolax.lexbor import LexborNode

    from ranvier.summaries.judged import Reading

_SILENT = ["script", "style", "template", "noscript", "svg", "iframe", "object", "head"]
_NOISE = "nav, header, footer, aside, details, form"
_MAX_TAGS = 30_000
_HEADINGS = "h1, h2, h3, h4, h5, h6"


def read_html(text: str, *, name: str) -> Reading:
    """The summary on a web page; `name` is the page's file.

    Raises `InputError` for more tags than a page of text has.
    """
    tree = _parsed(text)
    stated = _metadata(tree)
    heading = tree.css_first("h1") or tree.css_first("title")
    title = heading.text() if heading else ""
    page = parse_page(html_text(text))
    fields = {**page.fields, "title": title, **{key: value for key, value in stated.items() if value}}
    place = links.last_segment(stated["link"]) or PurePath(name).stem
    return reading_of(fields, source=name, name=place, sections=page.sections)


def html_text(markup: str) -> str:
    """The words of a page or a fragment, blocks apart by a blank line, without navigation and other noise.

    Raises `InputError` for more tags than a page of text has.
    """
    tree = _parsed(markup)
    tree.strip_tags(_SILENT)
    for node in tree.css(_NOISE):
        if not any(child.tag == "h1" or section_named(child.text()) for child in node.css(_HEADINGS)):
            node.decompose()
    for node in tree.css("sup"):
        if EXPONENT.match(node.text()):
            node.insert_before("^")
    if tree.root is None:
        return ""
    inline = {node.tag for node in tree.root.traverse() if node.tag and not BLOCK.fullmatch(node.tag)}
    tree.unwrap_tags(sorted(inline))
    tree.root.merge_text_nodes()
    return tree.root.text(separator="\n\n")


def _parsed(markup: str) -> LexborHTMLParser:
    # Tags that are nested by the ten thousand take the parser minutes.
    if markup.count("<") > _MAX_TAGS:
        raise InputError("more tags than a page of text has; save its text alone")
    return LexborHTMLParser(markup)


def _metadata(tree: LexborHTMLParser) -> dict[str, str]:
    """What only the markup states: address, date, paper and ratings; empty where it says nothing."""
    linked = dict(_linked_data(tree))
    return {
        "link": _attribute(tree, 'link[rel="canonical"]', "href")
        or _attribute(tree, 'meta[property="og:url"]', "content"),
        "date": linked.get("date", "")
        or _attribute(tree, 'meta[property="article:published_time"]', "content"),
        "doi": linked.get("doi", "") or links.doi(_attribute(tree, 'meta[name="citation_doi"]', "content")),
        **dict(_ratings(tree)),
    }


def _ratings(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for meter in tree.css("meter, [role=meter]"):
        attributes = meter.attributes
        label = (attributes.get("aria-label") or _label_text(meter)).strip().lower()
        highest = attributes.get("aria-valuemax") or attributes.get("max")
        if label in {"credibility", "interest"} and highest == "5":
            yield label, attributes.get("aria-valuenow") or attributes.get("value") or ""


def _label_text(meter: LexborNode) -> str:
    parent = meter.parent
    return parent.text(deep=False) if parent is not None and parent.tag == "label" else ""


def _linked_data(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            data = json.loads(script.text())
        except (ValueError, RecursionError):  # a broken block is no data; the page can still be read
            continue
        if isinstance(data, dict):
            yield from _article(named(data))


def _article(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    based_on = data.get("isbasedon")
    if isinstance(based_on, str) and links.doi(based_on):
        yield "doi", links.doi(based_on)
    if isinstance(published := data.get("datepublished"), str):
        yield "date", published


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return (node.attributes.get(name) or "") if node else ""
