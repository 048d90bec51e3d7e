"""The YAML block above a summary; values are read as text, none is retyped behind an editor's back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from ranvier.errors import InputError
from ranvier.summaries.prose import escape_line
from ranvier.summaries.summary import Evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.summaries.summary import Card, Summary

try:
    from yaml import CBaseLoader as BaseLoader
except ImportError:  # PyYAML without libyaml reads the same, more slowly
    from yaml import BaseLoader  # type: ignore[assignment]  # the same interface in Python

_MAX_DEPTH = 8


class _Loader(BaseLoader):
    """Scalars are text ("no" stays "no", 2026-02-31 does not raise); only null is nothing."""


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]
)
_Loader.add_constructor("tag:yaml.org,2002:null", lambda _loader, _node: None)


class _Flow(list[str]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """The Python dumper, because the C one writes emoji as escapes."""


_Dumper.add_representer(
    _Flow, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)


def read_front_matter(text: str, *, where: str) -> Mapping[str, object]:
    """Key → text, None, list or mapping.

    Raises `InputError` with the line (the opening fence is line 1) and what to mend. Aliases and deep nesting
    are refused: no summary needs them, and a few lines of them can fill the memory.
    """
    try:
        _guard(text, where)
        fields = yaml.load(text, Loader=_Loader)  # noqa: S506  # constructs text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(
            f"the front matter is not YAML ({error.problem or error.context});"
            " put a value that holds a colon or a quote in quotes",
            where=f"{where}:{mark.line + 2 if mark else 1}",
        ) from error
    except yaml.YAMLError as error:
        raise InputError(
            "the front matter is not YAML; write it again as key: value", where=f"{where}:1"
        ) from error
    if not isinstance(fields, dict | None):
        raise InputError("the front matter must be lines of key: value", where=f"{where}:2")
    return fields or {}


def write_front_matter(summary: Summary) -> str:
    """The keys that `summary` states, in the order of the design."""
    source = summary.source
    keys: dict[str, object] = {
        "id": escape_line(summary.id),
        "slug": summary.slug,
        "title": escape_line(summary.title),
        "date": summary.date,
        "link": summary.link,
        "source": _stated(
            journal=escape_line(source.journal),
            title=escape_line(source.title),
            authors=escape_line(source.authors),
            year=source.year,
            status=source.status.value if source.status else None,
            doi=source.doi,
            pmid=source.pmid,
            url=source.url,
        ),
        "credibility": summary.credibility,
        "interest": summary.interest,
        "evidence": "" if summary.evidence is Evidence.UNKNOWN else summary.evidence.value,
        "subjects": summary.subjects.value if summary.subjects else None,
        "n": summary.n,
        "audiences": _Flow(summary.audiences),
        "topics": _Flow(summary.topics),
        "blurb": escape_line(summary.blurb),
        "ai": _stated(model=escape_line(summary.ai.model), date=escape_line(summary.ai.date)),
        "review": _review(summary),
        "related": [_card(card) for card in summary.related],
    }
    return yaml.dump(_stated(**keys), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)


def _guard(text: str, where: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=BaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > _MAX_DEPTH:
            line = event.start_mark.line + 2 if event.start_mark else 1
            raise InputError(
                "write values out; aliases (*) and deep nesting are not read", where=f"{where}:{line}"
            )


def _review(summary: Summary) -> dict[str, object]:
    review = summary.review
    if review is None:
        return {}
    return _stated(
        by=escape_line(review.by),
        role=escape_line(review.role),
        date=escape_line(review.date),
        decision=escape_line(review.decision),
    )


def _card(card: Card) -> dict[str, object]:
    return _stated(title=escape_line(card.title), date=card.date, blurb=escape_line(card.blurb))


def _stated(**values: object) -> dict[str, object]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
