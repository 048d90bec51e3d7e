"""Reading `topics.toml`: one table per topic, named by its slug."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ranvier.errors import ConfigurationError
from ranvier.slug import is_slug
from ranvier.toml import options, parse_toml
from ranvier.topics.taxonomy import OTHER, Taxonomy, Topic, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

TOPIC_BITS = 62
"""A reader's topics are bits of a signed 64-bit integer in the ledger; `other` needs one as well."""

_ORDER_OF_OTHER = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Other:
    """`[other]` may be renamed, nothing else: it has no terms and is always last."""

    label: str = "Other research"


def read_taxonomy(text: str, *, where: str) -> Taxonomy:
    """The topics in reading order, `other` last. Raises ConfigurationError naming file, table and key."""
    tables = parse_toml(text, where=where)
    other = options(tables.pop(OTHER, {}), _Other, where=f"{where}: [{OTHER}]")
    topics = [_topic(slug, table, f"{where}: [{slug}]") for slug, table in tables.items()]
    if len(topics) >= TOPIC_BITS:
        raise ConfigurationError(
            f"{len(topics)} topics; at most {TOPIC_BITS - 1} fit beside `{OTHER}`", where=where
        )
    last = Topic(slug=OTHER, label=_one_line(other.label, f"{where}: [{OTHER}]"), order=_ORDER_OF_OTHER)
    taxonomy = Taxonomy((*sorted(topics, key=lambda topic: topic.order), last))
    _refuse_ambiguous_names(taxonomy.topics, where)
    return taxonomy


def _topic(slug: str, table: dict[str, Any], where: str) -> Topic:
    if not is_slug(slug):
        raise ConfigurationError("a topic is named in a-z, 0-9 and single hyphens", where=where)
    topic = options(table, Topic, where=where, slug=slug)
    _one_line(topic.label, where)
    for term in (*topic.strong, *topic.terms):
        if not normalise(term):
            raise ConfigurationError(f'the term "{term}" holds no letter or digit', where=where)
    return topic


def _one_line(label: str, where: str) -> str:
    if label != " ".join(label.split()) or not label:
        raise ConfigurationError("label has to be one line of text", where=where)
    return label


def _refuse_ambiguous_names(topics: Iterable[Topic], where: str) -> None:
    """A heading in an issue may be a topic's label or its slug, so each name means one topic."""
    owners: dict[str, str] = {}
    for topic in topics:
        for name in {topic.slug, topic.label.casefold()}:
            if name in owners:
                message = f'label "{name}" already names [{owners[name]}]'
                raise ConfigurationError(message, where=f"{where}: [{topic.slug}]")
            owners[name] = topic.slug
