"""The topics of an issue file: a `## Topic` each, then `- name-of-a-summary` lines with their remarks."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.issue.issue import MAX_ITEMS, Item, Section
from ranvier.issue.lines import HEADING
from ranvier.slug import is_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ranvier.issue.lines import Line
    from ranvier.topics.taxonomy import Taxonomy

_LISTED = re.compile(r"[-*+] |\d{1,9}[.)] ")
"""How a line of a list begins in Markdown."""

_ITEM = re.compile(r"[-*+](?:[ \t]+(.*?))?[ \t]*")


def read_sections(lines: Sequence[Line], taxonomy: Taxonomy, where: str) -> tuple[Section, ...]:
    """The sections with their items; empty ones are left out. Raises InputError at `where:line`."""
    headings = [at for at, line in enumerate(lines) if HEADING.fullmatch(line.text)]
    topics: dict[str, int] = {}
    slugs: dict[str, int] = {}
    sections: list[Section] = []
    for start, end in pairwise([*headings, len(lines)]):
        topic = _topic(lines[start], taxonomy, where)
        _once(topics, topic, lines[start], where)
        items = tuple(_items(lines[start + 1 : end], slugs, where))
        if items:
            sections.append(Section(topic=topic, items=items))
    return tuple(sections)


def _topic(line: Line, taxonomy: Taxonomy, where: str) -> str:
    heading = HEADING.fullmatch(line.text)
    name = (heading and heading[1]) or ""
    topic = taxonomy.find(name)
    if topic is None:
        known = "; ".join(each.label for each in taxonomy.topics)
        message = f'"{name}" is not a topic ({known}); a heading of your own note starts with ###'
        raise InputError(message, where=f"{where}:{line.number}")
    return topic.slug


def _items(lines: Iterable[Line], slugs: dict[str, int], where: str) -> Iterable[Item]:
    """The items of one section; `slugs` gathers those of the whole file."""
    slug = ""
    remark: list[str] = []
    for line in lines:
        if item := _ITEM.fullmatch(line.text):
            if slug:
                yield Item(slug=slug, remark=_remark(remark))
            slug, remark = _slug(item[1] or "", line, where), []
            _once(slugs, slug, line, where)
        elif line.text.strip() and (not slug or line.text[0] not in " \t"):
            message = "neither a topic nor a summary; a remark is indented by two spaces below its summary"
            raise InputError(message, where=f"{where}:{line.number}")
        else:
            remark.append(line.text.strip(" \t"))
    if slug:
        yield Item(slug=slug, remark=_remark(remark))


def _slug(text: str, line: Line, where: str) -> str:
    if not is_slug(text):
        message = f'"{text}" is not the name of a summary; names look like old-cells-repair-myelin'
        raise InputError(message, where=f"{where}:{line.number}")
    return text


def _once(seen: dict[str, int], name: str, line: Line, where: str) -> None:
    """Notes where a topic or summary stands. Raises InputError when it stands twice or is one too many."""
    if name in seen:
        raise InputError(f"{name} stands in line {seen[name]} already", where=f"{where}:{line.number}")
    seen[name] = line.number
    if len(seen) > MAX_ITEMS:
        raise InputError(f"an issue holds at most {MAX_ITEMS} summaries", where=f"{where}:{line.number}")


def _remark(lines: Sequence[str]) -> str:
    """Markdown: paragraphs with one blank line between them, each on one line but for its list items."""
    paragraphs = [""]
    for line in lines:
        if not line:
            paragraphs.append("")
        elif paragraphs[-1]:
            paragraphs[-1] += f"\n{line}" if _LISTED.match(line) else f" {line}"
        else:
            paragraphs[-1] = line
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
