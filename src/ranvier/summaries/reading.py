"""Bytes of any kind become summaries, each fit to be mailed or quarantined with a reason."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.summaries.feeds import read_feed
from ranvier.summaries.html import read_html
from ranvier.summaries.judged import Reading, unreadable
from ranvier.summaries.markdown import is_markdown, read_markdown
from ranvier.summaries.markup import unescape
from ranvier.summaries.page_text import read_page
from ranvier.summaries.records import is_json, read_csv, read_json, read_jsonl
from ranvier.summaries.text import decode

if TYPE_CHECKING:
    from collections.abc import Callable

_FEED = re.compile(r"<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
_HTML = re.compile(r"<!doctype html|<html\b", re.IGNORECASE)
_OPENING = 2000


def read(data: bytes, *, name: str) -> tuple[Reading, ...]:
    """Every summary in `data`, whose file is `name`; nothing raises, what cannot be read is quarantined."""
    try:
        _refuse_binary(data)
        return READERS[_format(data, name)](data, name)
    except InputError as error:
        return (unreadable(name, str(error)),)


def _refuse_binary(data: bytes) -> None:
    """A PDF or a picture read as text would be a summary of noise."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if data.startswith(b"%PDF-") or (b"\0" in data[:_OPENING] and not is_utf16):
        raise InputError("is not text; save the summary as Markdown or plain text")


def _format(data: bytes, name: str) -> str:
    """The key of `READERS` that `data` shows by its first words, else the one its name ends in."""
    suffix = PurePath(name).suffix.lower()
    text = decode(data)
    opening = text[:_OPENING].lstrip()
    if opening.startswith("<") and (_FEED.search(opening) or _HTML.search(opening)):
        is_page = _HTML.search(opening) and not opening.lower().startswith(("<rss", "<feed"))
        return ".html" if is_page else ".xml"
    if opening.startswith(("{", "[")) and is_json(text):
        return ".json"
    if suffix in {".md", ".txt", ""} or suffix not in READERS:
        return ".md" if is_markdown(text.lstrip()) else ".txt"
    return suffix


def _markdown(data: bytes, name: str) -> tuple[Reading, ...]:
    return (read_markdown(decode(data), name=name),)


def _page(data: bytes, name: str) -> tuple[Reading, ...]:
    return (read_page(unescape(decode(data)), name=name),)


def _web_page(data: bytes, name: str) -> tuple[Reading, ...]:
    return (read_html(decode(data), name=name),)


READERS: dict[str, Callable[[bytes, str], tuple[Reading, ...]]] = {
    ".md": _markdown,
    ".txt": _page,
    ".html": _web_page,
    ".htm": _web_page,
    ".xml": lambda data, name: read_feed(data, name=name),
    ".json": lambda data, name: read_json(decode(data), name=name),
    ".jsonl": lambda data, name: read_jsonl(decode(data), name=name),
    ".csv": lambda data, name: read_csv(decode(data), name=name),
}
"""File ending → reader."""
