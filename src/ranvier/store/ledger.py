"""The ledger of one issue in the database: every step is one durable commit.

Rows are claimed by whoever holds the issue (store/lock.py). A row that is no longer `sending` stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update

from ranvier.delivery.handover import Delivery, State, Uncertain
from ranvier.store.freeze import DROPPED, reason_of
from ranvier.store.schema import deliveries, subscribers
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from ranvier.delivery.handover import Decided
    from ranvier.store.database import Database


class SqlLedger:
    """Implements `delivery.engine.Ledger`."""

    def __init__(self, database: Database, issue: str) -> None:
        self._database = database
        self._issue = issue

    def step(self, decided: Sequence[Decided], *, limit: int, now: float) -> tuple[Delivery, ...]:
        """Record what was decided and claim up to `limit` due rows of one audience and item set."""
        with self._database.write() as connection:
            _record(connection, decided)
            while limit and (rows := _next_group(connection, self._issue, limit=limit, now=now)):
                staying = [row for row in rows if row.status == Status.ACTIVE]
                _exclude(connection, [row for row in rows if row.status != Status.ACTIVE])
                _mark_sending(connection, staying)
                if staying:
                    return tuple(_delivery(row) for row in staying)
        return ()

    def sending(self) -> tuple[int, ...]:
        """Rows that a process had in flight when it died; call it only while holding the issue's lock."""
        with self._database.read() as connection:
            return tuple(_ids(connection, self._issue, State.SENDING))

    def settle(self, choice: Uncertain) -> None:
        """Do with all uncertain rows what a person decided: hand them over again, or never."""
        resend = {"state": State.PENDING, "due_at": 0.0}
        drop = {"state": State.REJECTED, "reason": DROPPED}
        uncertain = (deliveries.c.issue == self._issue, deliveries.c.state == State.UNCERTAIN)
        with self._database.write() as connection:
            connection.execute(
                update(deliveries).where(*uncertain).values(resend if choice is Uncertain.RESEND else drop)
            )

    def next_due(self) -> float | None:
        """When the next pending row is due, in Unix seconds; None if nothing is pending."""
        pending = (
            deliveries.c.issue == self._issue,
            deliveries.c.state == State.PENDING,
        )
        with self._database.read() as connection:
            return connection.execute(select(func.min(deliveries.c.due_at)).where(*pending)).scalar()


def _ids(connection: Connection, issue: str, state: State) -> list[int]:
    query = select(deliveries.c.id).where(deliveries.c.issue == issue, deliveries.c.state == state)
    return list(connection.execute(query.order_by(deliveries.c.id)).scalars())


def _record(connection: Connection, decided: Sequence[Decided]) -> None:
    if not decided:
        return
    statement = (
        update(deliveries)
        .where(deliveries.c.id == bindparam("row"), deliveries.c.state == State.SENDING)
        .values(
            state=bindparam("new_state"),
            code=bindparam("new_code"),
            reply=bindparam("new_reply"),
            attempts=deliveries.c.attempts + bindparam("tried"),
            due_at=bindparam("new_due_at"),
        )
    )
    rows = [
        {
            "row": one.delivery,
            "new_state": one.state.value,
            "new_code": one.code,
            "new_reply": one.text,
            "tried": int(one.attempted),
            "new_due_at": one.again_at or 0.0,
        }
        for one in decided
    ]
    connection.execute(statement, rows)


def _next_group(
    connection: Connection, issue: str, *, limit: int, now: float
) -> Sequence[Row[tuple[object, ...]]]:
    """The first due rows that share audience and item set, joined with the people as they are now.

    A row that was never tried is due since 0, so it comes before all retries. A group is due at one moment,
    and the order is the index's own: a claim costs the same however many rows wait.
    """
    row, person = deliveries.c, subscribers.c
    due = (row.issue == issue, row.state == State.PENDING, row.due_at <= now)
    order = (row.due_at, row.audience, row.item_set, row.id)
    first = select(row.due_at, row.audience, row.item_set).where(*due).order_by(*order).limit(1)
    group = connection.execute(first).first()
    if group is None:
        return ()
    query = (
        select(row.id, row.subscriber, row.audience, row.item_set, row.attempts, person.status)
        .add_columns(person.email, person.name)
        .join(subscribers, person.id == row.subscriber)
        .where(*due, row.due_at == group.due_at)
        .where(row.audience == group.audience, row.item_set == group.item_set)
        .order_by(row.id)
        .limit(limit)
        .with_for_update(of=deliveries, skip_locked=True)
    )
    return connection.execute(query).all()


def _mark_sending(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> None:
    if rows:
        ids = [row.id for row in rows]
        connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(state=State.SENDING))


def _exclude(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> None:
    for row in rows:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == row.id)
            .values(state=State.EXCLUDED, reason=reason_of(row.status))
        )


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        id=row.id,
        subscriber=row.subscriber,
        address=row.email,
        name=row.name,
        audience=row.audience,
        item_set=row.item_set,
        attempts=row.attempts,
    )
