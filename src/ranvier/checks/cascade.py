"""Which colours an element ends up with: its own styles, a dark style sheet over them, what it inherits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import tinycss2
from cssselect import SelectorError, parse
from lxml.cssselect import CSSSelector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement


Palette = Literal["light", "dark"]
_NAMES = {"black": "#000000", "white": "#ffffff"}
_SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_NO_GROUND = frozenset({"", "transparent", "none", "inherit", "initial"})
_PAPER, _INK = "#ffffff", "#000000"
"""Of a mail program that nobody told."""

PALETTES: tuple[Palette, ...] = ("light", "dark")
_OUTLOOK = re.compile(r"\[data-ogs[cb]\]")
"""Outlook's apps set this attribute on a mail that they show dark."""
_TERSE = {"skip_comments": True, "skip_whitespace": True}
_SIZE = re.compile(r"([\d.]+)px")
_USUAL_SIZE = 16.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Declarations for the elements that a selector found; `weight` decides between two of them."""

    found: tuple[HtmlElement, ...]
    weight: tuple[int, int, int]
    plain: Mapping[str, str]
    important: Mapping[str, str]


@dataclass(frozen=True)
class Cascade:
    """The styles of every element below `body`: plain rules, its own over them, important rules over all."""

    body: HtmlElement
    rules: tuple[Rule, ...] = ()
    styles: dict[HtmlElement, dict[str, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        inline = {element: _own(element) for element in (self.body, *self.body.iterdescendants("*"))}
        self.styles.update((element, {}) for element in inline)
        for rule, element in self._matches():
            self.styles[element] |= rule.plain
        for element, own in inline.items():
            self.styles[element] |= own
        for rule, element in self._matches():
            self.styles[element] |= rule.important

    def _matches(self) -> Iterator[tuple[Rule, HtmlElement]]:
        """Each rule with each element that it is about, the weightiest last."""
        for rule in sorted(self.rules, key=lambda rule: rule.weight):
            for element in rule.found:
                if element in self.styles:
                    yield rule, element

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


def has_text(element: HtmlElement) -> bool:
    """Whether it holds words of its own, beside those of the elements in it."""
    own = [element.text, *(child.tail for child in element)]
    return any(text and text.strip() for text in own)


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute, names and values in small letters."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {
        name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value.strip()
    }


def palette_rules(root: HtmlElement, palette: Palette) -> tuple[Rule, ...]:
    """A document's rules for readers who prefer a palette; what cannot be read is no rule.

    A rule for some screens counts as one for all.
    """
    sheets = (tinycss2.parse_stylesheet(sheet.text or "", **_TERSE) for sheet in root.iter("style"))
    return tuple(
        rule
        for sheet in sheets
        for style in _styles(sheet, other="dark" if palette == "light" else "light")
        for rule in _rules(style, root, palette)
    )


def _styles(sheet: list[Any], *, other: str) -> Iterator[tinycss2.ast.QualifiedRule]:
    for rule in sheet:
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword == "media":
            media = tinycss2.serialize(rule.prelude).lower().replace(" ", "")
            if media != "print" and f"prefers-color-scheme:{other}" not in media:
                yield from _styles(tinycss2.parse_rule_list(rule.content, **_TERSE), other=other)


def _rules(style: tinycss2.ast.QualifiedRule, root: HtmlElement, palette: Palette) -> Iterator[Rule]:
    about = tinycss2.serialize(style.prelude)
    if palette == "dark":
        about = _OUTLOOK.sub("", about)
    said = [one for one in tinycss2.parse_blocks_contents(style.content) if one.type == "declaration"]
    plain, important = (
        {
            one.lower_name: tinycss2.serialize(one.value).strip().lower()
            for one in said
            if one.important is is_important
        }
        for is_important in (False, True)
    )
    try:
        for selector in parse(about):
            found: Any = CSSSelector(selector.canonical())(root.getroottree())  # a list, as for any selector
            yield Rule(tuple(found), selector.specificity(), plain, important)
    except SelectorError:
        return


def _own(element: HtmlElement) -> dict[str, str]:
    ground = element.get("bgcolor", "").lower()
    return ({"background-color": ground} if ground else {}) | declarations(element.get("style", ""))


def _hex(colour: str) -> str:
    plain = _NAMES.get(colour, colour)
    return _SHORT.sub(r"#\1\1\2\2\3\3", plain) if _SHORT.fullmatch(plain) else plain
