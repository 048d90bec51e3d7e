"""Prose as strangers write it (Markdown, HTML, glued sentences) becomes plain paragraphs, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from ranvier.summaries.markup import strip_tags, unescape
from ranvier.summaries.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

# No raw HTML, no references (a definition would vanish), no indented code, no underlined headings.
_RULES = "heading list blockquote fence hr emphasis link image autolink backticks escape entity newline"
_MARKDOWN = MarkdownIt("zero").enable(_RULES.split())

_ADDRESS = re.compile(r"://|www\.|@|\b10\.\d{4,}|\w\.[a-z]{2,}/", re.IGNORECASE)
# Two small letters, a closing bracket, a percent sign or a year can end a sentence;
# "U.S.A", "IL-4.Th" and "p.Arg" are names, and "Example.Org" is an address.
_SEAM = re.compile(
    r"(?:(?<=[a-zß-öø-ÿ]{2})|(?<=[)\]%])|(?<=\b(?:19|20)\d\d))([.!?][\u201d\u2019)\]]?)"
    r"(?=[\u201c\u2018(]?[A-ZÀ-ÖØ-Þ])(?!(?i:com|org|net|gov|edu|int|info|pdf|csv|jpe?g|png|docx?|xlsx?|js)\b)"
)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# A source that cuts after so many characters may cut a tag.
_CUT_TAG = re.compile(r"(?<=\w)<[/A-Za-z]*$")


def plain(markdown: str) -> str:
    """The words of Markdown that may hold HTML: paragraphs of plain text, entities decoded once."""
    return prose("\n\n".join(_blocks(strip_tags(clean(markdown)))))


def prose(text: str) -> str:
    """Plain text in its one form: one line per paragraph, one blank line between, glued sentences apart."""
    paragraphs = (one_line(paragraph) for paragraph in re.split(r"\n\s*\n", clean(text)))
    return "\n\n".join(_separated(paragraph) for paragraph in paragraphs if paragraph)


def line(text: str) -> str:
    """A field of one line: no tags, entities decoded once, single spaces."""
    return one_line(unescape(strip_tags(clean(text))))


def teaser(text: str) -> str:
    """A line that its source may have cut short, in the middle of a tag too."""
    return _CUT_TAG.sub("", line(text)).rstrip()


def escape_prose(text: str) -> str:
    """Markdown from which `plain` reads exactly `text`; left as it is wherever that is possible."""
    return "\n\n".join(
        paragraph if plain(paragraph) == paragraph else _PUNCTUATION.sub(r"\\\1", paragraph)
        for paragraph in text.split("\n\n")
    )


def escape_line(text: str) -> str:
    """What `line` reads as exactly `text`; left as it is wherever that is possible."""
    return text if line(text) == text else text.replace("&", "&amp;").replace("<", "&lt;")


def _separated(paragraph: str) -> str:
    """`paragraph` with a space between sentences that were glued; web addresses and DOIs are left alone."""
    words = paragraph.split(" ")
    return " ".join(word if _ADDRESS.search(word) else _SEAM.sub(r"\1 ", word) for word in words)


def _blocks(markdown: str) -> Iterator[str]:
    marker = ""
    for token in _MARKDOWN.parse(markdown):
        if token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else "\u2022 "
        elif token.type == "inline":
            yield marker + _words(token.children or ())
            marker = ""
        elif token.type == "fence":
            yield marker + token.content
            marker = ""


def _words(children: Sequence[Token]) -> str:
    return "".join(" " if child.type.endswith("break") else child.content for child in children)
