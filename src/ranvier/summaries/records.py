"""Summaries as records: JSON, one JSON object per line, JSON Feed 1.1, and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from ranvier.errors import InputError
from ranvier.summaries import links
from ranvier.summaries.feeds import feed_source
from ranvier.summaries.fields import Fields, named, text_of
from ranvier.summaries.html import html_text
from ranvier.summaries.judged import Reading, reading_of, unreadable
from ranvier.summaries.page_text import parse_page
from ranvier.summaries.prose import plain
from ranvier.summaries.sections import joined, section_named

_LISTS = ("items", "summaries", "entries")
# The module stops at 128 kB in one field; a source as a whole is limited in library.py.
_FIELD_LIMIT = 10_000_000


def read_json(text: str, *, name: str) -> tuple[Reading, ...]:
    """One object, a list of them, or a JSON Feed. Raises `InputError` when it is not JSON."""
    data = _parsed(text, where=name)
    records, home = _records(data, name)
    if not records:
        raise InputError("no summaries in this JSON; a list of objects is expected", where=name)
    return tuple(
        _record(record, home=home, place=str(number)) for number, record in enumerate(records, start=1)
    )


def read_jsonl(text: str, *, name: str) -> tuple[Reading, ...]:
    """One object per line; a line that is not JSON is a problem of its own."""
    rows = [(number, row) for number, row in enumerate(text.split("\n"), start=1) if row.strip()]
    if not rows:
        raise InputError("this file is empty; one JSON object per line is expected", where=name)
    return tuple(_row(row, name=name, number=number) for number, row in rows)


def read_csv(text: str, *, name: str) -> tuple[Reading, ...]:
    """One summary per record, columns named like the keys of a summary's front matter and its sections."""
    csv.field_size_limit(_FIELD_LIMIT)
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    try:
        records = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(f"not a CSV file ({error}); export it again as CSV in UTF-8", where=name) from error
    if not records:
        raise InputError("no records in this CSV; the first line names the columns", where=name)
    return tuple(
        _record(record, home=name, place=str(number)) for number, record in enumerate(records, start=1)
    )


def is_json(text: str) -> bool:
    """Whether the whole of `text` is one JSON object or list."""
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _parsed(text: str, *, where: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON ({error.msg}); mend it and try again", where=f"{where}:{error.lineno}"
        ) from error
    except (ValueError, RecursionError) as error:  # thousands of digits or of brackets
        raise InputError("this JSON cannot be read; write it flatter", where=where) from error


def _records(data: object, name: str) -> tuple[list[object], str]:
    """The records in `data` and the name of the place that their ids belong to."""
    if isinstance(data, Mapping):
        home = links.web_address(text_of(data.get("home_page_url"))) or name
        held = next((data[key] for key in _LISTS if isinstance(data.get(key), list)), [data])
        return list(held), home
    return (data if isinstance(data, list) else []), name


def _row(row: str, *, name: str, number: int) -> Reading:
    try:
        return _record(_parsed(row, where=name), home=name, place=str(number))
    except InputError as error:
        return _misread(name, str(number), f"line {number}: {error.message}")


def _record(record: object, *, home: str, place: str) -> Reading:
    if not isinstance(record, Mapping):
        return _misread(home, place, f"record {place} is not an object with named values")
    fields = _flattened(named({str(key): value for key, value in record.items()}))
    guid, link, title = (text_of(fields.get(key)) for key in ("id", "link", "title"))
    name = links.last_segment(link) or title or f"{PurePath(home).stem}-{place}"
    try:
        found = reading_of(fields, source=home, name=name, sections=_sections(fields))
    except InputError as error:
        return _misread(home, place, error.message)
    guid = guid or (found.summary.slug if title else place)
    return replace(found, source=feed_source(home=home, guid=guid, link=found.summary.link))


def _flattened(fields: Fields) -> Fields:
    """`fields` with the words of JSON Feed 1.1 as ours; extension objects (`_name`) state the rest."""
    if not {"content_html", "content_text"} & fields.keys():
        return fields
    own: dict[str, object] = {
        "content_html": fields.get("content_html"),
        "content_text": fields.get("content_text"),
        "id": "" if links.web_address(text_of(fields.get("id"))) else fields.get("id"),
        "title": fields.get("title"),
        "link": fields.get("url"),
        "date": fields.get("date_published"),
        "blurb": fields.get("summary"),
        "topics": fields.get("tags"),
        "source": {"url": fields.get("external_url")},
    }
    for key, value in fields.items():
        if key.startswith("_") and isinstance(value, Mapping):
            own |= named(value)
    return own


def _sections(fields: Fields) -> dict[str, str]:
    """Sections from columns of their names, else from a whole text."""
    texts = {key: value for key, value in fields.items() if isinstance(value, str)}
    named_parts = [(field, plain(text)) for key, text in texts.items() if (field := section_named(key))]
    if named_parts:
        return joined(named_parts)
    if texts.get("content_html"):
        return parse_page(html_text(texts["content_html"])).sections
    return parse_page(texts.get("content_text") or texts.get("text") or "").sections


def _misread(home: str, place: str, problem: str) -> Reading:
    return unreadable(f"{home}#{place}", problem, name=f"{PurePath(home).stem}-{place}")
