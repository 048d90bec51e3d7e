"""Tags out of text that may hold some; their words stay readable, "p <0.05" and "<5%" stay whole."""

from __future__ import annotations

import html
import re

INLINE = re.compile(
    r"a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong"
    r"|sub|sup|tt|u|var|wbr"
)
"""Elements that stand within a word or a sentence."""
BLOCK = re.compile(
    r"address|article|aside|blockquote|body|br|button|caption|center|d[dlt]|details|div|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|hr|html|label|li|main|nav|ol|option|p|pre|section|select|summary|table|tbody|t[dhr]"
    r"|tfoot|thead|time|ul"
)
"""Elements that stand apart."""
EXPONENT = re.compile(r"\s*[-+\u22120-9]")
"""How a superscript begins that is a power: without its markup, 10<sup>6</sup> would be another number."""

_OTHER = re.compile(
    r"audio|base|canvas|embed|head|iframe|img|input|link|meta|mjml|noscript|object|picture|script|source|style|svg"
    r"|template|title|video"
)
# After the name only things shaped like attributes, so that "a <b and c> d" stays what it is.
_ATTRIBUTES = r"""(?:\s+[\w:@.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=`]+)|\s+(?:async|defer|hidden|open)\b)*"""
_TAG = re.compile(
    rf"<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9]*(?:[:-][A-Za-z0-9-]+)?)(?P<attributes>{_ATTRIBUTES})\s*/?>"
)
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->|<!doctype\b[^<>]*>", re.DOTALL | re.IGNORECASE)
_UNSEEN = rf"<(?P<name>script|style|template|noscript|iframe|mj-style|mj-head){_ATTRIBUTES}\s*>"
_UNSEEN_PAIR = re.compile(rf"{_UNSEEN}(?:(?!<(?P=name)\b).)*?</(?P=name)\s*>", re.DOTALL | re.IGNORECASE)
# One that is never closed must not swallow the rest of a section, caveats included.
_UNSEEN_UNCLOSED = re.compile(rf"{_UNSEEN}.*?(?=\n\s*\n|\Z)", re.DOTALL | re.IGNORECASE)
_POWER = re.compile(rf"(?<=[\w)])<sup>(?={EXPONENT.pattern})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def strip_tags(text: str) -> str:
    """`text` without markup: blocks become paragraphs, scripts and styles vanish with what is in them."""
    for unseen in (_COMMENT, _UNSEEN_PAIR, _UNSEEN_UNCLOSED):
        text = unseen.sub(" ", text)
    return _TAG.sub(_instead_of_tag, _POWER.sub("^", text))


def unescape(text: str) -> str:
    """`text` with its complete character references decoded, once."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _instead_of_tag(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if INLINE.fullmatch(name):
        return ""
    if BLOCK.fullmatch(name):
        return "\n\n\u2022 " if name == "li" and not tag["end"] else "\n\n"
    # An unknown word in angle brackets ("<LOD>") is text; with a dash, a colon or attributes it is markup.
    is_markup = _OTHER.fullmatch(name) or re.search("[:-]", name) or tag["attributes"]
    return " " if is_markup else tag[0]
