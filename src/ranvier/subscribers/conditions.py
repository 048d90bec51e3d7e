"""Conditions over people as values, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from ranvier.subscribers.subscriber import Subscriber


class Field(StrEnum):
    """What a condition may ask of a person."""

    AUDIENCE = "audience"
    TOPICS = "topics"
    FREQUENCY = "frequency"
    LOCALE = "locale"
    TIMEZONE = "timezone"
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; no parts hold for everyone."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """The field is one of `values`.

    `topics` and `tags` hold several and need one in common; no topic filter means all topics, so it holds for
    any. `locale` holds for what it begins: `de` for `de-DE`, not for `den`.
    """

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Joined on the day `after` or later, and earlier than the day `before`; None is no bound.

    Half-open, so that two segments which share a day share nobody.
    """

    after: date | None = None
    before: date | None = None


Condition = All | Any | Not | Is | Joined


def matches(condition: Condition, person: Subscriber, *, joined: date) -> bool:
    """Whether the condition holds for a person who joined that day; the database has to agree."""
    match condition:
        case All(parts):
            return all(matches(part, person, joined=joined) for part in parts)
        case Any(parts):
            return any(matches(part, person, joined=joined) for part in parts)
        case Not(part):
            return not matches(part, person, joined=joined)
        case Joined(after=after, before=before):
            return (after is None or after <= joined) and (before is None or joined < before)
        case Is(field=field, values=values):
            return _is(person, field, values)


def _is(person: Subscriber, field: Field, values: tuple[str, ...]) -> bool:
    match field:
        case Field.TOPICS:
            return not person.topics or not set(values).isdisjoint(person.topics)
        case Field.TAGS:
            return not set(values).isdisjoint(person.tags)
        case Field.LOCALE:
            return any(f"{person.locale}-".startswith(f"{value}-") for value in values)
        case Field.AUDIENCE:
            return person.audience in values
        case Field.FREQUENCY:
            return person.frequency in values
        case Field.TIMEZONE:
            return person.timezone in values
