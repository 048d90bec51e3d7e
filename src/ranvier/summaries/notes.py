"""What stands in a source and not in its summary: a line each, that says what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ranvier.addresses import quoted
from ranvier.slug import is_slug
from ranvier.summaries.fields import SOURCE_COLUMNS, Fields, named, text_of
from ranvier.summaries.sections import section_named
from ranvier.summaries.summary import Authorship, Evidence, Publishing, Review, Subjects
from ranvier.summaries.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ranvier.summaries.summary import Source, Summary

_LINE, _RATING, _WORDS = "a line of text", "a whole number from 1 to 5", "a list of words"
_ADDRESS, _DAY = "an https address that readers can open", "the day as in 2026-11-27"
_REVIEW = tuple(field.name for field in fields_of(Review))

WANTED = {
    "id": _LINE,
    "slug": "small letters, digits and single hyphens",
    "title": _LINE,
    "date": _DAY,
    "link": _ADDRESS,
    "source": "journal:, title:, authors:, year:, status:, doi:, pmid: or url: below it",
    "credibility": _RATING,
    "interest": _RATING,
    "evidence": f"one of {', '.join(Evidence)}",
    "subjects": f"one of {', '.join(Subjects)}",
    "n": "a whole number",
    "audiences": _WORDS,
    "topics": _WORDS,
    "blurb": _LINE,
    "ai": "model: and date: below it",
    "review": f"{', '.join(f'{part}:' for part in _REVIEW)} below it",
    "related": "title:, date: and blurb: of each",
}
"""Key of the front matter → what it takes."""
_SOURCE_WANTED = {
    "journal": _LINE,
    "title": _LINE,
    "authors": _LINE,
    "year": "a year such as 2024",
    "status": f"one of {', '.join(Publishing)}",
    "doi": "a DOI such as 10.1093/brain/awab385",
    "pmid": "the digits of the PubMed number",
    "url": _ADDRESS,
}
_EMPTY = (None, "", (), Evidence.UNKNOWN, Authorship())
_LIKENESS = 0.85
"""From here on a key is a misspelt one of ours and not a key of somebody else's."""


def notes_on(fields: Fields, summary: Summary) -> tuple[str, ...]:
    """Every key of `fields` whose value did not become part of `summary`, or that is nearly a key of ours."""
    stated = {key: value for key, value in named(fields).items() if _is_stated(value)}
    return (
        *_misspelt(stated, WANTED),
        *(
            _note(key, stated[key], WANTED[key])
            for key in WANTED
            if key in stated and _is_lost(key, stated, summary)
        ),
        *_on_source(stated, summary.source),
        *_on_review(stated.get("review")),
        *_on_cards(stated.get("related"), summary),
    )


def _is_stated(value: object) -> bool:
    return (
        bool(value.strip())
        if isinstance(value, str)
        else value is not False and value not in (None, [], {}, ())
    )


def _is_lost(key: str, stated: Fields, summary: Summary) -> bool:
    value = stated[key]
    if key == "slug":
        return not is_slug(text_of(value))
    if key in {"source", "review"}:
        return not isinstance(value, Mapping)  # their parts have notes of their own
    if key == "evidence" and text_of(value).lower() == Evidence.UNKNOWN:
        return False
    return getattr(summary, key) in _EMPTY


def _on_source(stated: Fields, source: Source) -> Iterator[str]:
    nested = stated.get("source")
    inner = named(nested) if isinstance(nested, Mapping) else {}
    yield from _misspelt(inner, _SOURCE_WANTED, above="source.")
    labelled = [(f"source.{field}", field, inner.get(field)) for field in _SOURCE_WANTED]
    labelled += [(column, field, stated.get(column)) for column, field in SOURCE_COLUMNS.items()]
    for label, field, value in labelled:
        if _is_stated(value) and getattr(source, field) in _EMPTY:
            yield _note(label, value, _SOURCE_WANTED[field])


def _on_review(review: object) -> Iterator[str]:
    stated = named(review) if isinstance(review, Mapping) else {}
    missing = [part for part in _REVIEW if not text_of(stated.get(part))]
    if stated and missing:
        yield f"review lacks {', '.join(missing)}; it counts only with all of {', '.join(_REVIEW)}"


def _on_cards(related: object, summary: Summary) -> Iterator[str]:
    entries = related if isinstance(related, list | tuple) else ()
    stated = [named(entry) for entry in entries if isinstance(entry, Mapping)]
    for fields, card in zip(stated, summary.related, strict=True):
        if _is_stated(fields.get("date")) and card.date is None:
            yield _note("related.date", fields["date"], _DAY)


def _misspelt(stated: Iterable[str], ours: Collection[str], *, above: str = "") -> Iterator[str]:
    for key in stated:
        is_known = key in ours or key in SOURCE_COLUMNS or section_named(key)
        like = () if is_known else get_close_matches(key, ours, n=1, cutoff=_LIKENESS)
        if like:
            yield f'"{above}{one_line(key)}" is no key of a summary; did you mean {above}{like[0]}?'


def _note(key: str, value: object, wanted: str) -> str:
    if isinstance(value, str | int | float):
        key += f" {quoted(one_line(str(value)))}"
    problem = "leads nowhere" if wanted is _ADDRESS else "was not understood"
    return f"{key} {problem}; write {wanted}"
