"""Freezing an audience: one statement decides for every person what they get, or why nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from ranvier.delivery.handover import State
from ranvier.store.schema import deliveries, issue_items, opt_outs, subscribers
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection, Select

_FREEZE = 0x52414E56
"""The number of the lock under which audiences are frozen; any number that nothing else uses."""

DROPPED = "dropped"
"""Reason of a row that was uncertain and is not sent again by a person's decision: it may have arrived."""

RECEIVED = (State.PENDING, State.SENDING, State.ACCEPTED, State.UNCERTAIN)
"""Outcomes that count as "this person has that work already" (design: Promises, 7)."""

NO_CONSENT = "no-consent"
NOTHING_TO_READ = "nothing-to-read"
NOT_CONFIRMED = "not-confirmed"
"""A person whose status is `pending`; a delivery that is pending is another thing."""
PAUSED = "paused"
FORGOTTEN = "forgotten"
"""Somebody who was on the list when the issue was frozen; nothing says who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One item of an issue as the ledger needs it: `topics` is a mask of topic bits."""

    bit: int
    slug: str
    work: str
    title: str
    takeaway: str
    topics: int
    in_people: bool = True
    """For readers who want nothing but studies in people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Whom an issue is for, and what each of them gets of it."""

    issue: str
    segments: Sequence[ColumnElement[bool]]
    """Everyone of any of them has a row."""
    places: Sequence[Place]
    shown: Mapping[str, int]
    """Each variant's mask of items, by audience."""
    default_audience: str
    """The variant that people of other audiences get."""
    day: date
    """Whose pause ends on it, or ended before, is mailed again."""

    @property
    def edition(self) -> str:
        """The list that people may have left."""
        return self.issue.partition("/")[0]


def freeze(connection: Connection, plan: Plan) -> int:
    """Write one delivery row per person of any segment; returns how many."""
    if connection.dialect.name == "postgresql":
        # Two issues that are frozen at once must see each other's works (promise 7); SQLite has one writer.
        connection.execute(select(func.pg_advisory_xact_lock(_FREEZE)))
    if plan.places:
        items = [
            {"issue": plan.issue, **asdict(place), "in_people": int(place.in_people)} for place in plan.places
        ]
        connection.execute(insert(issue_items), items)
    # From here on every pause holds: the ledger asks for no dates.
    over = update(subscribers).where(subscribers.c.paused_until <= plan.day)
    connection.execute(over.values(paused_until=None))
    rows = _rows(connection, plan)
    names = [column.name for column in rows.selected_columns]
    # Readers of the same content become neighbours.
    ordered = rows.order_by(*(rows.selected_columns[name] for name in ("audience", "item_set", "subscriber")))
    written = connection.execute(
        insert(deliveries).from_select(names, ordered), execution_options={"preserve_rowcount": True}
    )
    return written.rowcount


def foresee(connection: Connection, plan: Plan) -> list[tuple[str, str, int]]:
    """What `freeze` would write now: state, reason and how many people would have both."""
    rows = _rows(connection, plan).subquery().c
    counted = select(rows.state, rows.reason, func.count()).group_by(rows.state, rows.reason)
    return [(state, reason, count) for state, reason, count in connection.execute(counted)]


def _rows(connection: Connection, plan: Plan) -> Select[tuple[str, int, str, int, str, str]]:
    """The ledger's rows: pending, or excluded with the reason."""
    people = _people(connection, plan).where(or_(false(), *plan.segments)).subquery().c
    reason = case((people.reason != "", people.reason), (people.item_set == 0, NOTHING_TO_READ), else_="")
    return select(
        literal(plan.issue).label("issue"),
        people.subscriber,
        people.audience,
        people.item_set,
        case((reason == "", State.PENDING.value), else_=State.EXCLUDED.value).label("state"),
        reason.label("reason"),
    )


def _people(connection: Connection, plan: Plan) -> Select[tuple[int, str, int, str]]:
    """Every person with their variant, their items, and why they may not be mailed at all."""
    audience = subscribers.c.audience
    item_set = (
        _followed(plan.places)
        .bitwise_and(_strong_enough(plan.places))
        .bitwise_and(_mask_by_audience(plan.shown, plan.default_audience))
        .bitwise_and(_not_received(connection, plan.issue, plan.places))
    )
    return select(
        subscribers.c.id.label("subscriber"),
        case((audience.in_(list(plan.shown)), audience), else_=plan.default_audience).label("audience"),
        item_set.label("item_set"),
        left_out(edition=plan.edition, day=plan.day).label("reason"),
    )


def left_out(*, edition: str = "", day: date | None = None) -> ColumnElement[str]:
    """Why a person may not be mailed at all, or not this edition; empty if they may.

    Without a day every pause counts, also one that is over.
    """
    person = subscribers.c
    left = exists().where(opt_outs.c.subscriber == person.id, opt_outs.c.edition == edition)
    pauses = person.paused_until.is_not(None) if day is None else person.paused_until > day
    return case(
        (person.status == Status.PENDING, NOT_CONFIRMED),
        (person.status != Status.ACTIVE, person.status),
        (person.consent_date.is_(None), NO_CONSENT),
        *([(left, Status.UNSUBSCRIBED.value)] if edition else []),
        (pauses, PAUSED),
        else_="",
    )


def _strong_enough(places: Sequence[Place]) -> ColumnElement[int]:
    """All items, or those about people for whom nothing else will do."""
    about_people = sum(1 << place.bit for place in places if place.in_people)
    return case((subscribers.c.people_only == 1, _big(about_people)), else_=_big(-1))


def _followed(places: Sequence[Place]) -> ColumnElement[int]:
    """The items whose topics a person follows; following none means all."""
    everything = sum(1 << place.bit for place in places)
    topics = subscribers.c.topics
    bits = [case((topics.bitwise_and(place.topics) != 0, _big(1 << place.bit)), else_=0) for place in places]
    return case((topics == 0, _big(everything)), else_=reduce(add, bits, _big(0)))


def _mask_by_audience(shown: Mapping[str, int], default: str) -> ColumnElement[int]:
    masks = [(subscribers.c.audience == audience, _big(mask)) for audience, mask in shown.items()]
    return case(*masks, else_=_big(shown[default]))


def _not_received(connection: Connection, issue: str, places: Sequence[Place]) -> ColumnElement[int]:
    """All bits but those of works that a person already has from another issue of any edition."""
    taken: list[ColumnElement[int]] = []
    for place in places:
        earlier = _earlier(connection, issue, place)
        if earlier:
            received = or_(*(_received(other, bit) for other, bit in earlier))
            taken.append(case((received, _big(1 << place.bit)), else_=0))
    return reduce(add, taken, _big(0)).bitwise_not()


def _earlier(connection: Connection, issue: str, place: Place) -> list[tuple[str, int]]:
    """Other issues that hold the same work, or the same summary: an editor may have added its DOI since."""
    items = issue_items.c
    same = or_(items.work == place.work, items.slug == place.slug)
    rows = connection.execute(select(items.issue, items.bit).where(same, items.issue != issue))
    return [(row.issue, row.bit) for row in rows]


def _received(issue: str, bit: int) -> ColumnElement[bool]:
    earlier = deliveries.alias()
    return exists().where(
        and_(
            earlier.c.subscriber == subscribers.c.id,
            earlier.c.issue == issue,
            or_(earlier.c.state.in_(RECEIVED), earlier.c.reason == DROPPED),
            earlier.c.item_set.bitwise_and(_big(1 << bit)) != 0,
        )
    )


def _big(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger().with_variant(Integer, "sqlite"))
