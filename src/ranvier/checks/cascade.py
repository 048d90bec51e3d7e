"""Which colours an element ends up with: its own styles, a dark style sheet over them, what it inherits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import tinycss2
from cssselect import SelectorError, parse
from lxml.cssselect import CSSSelector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement


_NAMES = {"black": "#000000", "white": "#ffffff"}
_SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_NO_GROUND = frozenset({"", "transparent", "none", "inherit", "initial"})
_PAPER, _INK = "#ffffff", "#000000"
"""Of a mail program that nobody told."""

_DARK = "prefers-color-scheme: dark"
_SIZE = re.compile(r"([\d.]+)px")
_USUAL_SIZE = 16.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Declarations for what a selector finds; `weight` decides between two of them."""

    selector: CSSSelector
    weight: tuple[int, int, int]
    declared: Mapping[str, str]
    important: frozenset[str]

    def found_in(self, body: HtmlElement) -> list[HtmlElement]:
        """The elements that the selector finds, seen from the document's root."""
        found: Any = self.selector(body.getroottree())  # the stubs know any result of XPath; this is a list
        return list(found)


@dataclass(frozen=True)
class Cascade:
    """The styles of every element below `body`, with `rules` over its own where they win."""

    body: HtmlElement
    rules: tuple[Rule, ...] = ()
    styles: dict[HtmlElement, dict[str, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for element in (self.body, *self.body.iterdescendants("*")):
            ground = (
                {"background-color": element.get("bgcolor", "").lower()} if element.get("bgcolor") else {}
            )
            self.styles[element] = ground | declarations(element.get("style", ""))
        for rule in sorted(self.rules, key=lambda rule: rule.weight):
            for element in rule.found_in(self.body):
                own = self.styles.get(element)
                if own is not None:
                    own |= {
                        name: value
                        for name, value in rule.declared.items()
                        if name in rule.important or name not in own
                    }

    def value(self, element: HtmlElement, name: str) -> str:
        """The nearest declaration of an inherited property, or nothing."""
        for node in (element, *element.iterancestors()):
            if found := self.styles.get(node, {}).get(name):
                return found
        return ""

    def colour(self, element: HtmlElement) -> str:
        """The colour of its text as #rrggbb; another notation as it is written."""
        return _hex(self.value(element, "color") or _INK)

    def ground(self, element: HtmlElement) -> str:
        """The colour behind its text: its own, or that of what it stands in."""
        for node in (element, *element.iterancestors()):
            style = self.styles.get(node, {})
            own = style.get("background-color", "") or style.get("background", "")
            if own not in _NO_GROUND:
                return _hex(own)
        return _PAPER

    def size(self, element: HtmlElement) -> float:
        """The size of its text in px."""
        found = _SIZE.fullmatch(self.value(element, "font-size"))
        return float(found[1]) if found else _USUAL_SIZE


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, names and values in small letters."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()
    }


def dark_rules(root: HtmlElement) -> tuple[Rule, ...]:
    """The rules that a document has for readers who prefer dark; what cannot be read is no rule."""
    return tuple(
        rule
        for sheet in root.iter("style")
        for media in tinycss2.parse_stylesheet(sheet.text or "", skip_comments=True, skip_whitespace=True)
        if media.type == "at-rule"
        and media.content is not None
        and _DARK in tinycss2.serialize(media.prelude)
        for style in tinycss2.parse_rule_list(media.content, skip_comments=True, skip_whitespace=True)
        if style.type == "qualified-rule"
        for rule in _rules(style)
    )


def _rules(style: tinycss2.ast.QualifiedRule) -> Iterator[Rule]:
    stated = tinycss2.parse_blocks_contents(style.content, skip_comments=True, skip_whitespace=True)
    said = [one for one in stated if one.type == "declaration"]
    declared = {one.lower_name: tinycss2.serialize(one.value).strip().lower() for one in said}
    important = frozenset(one.lower_name for one in said if one.important)
    try:
        selectors = parse(tinycss2.serialize(style.prelude))
    except SelectorError:
        return
    for selector in selectors:
        yield Rule(CSSSelector(selector.canonical()), selector.specificity(), declared, important)


def _hex(colour: str) -> str:
    plain = _NAMES.get(colour, colour)
    return _SHORT.sub(r"#\1\1\2\2\3\3", plain) if _SHORT.fullmatch(plain) else plain
