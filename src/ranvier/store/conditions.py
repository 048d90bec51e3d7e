"""Segment conditions as SQL; `subscribers.conditions.matches` says what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, not_, or_, true

from ranvier.store.people import SEPARATOR
from ranvier.store.schema import subscribers
from ranvier.store.topic_bits import mask
from ranvier.subscribers.conditions import All, Any, Condition, Field, Is, Joined, Not

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = {
    Field.AUDIENCE: subscribers.c.audience,
    Field.FREQUENCY: subscribers.c.frequency,
    Field.TIMEZONE: subscribers.c.timezone,
}


def sql(condition: Condition, masks: Mapping[str, int]) -> ColumnElement[bool]:
    """The condition over rows of `subscribers`; `masks` holds each topic's bit."""
    match condition:
        case All(parts):
            return and_(true(), *(sql(part, masks) for part in parts))
        case Any(parts):
            return or_(*(sql(part, masks) for part in parts))
        case Not(part):
            return not_(sql(part, masks))
        case Joined(after=after, before=before):
            since = subscribers.c.joined >= after if after else true()
            until = subscribers.c.joined < before if before else true()
            return and_(since, until)
        case Is(field=field, values=values):
            return _is(field, values, masks)


def _is(field: Field, values: tuple[str, ...], masks: Mapping[str, int]) -> ColumnElement[bool]:
    person = subscribers.c
    match field:
        case Field.TOPICS:
            return or_(person.topics == 0, person.topics.bitwise_and(mask(values, masks)) != 0)
        case Field.TAGS:
            return or_(
                *(person.tags.contains(SEPARATOR + tag + SEPARATOR, autoescape=True) for tag in values)
            )
        case Field.LOCALE:
            return or_(*((person.locale + "-").startswith(f"{value}-", autoescape=True) for value in values))
        case _:
            return _PLAIN[field].in_(values)
