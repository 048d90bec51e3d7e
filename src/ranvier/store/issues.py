"""Issues and where each stands: draft, approved, sending, sent, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, literal_column, select, update

from ranvier.delivery.handover import State
from ranvier.delivery.orders import Hold, Holder
from ranvier.issue.state import COMMITTED, MOVES, IssueState
from ranvier.report import Account
from ranvier.selection.candidate import Used
from ranvier.store.schema import PENDING, deliveries, issue_items, issues

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, RowMapping


CANCELLED = "cancelled"
"""Reason of everyone who was waiting when their issue was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the database knows of an issue.

    `frozen` is what approval/frozen.py writes, `transport` where rows that are in flight were handed over,
    `deadline` is in Unix seconds, `expected` how many would have got it when it was approved, `holder` the
    last process that began to send it.
    """

    id: str
    edition: str
    date: date
    state: IssueState
    built: str | None = None
    fingerprint: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    frozen: str | None = None
    cut_at: datetime | None = None
    deadline: float | None = None
    transport: str | None = None
    audience: int = 0
    expected: int | None = None
    hold_by: Holder | None = None
    hold_why: str = ""
    holder: str = ""

    @property
    def hold(self) -> Hold | None:
        """What holds the send up."""
        return Hold(by=self.hold_by, why=self.hold_why) if self.hold_by else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A delivery for people who have to decide about it; nothing in it says who it is for."""

    delivery: int
    state: State
    code: str
    reply: str


def find(connection: Connection, issue: str) -> Record | None:
    """An issue's record, or None before it was first drafted or built."""
    row = connection.execute(select(issues).where(issues.c.id == issue)).mappings().one_or_none()
    return _record(row) if row else None


def get(connection: Connection, issue: str) -> Record:
    """The record of an issue that is there."""
    return _record(connection.execute(select(issues).where(issues.c.id == issue)).mappings().one())


def everything(connection: Connection) -> tuple[Record, ...]:
    """All issues, newest first."""
    query = select(issues).order_by(issues.c.date.desc(), issues.c.edition)
    return tuple(_record(row) for row in connection.execute(query).mappings())


def register(connection: Connection, issue: str, edition: str, day: date) -> None:
    """Make the issue's record, as a draft, if there is none."""
    if find(connection, issue) is None:
        draft = {"id": issue, "edition": edition, "date": day, "state": IssueState.DRAFT}
        connection.execute(insert(issues).values(**draft, audience=0))


def change(connection: Connection, issue: str, **values: object) -> None:
    """Set columns of an issue; its state is changed by `move` alone."""
    connection.execute(update(issues).where(issues.c.id == issue).values(**values))


def move(
    connection: Connection, issue: str, to: IssueState, *, fingerprint: str | None = None, **values: object
) -> bool:
    """Change an issue's state if it may be reached from where it stands now; returns whether it could.

    With `fingerprint`, only if exactly that was approved: someone may have approved again meanwhile.
    """
    statement = update(issues).where(issues.c.id == issue, issues.c.state.in_(MOVES[to]))
    if fingerprint is not None:
        statement = statement.where(issues.c.fingerprint == fingerprint)
    return connection.execute(statement.values(state=to, **values)).rowcount == 1


def hold(connection: Connection, issue: str, hold: Hold) -> None:
    """Hold the send of an issue up, unless something else does already."""
    free = (issues.c.id == issue, issues.c.hold_by.is_(None))
    connection.execute(update(issues).where(*free).values(hold_by=hold.by, hold_why=hold.why))


def release(connection: Connection, issue: str) -> None:
    """Let the send of an issue go on."""
    change(connection, issue, hold_by=None, hold_why="")


def cancel(connection: Connection, issue: str) -> bool:
    """End an issue for good: whoever waits gets nothing. Returns whether it could be cancelled.

    What is in flight ends as it will; a process that sends it reads the state in its next commit.
    """
    if not move(connection, issue, IssueState.CANCELLED):
        return False
    waiting = (deliveries.c.issue == issue, PENDING)
    excluded = {"state": State.EXCLUDED, "reason": CANCELLED}
    connection.execute(update(deliveries).where(*waiting).values(excluded))
    release(connection, issue)
    return True


def last_committed(connection: Connection, edition: str, *, before: date) -> tuple[date, datetime] | None:
    """Date and cut of the edition's newest issue before `before` that entered sending."""
    row = connection.execute(
        select(issues.c.date, issues.c.cut_at)
        .where(
            issues.c.edition == edition,
            issues.c.state.in_(COMMITTED),
            issues.c.date < before,
        )
        .order_by(issues.c.date.desc())
        .limit(1)
    ).one_or_none()
    return (row.date, row.cut_at) if row else None


def used(connection: Connection, edition: str, *, but: str) -> tuple[Used, ...]:
    """Items of the edition's issues that entered sending, without those of issue `but`."""
    items = issue_items.c
    rows = connection.execute(
        select(items.issue, items.slug, items.work, items.title, items.takeaway)
        .join(issues, issues.c.id == items.issue)
        .where(
            issues.c.edition == edition,
            issues.c.state.in_(COMMITTED),
            issues.c.id != but,
        )
        .order_by(issues.c.date.desc(), items.bit)
    )
    return tuple(
        Used(
            slug=row.slug,
            work=row.work,
            title=row.title,
            takeaway=row.takeaway,
            issue=row.issue,
        )
        for row in rows
    )


def account(connection: Connection, record: Record) -> Account:
    """The account of an issue, counted from its rows."""
    row = deliveries.c
    counted = connection.execute(
        select(row.state, row.reason, func.count())
        .where(row.issue == record.id)
        .group_by(row.state, row.reason)
    )
    return Account.of(
        (tuple(found) for found in counted),
        issue=record.id,
        state=record.state,
        audience=record.audience,
        hold=record.hold,
    )


def waiting(connection: Connection, issue: str) -> int:
    """How many people of an issue wait for their hand-over: one number of its account, and quickly."""
    query = select(func.count()).where(deliveries.c.issue == issue, PENDING)
    return int(connection.execute(query).scalar_one())


def is_open(connection: Connection, issue: str) -> bool:
    """Whether anybody of an issue waits, is being handed over to, or may have got it or not."""
    states = (State.PENDING, State.SENDING, State.UNCERTAIN)
    query = select(deliveries.c.id).where(deliveries.c.issue == issue, deliveries.c.state.in_(states))
    return connection.execute(query.limit(1)).first() is not None


def ids(connection: Connection, issue: str, state: State, *, forgotten: bool = True) -> list[int]:
    """The deliveries of an issue that are in `state`; on request without those of forgotten people."""
    # Written out, so that the index of what is in flight serves.
    is_so = deliveries.c.state == literal_column(f"'{state.value}'")
    query = select(deliveries.c.id).where(deliveries.c.issue == issue, is_so)
    if not forgotten:
        query = query.where(deliveries.c.subscriber > 0)
    return list(connection.execute(query.order_by(deliveries.c.id)).scalars())


def rows(connection: Connection, issue: str, states: Sequence[State], *, most: int) -> tuple[Row, ...]:
    """Deliveries of an issue in any of `states`, at most so many, with the last that was heard of them."""
    row = deliveries.c
    query = select(row.id, row.state, row.code, row.reply).where(row.issue == issue, row.state.in_(states))
    return tuple(
        Row(delivery=found.id, state=State(found.state), code=found.code, reply=found.reply)
        for found in connection.execute(query.order_by(row.id).limit(most))
    )


def _record(row: RowMapping) -> Record:
    hold_by = row["hold_by"] and Holder(row["hold_by"])
    return Record(**{**row, "state": IssueState(row["state"]), "hold_by": hold_by})
