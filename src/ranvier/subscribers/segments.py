"""Named conditions over people, as `subscribers/segments.toml` declares them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from ranvier.addresses import quoted
from ranvier.errors import ConfigurationError, InputError
from ranvier.slug import is_slug
from ranvier.subscribers import fields
from ranvier.subscribers.conditions import All, Any, Condition, Field, Is, Joined, Not
from ranvier.toml import parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KEYS = (*Field, "joined", "all", "any", "not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One table of segments.toml; several keys of `where` must all hold, a list means any of these."""

    slug: str
    label: str
    where: Condition


def read_segments(text: str, *, where: str, allowed: fields.Allowed) -> tuple[Segment, ...]:
    """The segments in file order. Raises ConfigurationError that names file, key and what may stand there."""
    tables = parse_toml(text, where=where)
    reader = _Reader(words=_word_readers(allowed))
    return tuple(reader.segment(slug, table, f"{where}: [{slug}]") for slug, table in tables.items())


def _word_readers(allowed: fields.Allowed) -> Mapping[Field, Callable[[str], str]]:
    return {
        Field.AUDIENCE: partial(fields.read_audience, allowed=allowed),
        Field.TOPICS: partial(fields.read_topic, allowed=allowed),
        Field.FREQUENCY: fields.read_frequency,
        Field.LOCALE: fields.read_locale,
        Field.TIMEZONE: partial(fields.read_timezone, allowed=allowed),
        Field.TAGS: fields.read_tag,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """TOML to conditions; `at` is where in the file, for the person who has to mend it."""

    words: Mapping[Field, Callable[[str], str]]

    def segment(self, slug: str, found: object, at: str) -> Segment:
        if not is_slug(slug) or not isinstance(found, dict):
            raise ConfigurationError("a segment is a table named in a-z, 0-9 and hyphens", where=at)
        if unknown := sorted(found.keys() - {"label", "where"}):
            raise ConfigurationError(f"unknown key {quoted(unknown[0])}; known: label, where", where=at)
        label = found.get("label", slug)
        if not isinstance(label, str) or not label.isprintable():
            raise ConfigurationError("has to be a text on one line", where=f"{at} label")
        if "where" not in found:
            raise ConfigurationError("where is missing; where = {} means everyone", where=at)
        return Segment(slug=slug, label=label, where=self.condition(found["where"], f"{at} where"))

    def condition(self, found: object, at: str) -> Condition:
        if not isinstance(found, dict):
            raise ConfigurationError('has to be a table such as { frequency = "weekly" }', where=at)
        parts = tuple(self._part(key, value, f"{at}.{key}") for key, value in found.items())
        return parts[0] if len(parts) == 1 else All(parts)

    def _part(self, key: str, value: object, at: str) -> Condition:
        match key:
            case "all":
                return All(self._conditions(value, at))
            case "any":
                return Any(self._conditions(value, at))
            case "not":
                return Not(self.condition(value, at))
            case "joined":
                return _joined(value, at)
            case field if field in self.words:
                return self._is(Field(field), value, at)
        raise ConfigurationError(f"unknown condition; known: {', '.join(_KEYS)}", where=at)

    def _conditions(self, found: object, at: str) -> tuple[Condition, ...]:
        if not isinstance(found, list) or not found:
            raise ConfigurationError("has to be a list of tables, at least one", where=at)
        return tuple(self.condition(one, f"{at}[{number}]") for number, one in enumerate(found, start=1))

    def _is(self, field: Field, found: object, at: str) -> Is:
        given = found if isinstance(found, list) else [found]
        words = [word for word in given if isinstance(word, str) and word.strip()]
        if not words or len(words) < len(given):
            raise ConfigurationError("has to be a word or a list of words, at least one", where=at)
        try:
            return Is(field=field, values=tuple(self.words[field](word) for word in words))
        except InputError as error:
            raise ConfigurationError(error.message, where=at) from None


def _joined(found: object, at: str) -> Joined:
    if not isinstance(found, dict) or not found or found.keys() - {"after", "before"}:
        raise ConfigurationError("has to be a table with after, before or both", where=at)
    return Joined(**{key: _day(value, f"{at}.{key}") for key, value in found.items()})


def _day(found: object, at: str) -> date:
    # A datetime is a date to Python; here its hour would be lost in silence.
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    raise ConfigurationError("has to be a date such as 2026-11-22, without quotation marks", where=at)
