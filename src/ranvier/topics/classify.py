"""Which topics a summary belongs to: those it declares, else those whose terms it uses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ranvier.topics.taxonomy import OTHER, normalise, pattern

if TYPE_CHECKING:
    from ranvier.summaries.summary import Summary
    from ranvier.topics.taxonomy import Taxonomy, Topic

TOPICS_PER_SUMMARY = 3
"""One primary topic, whose section an item stands in, and two more for readers' filters."""

_STRONG = 5.0
_TERM = 1.0
_ENOUGH = 2.0
"""One term in the title or takeaway, or two in the text; less is a guess, and topics are not guessed."""
_RELATED = 0.5
"""A further topic has at least this share of the best score."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """A topic's terms, ready to be looked for in normalised text."""

    topic: Topic
    strong: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """A normalised piece of a summary and how much a term in it counts."""

    text: str
    weight: float


def assign(summary: Summary, taxonomy: Taxonomy) -> tuple[str, ...]:
    """The summary's topics, primary first: declared ones win, else its words decide, else `other`."""
    found = (taxonomy.find(name) for name in summary.topics)
    declared = tuple(dict.fromkeys(topic.slug for topic in found if topic))
    return declared[:TOPICS_PER_SUMMARY] or _classify(summary, taxonomy)


def unknown_topics(summary: Summary, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Declared topics that the taxonomy does not have; `assign` leaves them out."""
    return tuple(name for name in summary.topics if taxonomy.find(name) is None)


def _classify(summary: Summary, taxonomy: Taxonomy) -> tuple[str, ...]:
    headline, body = _fields(summary)
    scored = ((each, _score(each, (*headline, *body))) for each in _patterns(taxonomy))
    likely = [(each, score) for each, score in scored if score >= _ENOUGH]
    if not likely:
        return (OTHER,)
    # What a study is about stands in its headline: a disease that only the text mentions does not come first.
    likely.sort(key=lambda pair: (_precedence(pair[0], headline), pair[1]), reverse=True)
    best = max(score for _, score in likely)
    primary, *others = likely
    topics = (primary, *(pair for pair in others if pair[1] >= best * _RELATED))
    return tuple(each.topic.slug for each, _ in topics[:TOPICS_PER_SUMMARY])


def _fields(summary: Summary) -> tuple[tuple[_Field, ...], tuple[_Field, ...]]:
    """What says what the study is about, and the rest; considerations speak of what was not studied."""
    headline = (
        _Field(normalise(summary.title), 3.0),
        _Field(normalise(summary.takeaway), 2.0),
        _Field(normalise(f"{summary.source.title} {summary.blurb}"), 1.0),
    )
    body = (_Field(normalise(summary.findings), 1.0), _Field(normalise(summary.meaning), 0.5))
    return headline, body


def _score(patterns: _Patterns, fields: tuple[_Field, ...]) -> float:
    """Each term counts once per field, so that a long text does not outweigh its title."""
    return sum(
        field.weight
        * (
            _STRONG * sum(term in field.text for term in patterns.strong)
            + _TERM * sum(term in field.text for term in patterns.terms)
        )
        for field in fields
    )


def _precedence(patterns: _Patterns, headline: tuple[_Field, ...]) -> int:
    named = any(term in field.text for field in headline for term in patterns.strong)
    return patterns.topic.precedence if named else 0


@lru_cache(maxsize=8)
def _patterns(taxonomy: Taxonomy) -> tuple[_Patterns, ...]:
    return tuple(
        _Patterns(
            topic,
            strong=tuple(pattern(term) for term in topic.strong),
            terms=tuple(pattern(term) for term in topic.terms),
        )
        for topic in taxonomy.topics
        if topic.slug != OTHER
    )
