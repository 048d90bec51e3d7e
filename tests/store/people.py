"""People and an approved issue in a database, for tests of the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, true

from ranvier.issue.state import IssueState
from ranvier.store import freeze, issues, readers, topic_bits
from ranvier.store import people as store
from ranvier.store.freeze import Place
from ranvier.store.goodbye import Goodbye
from ranvier.store.schema import deliveries, subscribers
from ranvier.subscribers.subscriber import Frequency, Status, Subscriber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from ranvier.store.database import Database

DAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOPICS = ("trials", "diet", "falls")


def person(name: str, **fields: object) -> Subscriber:
    """Someone active who gave consent."""
    given = {
        "status": Status.ACTIVE,
        "consent_date": date(2026, 1, 1),
        "frequency": Frequency.WEEKLY,
        **fields,
    }
    return Subscriber(email=f"{name}@example.org", key=f"{name}@example.org", name=name, **given)  # type: ignore[arg-type]  # fields by name


def add(database: Database, *people: Subscriber) -> None:
    """Put people on the list."""
    with database.write() as connection:
        masks = topic_bits.bits(connection, TOPICS)
        store.add(connection, people, masks, joined=DAY)


def places(*topics: str, works: Sequence[str] = ()) -> list[Place]:
    """One item per topic; its work is named after its place unless `works` says otherwise."""
    masks = {slug: 1 << bit for bit, slug in enumerate(TOPICS)}
    names = works or [f"work {bit}" for bit in range(len(topics))]
    return [
        Place(bit=bit, slug=f"about-{work}", work=work, title="", takeaway="", topics=masks[topic])
        for bit, (topic, work) in enumerate(zip(topics, names, strict=True))
    ]


def start(
    database: Database,
    *,
    issue: str = "weekly/2026-11-23",
    items: Sequence[Place] = (),
    shown: dict[str, int] | None = None,
    segments: Sequence[ColumnElement[bool]] = (),
) -> int:
    """Freeze an issue for everyone; returns the size of its audience."""
    edition, _, day = issue.partition("/")
    with database.write() as connection:
        issues.register(connection, issue, edition, date.fromisoformat(day))
        made = plan(issue=issue, items=items, shown=shown, segments=segments)
        size = freeze.freeze(connection, made)
        issues.change(connection, issue, state=IssueState.SENDING, cut_at=NOON, audience=size)
    return size


def plan(
    *,
    issue: str = "weekly/2026-11-23",
    items: Sequence[Place] = (),
    shown: dict[str, int] | None = None,
    segments: Sequence[ColumnElement[bool]] = (),
) -> freeze.Plan:
    """Whom an issue is for: everybody, and everything of it, unless something else is asked for."""
    chosen = items or places("trials", "diet")
    return freeze.Plan(
        issue=issue,
        segments=segments or [true()],
        places=chosen,
        shown=shown or {"readers": (1 << len(chosen)) - 1},
        default_audience=next(iter(shown or {"readers": 0})),
        day=DAY,
    )


def rows(database: Database, issue: str = "weekly/2026-11-23") -> dict[str, tuple[str, str, int]]:
    """State, reason and item set of each person by name."""
    query = (
        select(subscribers.c.name, deliveries.c.state, deliveries.c.reason, deliveries.c.item_set)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber)
        .where(deliveries.c.issue == issue)
    )
    with database.read() as connection:
        return {row.name: (row.state, row.reason, row.item_set) for row in connection.execute(query)}


def leave_weekly(database: Database, address: str, *, at: datetime) -> None:
    """This person leaves the weekly edition; the monthly one goes on."""
    with database.read() as connection:
        person = readers.by_address(connection, address, {})
    assert person
    goodbye = Goodbye(database.dialect, {"weekly": true(), "monthly": true()})
    with database.quick() as cursor:
        assert not goodbye.leave(cursor, person.id, "weekly", everything=False, at=at)
