"""`issue.md`, the file that an editor opens: front matter, a note, topics with their summaries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.issue.head import read_head, write_head
from ranvier.issue.issue import Issue
from ranvier.issue.lines import HEADING, hide, numbered, show, without_comments
from ranvier.issue.sections import read_sections

if TYPE_CHECKING:
    from ranvier.issue.issue import Item
    from ranvier.topics.taxonomy import Taxonomy

_HINT = """\
<!-- Write to your readers here, above the first topic. Under a topic, each line "- name-of-a-summary"
     is one summary: move lines, delete lines, add lines. A remark of your own goes below such a line,
     indented by two spaces. Nothing between these arrows reaches a reader. -->"""

_PARAGRAPHS = re.compile(r"\n[ \t]*\n[ \t\n]*")
_SPACE = re.compile(r"[ \t\n]+")


def write_issue(issue: Issue, taxonomy: Taxonomy) -> str:
    """The file's text; `read_issue` gives the same issue back. Sections without items are left out."""
    parts = [write_head(issue), _HINT]
    if issue.note.strip(" \t\n"):
        parts.append(hide(_trim(issue.note)))
    for section in issue.sections:
        if section.items:
            items = "".join(map(_item, section.items)).rstrip("\n")
            parts += [f"## {taxonomy.label(section.topic)}", items]
    return "\n\n".join(parts) + "\n"


def read_issue(text: str, taxonomy: Taxonomy, *, where: str) -> Issue:
    """The issue that a file's text describes. Raises InputError at `where:line`.

    Everything above the first `## Topic` is the note. A level-two heading is always a topic, so that a
    misspelt one cannot become part of the note with all its items; a note's own headings take `#` or `###`.
    """
    head, lines = read_head(numbered(text), where)
    lines = without_comments(lines, where)
    first = next((at for at, line in enumerate(lines) if HEADING.fullmatch(line.text)), len(lines))
    return Issue(
        edition=head.edition,
        date=head.date,
        subject=head.subject,
        preview=head.preview,
        note=_trim(show("\n".join(line.text for line in lines[:first]))),
        sections=read_sections(lines[first:], taxonomy, where),
    )


def _trim(note: str) -> str:
    """The note without blank lines around it; an indented first line stays indented."""
    return re.sub(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z", "", f"\n{note}\n")


def _item(item: Item) -> str:
    """One list line; a remark's paragraphs stand below it, set off by blank lines."""
    paragraphs = [_lines(part) for part in _PARAGRAPHS.split(item.remark)]
    remark = "".join("\n  " + "\n  ".join(lines) + "\n" for lines in paragraphs if lines)
    return f"- {item.slug}\n{remark}" + ("\n" if remark else "")


def _lines(paragraph: str) -> list[str]:
    lines = [_SPACE.sub(" ", line).strip(" ") for line in paragraph.split("\n")]
    return [line for line in lines if line]
