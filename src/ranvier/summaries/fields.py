"""Named values (of front matter, JSON or a CSV row) become a `Summary`; a wrong value is not stated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from ranvier.slug import choose_slug, slugify
from ranvier.summaries import links
from ranvier.summaries.dates import parse_date
from ranvier.summaries.prose import line, teaser
from ranvier.summaries.summary import (
    Authorship,
    Card,
    Evidence,
    Publishing,
    Review,
    Source,
    Subjects,
    Summary,
)

if TYPE_CHECKING:
    from datetime import date as Date

Fields = Mapping[str, object]
_Word = TypeVar("_Word", Evidence, Publishing, Subjects)

_WHOLE = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")
SOURCE_COLUMNS = {
    "journal": "journal",
    "source_journal": "journal",
    "source_title": "title",
    "source_authors": "authors",
    "authors": "authors",
    "source_year": "year",
    "year": "year",
    "source_status": "status",
    "source_doi": "doi",
    "doi": "doi",
    "source_pmid": "pmid",
    "pmid": "pmid",
    "source_url": "url",
}
"""Where a table has no nested `source`: column → field of the source."""


def summary_of(fields: Fields, *, name: str, sections: Mapping[str, str]) -> Summary:
    """The summary that `fields` and the prose of `sections` state; `name` names their place."""
    fields = named(fields)
    title = text_of(fields.get("title"))
    return Summary(
        slug=choose_slug(stated=text_of(fields.get("slug")), name=name, title=title),
        title=title,
        date=_day(fields.get("date")),
        id=text_of(fields.get("id")),
        link=links.web_address(text_of(fields.get("link"))),
        source=_source(fields),
        credibility=_whole(fields.get("credibility"), 1, 5),
        interest=_whole(fields.get("interest"), 1, 5),
        evidence=_word(Evidence, fields.get("evidence")) or Evidence.UNKNOWN,
        subjects=_word(Subjects, fields.get("subjects")),
        n=_whole(fields.get("n"), 1, 999_999_999),
        audiences=_slugs(fields.get("audiences")),
        topics=_slugs(fields.get("topics")),
        blurb=_teaser(fields.get("blurb")),
        ai=_authorship(fields.get("ai")),
        review=_review(fields.get("review")),
        related=_cards(fields.get("related")),
        takeaway=sections.get("takeaway", ""),
        findings=sections.get("findings", ""),
        meaning=sections.get("meaning", ""),
        considerations=sections.get("considerations", ""),
    )


def named(fields: Fields) -> Fields:
    """`fields` by keys in one spelling: lower case, underscores."""
    return {re.sub(r"[\s.-]+", "_", str(key).strip().lower()): value for key, value in fields.items()}


def text_of(value: object) -> str:
    """A field of one line; numbers as they are written, anything that is no text is empty."""
    if isinstance(value, str):
        return line(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _teaser(value: object) -> str:
    return teaser(value) if isinstance(value, str) else ""


def _whole(value: object, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`; 4.5, 7 of 5, "high" and true are not stated."""
    digits = text_of(value)
    number = int(digits.replace(",", "")) if _WHOLE.fullmatch(digits) else None
    return number if number is not None and low <= number <= high else None


def _word(words: type[_Word], value: object) -> _Word | None:
    spelled = slugify(text_of(value)).replace("randomised", "randomized")
    return next((word for word in words if word == spelled), None)


def _day(value: object) -> Date | None:
    return parse_date(text_of(value))


def _slugs(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        items: Sequence[object] = re.split(r"[,;]", value)
    else:
        items = value if isinstance(value, list | tuple) else ()
    slugs = (slugify(text_of(item)) for item in items)
    return tuple(dict.fromkeys(slug for slug in slugs if slug))


def _source(fields: Fields) -> Source:
    flat = {field: fields[column] for column, field in SOURCE_COLUMNS.items() if column in fields}
    nested = fields.get("source")
    stated = flat | dict(named(nested)) if isinstance(nested, Mapping) else flat
    url = text_of(stated.get("url"))
    return Source(
        journal=text_of(stated.get("journal")),
        title=text_of(stated.get("title")),
        authors=_names(stated.get("authors")),
        year=_whole(stated.get("year"), 1600, 2200),
        status=_word(Publishing, stated.get("status")),
        doi=links.doi(text_of(stated.get("doi"))) or links.doi(url),
        pmid=_pmid(stated.get("pmid")),
        url=links.web_address(url),
    )


def _names(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(name for name in map(text_of, value) if name)
    return text_of(value)


def _pmid(value: object) -> str:
    digits = re.sub(r"^pmid:?\s*", "", text_of(value), flags=re.IGNORECASE)
    return digits if re.fullmatch(r"[0-9]{1,9}", digits) else ""


def _authorship(value: object) -> Authorship:
    if not isinstance(value, Mapping):
        return Authorship()
    stated = named(value)
    return Authorship(model=text_of(stated.get("model")), date=text_of(stated.get("date")))


def _review(value: object) -> Review | None:
    """The review, when all four of its parts are there (R144)."""
    stated = named(value) if isinstance(value, Mapping) else {}
    by, role, date, decision = (text_of(stated.get(key)) for key in ("by", "role", "date", "decision"))
    is_complete = by and role and date and decision
    return Review(by=by, role=role, date=date, decision=decision) if is_complete else None


def _cards(value: object) -> tuple[Card, ...]:
    entries = value if isinstance(value, list | tuple) else ()
    stated = [named(entry) for entry in entries if isinstance(entry, Mapping)]
    return tuple(
        Card(title=text_of(card.get("title")), date=_day(card.get("date")), blurb=_teaser(card.get("blurb")))
        for card in stated
    )
