"""Paragraphs, excerpts and short titles; none of them ends inside a character that a reader sees as one."""

from __future__ import annotations

import re

from wcwidth import iter_graphemes

from ranvier.summaries.text import clean, one_line

ELLIPSIS = "…"
_CHARACTERS_PER_WORD = 12
"""Scripts without spaces count as words of this length."""

_BLANK_LINES = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"'\u201d\u2019)])\s+")


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, cleaned, each on one line; blank lines part them."""
    return tuple(line for part in _BLANK_LINES.split(clean(text)) if (line := one_line(part)))


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters of one line: whole words if they fill half of it, whole graphemes always."""
    if len(text) <= limit:
        return text
    kept = ""
    for grapheme in iter_graphemes(text):
        if len(kept) + len(grapheme) >= limit:
            break
        kept += grapheme
    words = kept.rpartition(" ")[0] if text[len(kept)] != " " else kept
    return (words if 2 * len(words) >= limit else kept).rstrip(" ,;:-\u2013") + ELLIPSIS


def excerpt(text: str, *, words: int) -> tuple[str, ...]:
    """Paragraphs up to the last sentence that fits into `words`; an ellipsis says that there is more."""
    whole = paragraphs(text)
    if sum(map(_words, whole)) <= words:
        return whole
    kept: list[str] = []
    for paragraph in whole:
        room = words - sum(map(_words, kept))
        begun = _sentences_within(paragraph, room)
        kept += [begun] if begun else []
        if begun != paragraph:
            break
    if not kept:
        return (shorten(whole[0], words * _CHARACTERS_PER_WORD // 2),)
    return (*kept[:-1], f"{kept[-1]} {ELLIPSIS}")


def sentences(paragraph: str) -> list[str]:
    """The sentences of one line; a heuristic that ends one after every full stop before white space."""
    return _SENTENCE_END.split(paragraph)


def _sentences_within(paragraph: str, words: int) -> str:
    if _words(paragraph) <= words:
        return paragraph
    kept: list[str] = []
    for sentence in sentences(paragraph):
        if _words(" ".join([*kept, sentence])) > words:
            break
        kept.append(sentence)
    return " ".join(kept)


def _words(text: str) -> int:
    return max(len(text.split()), len(text) // _CHARACTERS_PER_WORD)
