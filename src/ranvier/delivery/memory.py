"""A ledger that lives as long as the process: the twin that shows what a real one has to do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ranvier.delivery.handover import Delivery, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ranvier.delivery.handover import Decided


@dataclass(slots=True, kw_only=True)
class Row:
    """One line of the account."""

    delivery: Delivery
    state: State = State.PENDING
    code: str = ""
    text: str = ""
    again_at: float | None = None


@dataclass(slots=True)
class MemoryLedger:
    """Rows by delivery id; whoever is in `left` (subscriber ids) is excluded instead of claimed."""

    rows: dict[int, Row]
    left: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, deliveries: Iterable[Delivery]) -> MemoryLedger:
        """A ledger with all of them pending."""
        return cls({delivery.id: Row(delivery=delivery) for delivery in deliveries})

    def step(self, decided: Sequence[Decided], *, limit: int, now: float) -> tuple[Delivery, ...]:
        """Records and claims, as `engine.Ledger` says."""
        for one in decided:
            self._record(one)
        return self._claim(limit, now=now) if limit else ()

    def sending(self) -> tuple[int, ...]:
        """Rows in flight."""
        return tuple(number for number, row in self.rows.items() if row.state is State.SENDING)

    def count(self, state: State) -> int:
        """How many rows are in `state`."""
        return sum(row.state is state for row in self.rows.values())

    def _record(self, one: Decided) -> None:
        row = self.rows[one.delivery]
        row.state, row.again_at = one.state, one.again_at
        row.code, row.text = one.code, one.text
        row.delivery = replace(row.delivery, attempts=row.delivery.attempts + one.attempted)

    def _claim(self, limit: int, *, now: float) -> tuple[Delivery, ...]:
        due = self._due(now)
        for row in due:
            if row.delivery.subscriber in self.left:
                row.state = State.EXCLUDED
        staying = [row for row in due if row.state is State.PENDING]
        if not staying:
            return ()
        first = _content(staying[0])
        claimed = [row for row in staying if _content(row) == first][:limit]
        for row in claimed:
            row.state = State.SENDING
        return tuple(row.delivery for row in claimed)

    def _due(self, now: float) -> list[Row]:
        pending = [row for row in self.rows.values() if row.state is State.PENDING]
        due = [row for row in pending if row.again_at is None or row.again_at <= now]
        return sorted(due, key=lambda row: (row.again_at is not None, row.again_at or 0.0, row.delivery.id))


def _content(row: Row) -> tuple[str, int]:
    return row.delivery.audience, row.delivery.item_set
