"""A ledger that lives as long as the process: the twin that shows what a real one has to do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ranvier.delivery.handover import Decided, Delivery, State
from ranvier.delivery.ledger import Committed
from ranvier.delivery.orders import GO_ON, Orders

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ranvier.delivery.orders import Hold


@dataclass(slots=True, kw_only=True)
class Row:
    """One line of the account."""

    delivery: Delivery
    state: State = State.PENDING
    code: str = ""
    text: str = ""


@dataclass(slots=True)
class MemoryLedger:
    """Rows by delivery id; whoever is in `left` (subscriber ids) is excluded instead of started."""

    rows: dict[int, Row]
    left: set[int] = field(default_factory=set)
    now: Orders = GO_ON

    @classmethod
    def of(cls, deliveries: Iterable[Delivery]) -> MemoryLedger:
        """A ledger with all of them pending."""
        return cls({delivery.id: Row(delivery=delivery) for delivery in deliveries})

    def due(self, *, limit: int, now: float, after: Delivery | None = None) -> tuple[Delivery, ...]:
        """As `ledger.Ledger` says."""
        pending = (row.delivery for row in self.rows.values() if row.state is State.PENDING)
        due = sorted((one for one in pending if one.due_at <= now), key=_place)
        return tuple(one for one in due if after is None or _place(one) > _place(after))[:limit]

    def commit(self, decided: Sequence[Decided], starting: Sequence[Delivery] = ()) -> Committed:
        """As `ledger.Ledger` says."""
        for one in decided:
            self._record(one)
        if self.now != GO_ON:
            return Committed(started=frozenset())
        pending = [self.rows[one.id] for one in starting if self.rows[one.id].state is State.PENDING]
        for row in pending:
            gone = row.delivery.subscriber in self.left
            row.state = State.EXCLUDED if gone else State.SENDING
        return Committed(
            started=frozenset(row.delivery.id for row in pending if row.state is State.SENDING),
            left=tuple(_excluded(row) for row in pending if row.state is State.EXCLUDED),
        )

    def sending(self) -> tuple[int, ...]:
        """As `ledger.Ledger` says."""
        return tuple(number for number, row in self.rows.items() if row.state is State.SENDING)

    def orders(self) -> Orders:
        """As `ledger.Ledger` says."""
        return self.now

    def hold(self, hold: Hold) -> None:
        """As `ledger.Ledger` says."""
        if not self.now.hold:
            self.now = replace(self.now, hold=hold)

    def complaints(self) -> int:
        """Nobody complains to a memory."""
        return 0

    def count(self, state: State) -> int:
        """How many rows are in `state`."""
        return sum(row.state is state for row in self.rows.values())

    def _record(self, one: Decided) -> None:
        row = self.rows[one.delivery]
        row.state, row.code, row.text = one.state, one.code, one.text
        attempts = row.delivery.attempts + one.attempted
        row.delivery = replace(row.delivery, attempts=attempts, due_at=one.again_at or 0.0)


def _place(one: Delivery) -> tuple[float, int]:
    return one.due_at, one.id


def _excluded(row: Row) -> Decided:
    return Decided(delivery=row.delivery.id, state=State.EXCLUDED, attempted=False)
