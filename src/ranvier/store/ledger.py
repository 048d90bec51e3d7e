"""The ledger of one issue in the database: every commit is durable when it returns.

Rows are started by whoever holds the issue (store/lock.py); `holder` makes sure that it still does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, exists, func, select, tuple_, update

from ranvier.delivery.handover import Decided, Delivery, State, Uncertain
from ranvier.delivery.ledger import Committed
from ranvier.delivery.orders import Orders
from ranvier.errors import HoldLostError
from ranvier.issue.state import IssueState
from ranvier.store import issues as records
from ranvier.store.freeze import DROPPED, FORGOTTEN, left_out
from ranvier.store.prepared import Prepared
from ranvier.store.schema import COMPLAINED, PENDING, SENDING, deliveries, issues, opt_outs, subscribers
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.engine.interfaces import DBAPICursor as Cursor

    from ranvier.delivery.orders import Hold
    from ranvier.store.database import Database

_row, _person = deliveries.c, subscribers.c
_ORDER = (_row.due_at, _row.id)
_FIRST = {"last_due_at": -1.0, "last_id": 0}

# FOR SHARE (PostgreSQL): whoever takes the issue over or cancels it waits until this commit is through.
_STANDING = Prepared(
    select(issues.c.state, issues.c.hold_by, issues.c.holder)
    .where(issues.c.id == bindparam("issue"))
    .with_for_update(read=True)
)
_DUE = Prepared(
    select(_row.id, _row.subscriber, _person.email, _person.name, _row.audience, _row.item_set)
    .add_columns(_row.attempts, _row.due_at)
    .join(subscribers, _person.id == _row.subscriber)
    .where(_row.issue == bindparam("issue"), PENDING, _row.due_at <= bindparam("now"))
    .where(tuple_(*_ORDER) > tuple_(bindparam("last_due_at"), bindparam("last_id")))
    .order_by(*_ORDER)
    .limit(bindparam("most"))
)
_RECORD = Prepared(
    update(deliveries)
    .where(_row.id == bindparam("row"), PENDING | SENDING)
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        code=bindparam("new_code"),
        reply=bindparam("new_reply"),
        attempts=_row.attempts + bindparam("tried"),
        due_at=bindparam("new_due_at"),
    )
)
_START = Prepared(
    update(deliveries)
    .where(_row.id == bindparam("row"), PENDING)
    .where(
        exists().where(
            _person.id == _row.subscriber,
            _person.status == bindparam("active"),
            _person.email == bindparam("address"),
            _person.name == bindparam("called"),
            _person.paused_until.is_(None),
        )
    )
    .where(
        ~exists().where(
            opt_outs.c.subscriber == _row.subscriber, opt_outs.c.edition == bindparam("left_edition")
        )
    )
    .values(state=bindparam("new_state"))
)


class SqlLedger:
    """Implements `delivery.ledger.Ledger`."""

    def __init__(self, database: Database, issue: str, *, holder: str = "") -> None:
        self._database = database
        self._dialect = database.dialect
        self._issue = issue
        self._edition = issue.partition("/")[0]
        self._holder = holder

    def take_over(self) -> None:
        """From now on no other process's commits count. Only for whoever has the lock of the issue."""
        with self._database.write() as connection:
            records.change(connection, self._issue, holder=self._holder)

    def due(self, *, limit: int, now: float, after: Delivery | None = None) -> tuple[Delivery, ...]:
        """As `delivery.ledger.Ledger` says."""
        last = {"last_due_at": after.due_at, "last_id": after.id} if after else _FIRST
        with self._database.quick(writes=False) as cursor:
            rows = _DUE.rows(cursor, self._dialect, issue=self._issue, now=now, most=limit, **last)
        return tuple(
            Delivery(
                id=row[0],
                subscriber=row[1],
                address=row[2],
                name=row[3],
                audience=row[4],
                item_set=row[5],
                attempts=row[6],
                due_at=row[7],
            )
            for row in rows
        )

    def commit(self, decided: Sequence[Decided], starting: Sequence[Delivery] = ()) -> Committed:
        """As `delivery.ledger.Ledger` says."""
        rows = [_start(one, self._edition) for one in starting]
        with self._database.quick() as cursor:
            if not self._record(cursor, decided):
                return Committed(started=frozenset())
            if _START.many(cursor, self._dialect, rows) == len(rows):
                return Committed(started=frozenset(one.id for one in starting))
            # Somebody may not go. Who it is only one statement for each can tell, so all begins again.
            self._database.undo()
        with self._database.quick() as cursor:
            if not self._record(cursor, decided):
                return Committed(started=frozenset())
            started = [one.id for one, row in zip(starting, rows, strict=True) if self._starts(cursor, row)]
        others = {one.id for one in starting}.difference(started)
        return Committed(started=frozenset(started), left=self._exclude(others))

    def sending(self) -> tuple[int, ...]:
        """Rows that a process had in flight when it died; call it only while holding the issue's lock."""
        with self._database.read() as connection:
            return tuple(records.ids(connection, self._issue, State.SENDING))

    def orders(self) -> Orders:
        """As `delivery.ledger.Ledger` says."""
        with self._database.read() as connection:
            record = records.get(connection, self._issue)
        return Orders(cancelled=record.state is IssueState.CANCELLED, hold=record.hold)

    def hold(self, hold: Hold) -> None:
        """As `delivery.ledger.Ledger` says."""
        with self._database.write() as connection:
            records.hold(connection, self._issue, hold)

    def complaints(self) -> int:
        """As `delivery.ledger.Ledger` says."""
        query = select(func.count()).select_from(subscribers).join(deliveries, _row.subscriber == _person.id)
        about_it = (COMPLAINED, _row.issue == self._issue, _row.state == State.ACCEPTED)
        with self._database.read() as connection:
            return int(connection.execute(query.where(*about_it)).scalar_one())

    def _record(self, cursor: Cursor, decided: Sequence[Decided]) -> bool:
        """Writes outcomes; whether anybody may be started besides. If it raises, it has not written."""
        state, hold_by, holder = _STANDING.rows(cursor, self._dialect, issue=self._issue)[0]
        if holder != self._holder:
            raise HoldLostError("another process took it over; this one stops", where=self._issue)
        cancelled = state == IssueState.CANCELLED
        _RECORD.many(cursor, self._dialect, [_outcome(one, cancelled=cancelled) for one in decided])
        return not hold_by and not cancelled

    def _starts(self, cursor: Cursor, row: Mapping[str, object]) -> bool:
        return bool(_START.many(cursor, self._dialect, [row]))

    def _exclude(self, ids: Collection[int]) -> tuple[Decided, ...]:
        """Those of the rows whose person may not be mailed any more; the others stay pending."""
        reason = case((_person.id.is_(None), FORGOTTEN), else_=left_out(edition=self._edition))
        query = select(_row.id, reason.label("reason")).outerjoin(subscribers, _person.id == _row.subscriber)
        with self._database.write() as connection:
            left = connection.execute(query.where(_row.id.in_(ids), PENDING, reason != "")).all()
            for row in left:
                excluded = {"state": State.EXCLUDED, "reason": row.reason}
                connection.execute(update(deliveries).where(_row.id == row.id).values(excluded))
        return tuple(Decided(delivery=row.id, state=State.EXCLUDED, attempted=False) for row in left)

    def settle(self, choice: Uncertain) -> None:
        """Do with all uncertain rows what a person decided: hand them over again, or never."""
        resend = {"state": State.PENDING, "due_at": 0.0}
        drop = {"state": State.REJECTED, "reason": DROPPED}
        uncertain = (_row.issue == self._issue, _row.state == State.UNCERTAIN)
        with self._database.write() as connection:
            connection.execute(
                update(deliveries).where(*uncertain).values(resend if choice is Uncertain.RESEND else drop)
            )

    def next_due(self) -> float | None:
        """When the next pending row is due, in Unix seconds; None if nothing is pending."""
        query = select(func.min(_row.due_at)).where(_row.issue == self._issue, PENDING)
        with self._database.read() as connection:
            return connection.execute(query).scalar()


def _outcome(one: Decided, *, cancelled: bool) -> dict[str, object]:
    ends = cancelled and one.state is State.PENDING
    return {
        "row": one.delivery,
        "new_state": (State.EXCLUDED if ends else one.state).value,
        "new_reason": records.CANCELLED if ends else "",
        "new_code": one.code,
        "new_reply": one.text,
        "tried": int(one.attempted),
        "new_due_at": one.again_at or 0.0,
    }


def _start(one: Delivery, edition: str) -> dict[str, object]:
    return {
        "row": one.id,
        "active": Status.ACTIVE.value,
        "address": one.address,
        "called": one.name,
        "left_edition": edition,
        "new_state": State.SENDING.value,
    }
