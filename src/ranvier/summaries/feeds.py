"""RSS and Atom: one summary per entry; the bytes are given, nothing is fetched."""

from __future__ import annotations

import io
from typing import Any

import feedparser

from ranvier.errors import InputError
from ranvier.summaries import links
from ranvier.summaries.html import html_text
from ranvier.summaries.judged import Reading, reading_of, unreadable
from ranvier.summaries.page_text import parse_page

_Entry = Any  # feedparser gives dictionaries whose keys depend on the feed


def read_feed(data: bytes, *, name: str) -> tuple[Reading, ...]:
    """Every entry of a feed. Raises `InputError` when there is none to read."""
    # In a stream, never as a string: feedparser would take a string for an address or a path.
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        problem = f" ({feed.bozo_exception})" if feed.get("bozo_exception") else ""
        raise InputError(f"no entries in this feed{problem}; export it again as RSS or Atom", where=name)
    home = links.web_address(feed.feed.get("link", "")) or name
    return tuple(_reading(entry, home) for entry in feed.entries)


def feed_source(*, home: str, guid: str, link: str) -> str:
    """The stable name of an entry: its address, or its id at the feed's home ("1" is an id in many)."""
    return links.web_address(guid) or (f"{home}#{guid}" if guid else link or home)


def _reading(entry: _Entry, home: str) -> Reading:
    link, guid, title = (str(entry.get(key) or "") for key in ("link", "id", "title"))
    content = next((part.get("value", "") for part in entry.get("content", [])), "")
    teaser = str(entry.get("summary") or "")
    source = feed_source(home=home, guid=guid, link=links.web_address(link))
    name = links.last_segment(link) or title
    try:
        page = parse_page(html_text(content or teaser))
    except InputError as error:
        return unreadable(source, error.message, name=name)
    fields = {
        **page.fields,
        "title": title,
        "id": "" if links.web_address(guid) else guid,
        "link": link,
        "date": str(entry.get("published") or ""),
        "topics": [tag.get("term") for tag in entry.get("tags", [])],
        "blurb": teaser if content else "",
        "journal": entry.get("dc_source") or page.fields["journal"],
        "doi": entry.get("prism_doi") or links.doi(str(entry.get("dc_identifier") or "")),
    }
    return reading_of(fields, source=source, name=name, sections=page.sections)
