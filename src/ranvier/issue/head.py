"""The head of an issue file: edition, date, subject and preview line between two `---`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from ranvier.errors import InputError
from ranvier.issue.issue import issue_date
from ranvier.slug import is_slug

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date as Date

    from ranvier.issue.issue import Issue
    from ranvier.issue.lines import Line

_KEYS = ("edition", "date", "subject", "preview")
_FENCE = "---"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above an issue's note, each a single line of text."""

    edition: str
    date: Date
    subject: str
    preview: str


def read_head(lines: Sequence[Line], where: str) -> tuple[Head, tuple[Line, ...]]:
    """The head, and the lines below it. Raises InputError naming file, line and key."""
    fences = [at for at, line in enumerate(lines) if line.text.rstrip() == _FENCE][:2]
    if len(fences) < 2 or any(line.text.strip() for line in lines[: fences[0]]):
        message = f"an issue begins with {', '.join(_KEYS)} between two lines of {_FENCE}"
        raise InputError(message, where=f"{where}:1")
    first, last = fences
    head = lines[first + 1 : last]
    values = _parse(head, first=lines[first].number + 1, where=where)
    at = {key: f"{where}:{_line_of(key, head) or lines[first].number}" for key in _KEYS}
    return _check(values, at), tuple(lines[last + 1 :])


def write_head(issue: Issue) -> str:
    """The head's text, from which `read_head` reads the same values; the last `---` has no line end."""
    values = {key: getattr(issue, key) for key in _KEYS}
    head = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=float("inf"))
    return f"{_FENCE}\n{head}{_FENCE}"


def _parse(head: Sequence[Line], *, first: int, where: str) -> dict[str, str]:
    """The head's keys and values, all as text: `yes`, `5` and `2026-11-23` stay what the editor typed."""
    try:
        values = yaml.load("\n".join(line.text for line in head), Loader=yaml.BaseLoader)  # noqa: S506 - makes text only
    except yaml.MarkedYAMLError as error:
        line = first + error.problem_mark.line if error.problem_mark else first
        message = f'not valid YAML ({error.problem}); put the value between "quotes"'
        raise InputError(message, where=f"{where}:{line}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError(f"not valid YAML: {error}", where=f"{where}:{first}") from None
    if not isinstance(values, dict):
        raise InputError(f"write {', '.join(_KEYS)} as `key: value`", where=f"{where}:{first}")
    for key, value in values.items():
        if key not in _KEYS or not isinstance(value, str):
            problem = "has to be one line of text" if key in _KEYS else "is unknown"
            message = f"`{key}` {problem}; an issue has {', '.join(_KEYS)}"
            raise InputError(message, where=f"{where}:{_line_of(key, head) or first}")
    return values


def _check(values: dict[str, str], at: dict[str, str]) -> Head:
    for key in _KEYS:
        if key not in values or (key != "preview" and not values[key].strip()):
            raise InputError(f"`{key}` is missing", where=at[key])
        if len(values[key].strip().splitlines()) > 1:
            raise InputError(f"`{key}` has to be one line", where=at[key])
    edition, written, subject, preview = (values[key].strip() for key in _KEYS)
    if not is_slug(edition):
        raise InputError(f'`edition` "{edition}" is not the slug of an edition', where=at["edition"])
    date = issue_date(written)
    if date is None:
        raise InputError(f'`date` "{written}" is not a date; write it like 2026-11-23', where=at["date"])
    return Head(edition=edition, date=date, subject=subject, preview=preview)


def _line_of(key: str, head: Sequence[Line]) -> int | None:
    return next((line.number for line in head if line.text.startswith(f"{key}:")), None)
