"""The durable account of one issue, as the engine needs it; its twins are in memory and in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ranvier.delivery.handover import Decided, Delivery
    from ranvier.delivery.orders import Hold, Orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What a commit did with those who were to be started."""

    started: frozenset[int]
    left: tuple[Decided, ...] = ()
    """People who must not be mailed any more; they are `excluded` from now on."""


class Ledger(Protocol):
    """Errors of a ledger rise through everything: without it nothing may leave."""

    def due(self, *, limit: int, now: float, after: Delivery | None = None) -> tuple[Delivery, ...]:
        """Pending rows whose time has come, behind `after` in the ledger's order; nothing is written.

        The order is: when it was due (never tried: 0), then id; ids of one audience and item set are
        neighbours. People are as they are now.
        """
        ...

    def commit(self, decided: Sequence[Decided], starting: Sequence[Delivery] = ()) -> Committed:
        """Outcomes and starts in one durable commit.

        A row is started if it is still pending, its person may be mailed and has the address and name that
        were read, and the issue is neither held nor cancelled. In a cancelled issue `pending` becomes
        `excluded`. Raises HoldLostError when another process has taken over the issue.
        """
        ...

    def sending(self) -> tuple[int, ...]:
        """Rows that were in flight when their process died; only for whoever holds the issue alone."""
        ...

    def orders(self) -> Orders:
        """Whether the send may go on."""
        ...

    def hold(self, hold: Hold) -> None:
        """Durably: nothing is started until a person resumes. An earlier hold stays."""
        ...

    def complaints(self) -> int:
        """How many of those who have this issue have complained since."""
        ...
