"""A summary as the text of a web page: sections by bare headings or by order, then cards and boilerplate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from ranvier.summaries.dates import is_us_date, parse_date
from ranvier.summaries.judged import reading_of
from ranvier.summaries.markup import strip_tags
from ranvier.summaries.prose import prose
from ranvier.summaries.sections import HEADINGS, joined, section_named
from ranvier.summaries.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ranvier.summaries.judged import Reading

_LINK_WORDS = "read more"
# Copied text loses the line end after a card's link.
_GLUED_LINK = re.compile(rf"^[ \t]*({_LINK_WORDS})(?=\S)", re.MULTILINE | re.IGNORECASE)
_JOURNAL = re.compile(r"\bjournals? like (?P<journal>[^.\n]{1,200}?) often range")
_AFTER_BODY = re.compile(
    r"you may also like|related (?:articles|summaries)|ai-generated summary\b.*"
    r"|understanding .{0,40}research",
    re.IGNORECASE,
)
_VALUE = re.compile(r"(?P<value>[1-5])\s*(?:(?:/|of|out of)\s*5)?", re.IGNORECASE)
_SCORE = r"\d{1,2}(?:[.,]\d)?\s*(?:(?:/|of|out of)\s*\d{1,3})?"
_SCORE_BELOW = re.compile(_SCORE, re.IGNORECASE)
_RATING = re.compile(
    rf"(?P<name>credibility|interest)\s*(?::\s*(?P<stated>.{{0,12}})|(?P<score>{_SCORE}))?", re.IGNORECASE
)
_TITLE_LENGTH = 150
"""A row that is longer is prose; a title that is longer stands above a heading and is known by that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page's text states: fields as `summary_of` takes them, and the prose of its sections."""

    fields: dict[str, object]
    sections: dict[str, str]


def read_page(text: str, *, name: str) -> Reading:
    """The summary in the text of a page, whose file is `name`; its title is empty when the page has none."""
    page = parse_page(text)
    return reading_of(page.fields, source=name, name=PurePath(name).stem, sections=page.sections)


def parse_page(text: str) -> Page:
    """What stands above the sections, the sections, the cards below, and the boilerplate's journal."""
    text = clean(strip_tags(clean(text)))
    rows = [
        part for row in _GLUED_LINK.sub(r"\1\n", text).split("\n") for part in _split_heading(row.strip())
    ]
    end = _end_of_body(rows, _first_heading(rows) or 0)
    ratings, body = _without_ratings(rows[:end])
    start = _first_heading(body)
    if start is None:
        head, sections = _by_order(body)
    else:
        head, sections = _head(body[:start]), _by_heading(body[start:])
    journal = _JOURNAL.search(text)
    fields = {
        **head,
        **ratings,
        "journal": journal["journal"] if journal else "",
        "related": list(_cards(rows[end:])),
    }
    return Page(fields=fields, sections=sections)


def _split_heading(row: str) -> tuple[str, ...]:
    """A heading and the text behind its colon apart; one word and a colon may begin any sentence."""
    words, colon, rest = row.partition(":")
    return (words, rest.strip()) if colon and " " in words and rest and section_named(words) else (row,)


def _first_heading(rows: Sequence[str]) -> int | None:
    return next((index for index, row in enumerate(rows) if section_named(row)), None)


def _end_of_body(rows: Sequence[str], start: int) -> int:
    """The first row after `start` that belongs to the page and not to the summary."""
    has_begun = False
    for index, row in enumerate(rows[start:], start=start):
        if _AFTER_BODY.fullmatch(row) or _JOURNAL.search(row):
            return index
        if has_begun and is_us_date(row):
            return _before_title(rows, index)
        has_begun = has_begun or len(row) > _TITLE_LENGTH
    return len(rows)


def _before_title(rows: Sequence[str], index: int) -> int:
    """Where the card begins whose date is at `index`: its title, if it has one, stands twice above it."""
    filled = [place for place in range(index) if rows[place]][-2:]
    is_doubled = len(filled) > 1 and rows[filled[0]] == rows[filled[1]]
    return filled[0] if is_doubled else index


def _head(rows: Sequence[str]) -> dict[str, object]:
    stated = [row for row in rows if row]
    head: dict[str, object] = {}
    for row in stated:
        head.setdefault("date" if parse_date(row) else "title", row)
    return head


def _without_ratings(rows: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The ratings that stand in rows of their own, each beside its name or below it, and the other rows."""
    ratings: dict[str, str] = {}
    others: list[str] = []
    name = ""
    for row in rows:
        if rating := _RATING.fullmatch(row):
            name = rating["name"].lower()
            ratings[name] = ratings.get(name) or _of_five(rating["stated"] or rating["score"] or "")
        elif name and _SCORE_BELOW.fullmatch(row):
            ratings[name] = ratings[name] or _of_five(row)
        else:
            name = "" if row else name
            others.append(row)
    return ratings, others


def _of_five(text: str) -> str:
    """The number in "4 of 5"; "high" and "7/10" stay what they are, and are no rating."""
    value = _VALUE.fullmatch(text)
    return value["value"] if value else text


def _by_heading(rows: Sequence[str]) -> dict[str, str]:
    parts: list[tuple[str, list[str]]] = []
    for row in rows:
        if field := section_named(row):
            parts.append((field, []))
        else:
            parts[-1][1].append(row)
    return joined([(field, prose("\n".join(body))) for field, body in parts])


def _by_order(rows: Sequence[str]) -> tuple[dict[str, object], dict[str, str]]:
    """The title (mostly none) and the four parts in the order of `HEADINGS`.

    Another number of parts cannot be told apart: what follows the first is kept as findings, and the summary
    is quarantined for the considerations that it lacks.
    """
    parts = _parts(rows)
    head: dict[str, object] = {}
    if len(parts) > len(HEADINGS) and len(parts[0]) <= _TITLE_LENGTH and not parts[0].endswith((".", "!")):
        head["title"] = parts[0]
        parts = [part for part in parts if part != parts[0]]
    if len(parts) == len(HEADINGS):
        return head, dict(zip(HEADINGS, parts, strict=True))
    return head, {"takeaway": parts[0], "findings": "\n\n".join(parts[1:])} if parts else {}


def _parts(rows: Sequence[str]) -> list[str]:
    """Paragraphs between blank rows; where there is no blank row, each row is one."""
    text = "\n".join(rows).strip()
    pieces = re.split(r"\n\s*\n" if "\n\n" in text else "\n", text)
    return [part for part in map(prose, pieces) if part]


def _cards(rows: Sequence[str]) -> Iterator[dict[str, object]]:
    """Each card: its title (twice, or not at all), a US date, a blurb, then the words of its link."""
    titles: list[str] = []
    blurb: list[str] = []
    date = ""
    for row in rows:
        if row.lower() == _LINK_WORDS:
            if titles or date:
                yield {"title": titles[-1] if titles else "", "date": date, "blurb": " ".join(blurb)}
            titles, blurb, date = [], [], ""
        elif is_us_date(row):
            date = row
        elif row and not _AFTER_BODY.fullmatch(row):
            (blurb if date else titles).append(row)
