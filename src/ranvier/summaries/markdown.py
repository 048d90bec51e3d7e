"""A summary as a Markdown file: YAML front matter, then its sections (design: Files that people edit)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.summaries.fields import named
from ranvier.summaries.front_matter import read_front_matter, write_front_matter
from ranvier.summaries.judged import reading_of
from ranvier.summaries.prose import escape_prose, line, plain
from ranvier.summaries.sections import HEADINGS, joined, section_named
from ranvier.summaries.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ranvier.summaries.judged import Reading
    from ranvier.summaries.summary import Summary

_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<words>.*)")
_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A heading and the text below it; `field` is that of `Summary`, empty for any other heading."""

    heading: str
    field: str
    depth: int
    text: str


def read_markdown(text: str, *, name: str) -> Reading:
    """The summary in `text`, with notes on what of the file is not in it.

    `name` is its file's name, for the slug and for errors. Raises `InputError` with file and line when the
    front matter is not YAML.
    """
    front, body = _split(clean(text), name)
    fields = named(read_front_matter(front, where=name))
    parts = tuple(_parts(body))
    title = next((part.heading for part in parts if part.depth == 1 and not part.field), "")
    stated = fields if fields.get("title") else {**fields, "title": title}
    sections = joined([(part.field, plain(part.text)) for part in parts if part.field])
    found = reading_of(stated, source=name, name=PurePath(name).stem, sections=sections)
    return replace(found, notes=(*found.notes, *_left_out(parts)))


def write_markdown(summary: Summary) -> str:
    """`summary` as a file from which `read_markdown` reads an equal one; what is not stated is left out."""
    sections = [
        f"## {heading}\n\n{escape_prose(text)}\n"
        for field, heading in HEADINGS.items()
        if (text := getattr(summary, field))
    ]
    return "\n".join([f"---\n{write_front_matter(summary)}---\n", *sections])


def is_markdown(text: str) -> bool:
    """Whether `text` shows itself as Markdown: front matter, or a section under a `#` heading."""
    headings = (_HEADING.match(row) for row in text.split("\n"))
    return text.startswith("---\n") or any(match and section_named(match["words"]) for match in headings)


def _split(text: str, name: str) -> tuple[str, str]:
    """Front matter without its fences, and the body; front matter is empty where there is none."""
    rows = text.lstrip("\n").split("\n")
    if rows[0].rstrip() != "---":
        return "", text
    for number, row in enumerate(rows[1:], start=1):
        if _FENCE.fullmatch(row):
            return "\n".join(rows[1:number]), "\n".join(rows[number + 1 :])
    raise InputError("the front matter has no end; put a line --- below its last key", where=f"{name}:1")


def _parts(body: str) -> Iterator[_Part]:
    heading, field, depth = "", "", 0
    rows: list[str] = []
    for row in body.split("\n"):
        match = _HEADING.match(row)
        words = match["words"].rstrip(" \t#") if match else ""
        known = section_named(words)
        # A deeper heading divides its section; any other that is unknown ends it.
        if match and (known or not field or len(match["marks"]) <= depth):
            yield _Part(heading=heading, field=field, depth=depth, text="\n".join(rows))
            heading, field, depth, rows = line(words), known or "", len(match["marks"]), []
        else:
            rows.append(row)
    yield _Part(heading=heading, field=field, depth=depth, text="\n".join(rows))


def _left_out(parts: Iterable[_Part]) -> Iterator[str]:
    for part in parts:
        if not part.field and part.text.strip():
            place = f'below the heading "{part.heading}"' if part.heading else "above the first heading"
            yield f"the text {place} is left out; move it below one of the four headings"
