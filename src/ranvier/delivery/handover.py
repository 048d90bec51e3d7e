"""What the engine and a transport say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class State(StrEnum):
    """What became of one issue for one subscriber (design: Words)."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    UNCERTAIN = "uncertain"
    EXCLUDED = "excluded"


class Uncertain(StrEnum):
    """What a person decides about readers who may have got it or not (design: Promises, 2)."""

    RESEND = "resend"
    DROP = "drop"


class Answer(StrEnum):
    """The only question about a hand-over: was it taken, and can it be later."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"
    """The body may have been taken; nobody knows (R71, R174)."""
    NOT_TAKEN = "not-taken"
    """The transport never took anything; no attempt of the reader's is burnt."""
    SENDER_FAULT = "sender-fault"
    """Not taken because of who we are (R96): nobody else is asked until a person has repaired it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row, with the person as they were when it was read. `due_at` is epoch seconds, 0 if never tried."""

    id: int
    subscriber: int
    address: str
    name: str
    audience: str
    item_set: int
    attempts: int
    due_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A transport's answer about one delivery; `text` is the peer's words as they came."""

    delivery: int
    answer: Answer
    code: str = ""
    text: str = ""
    retry_after: float | None = None
    """Seconds that the peer asked us to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A row's new state. `again_at` is epoch seconds, `code` and `text` are the peer's last words."""

    delivery: int
    state: State
    code: str = ""
    text: str = ""
    again_at: float | None = None
    attempted: bool
    """True adds one to the row's count of attempts."""


class Run(Protocol):
    """A send, as one lane of a transport sees it: where work comes from and where outcomes are written.

    A lane takes, starts, and hands over what `start` returned; then it records what became of it, best
    together with the next start. Whatever was taken is started, recorded or given back.
    """

    async def take(self, *, wait: bool = True) -> tuple[Delivery, ...]:
        """What is due, for one hand-over: at most `Transport.batch`, all of one audience and item set.

        Nothing is written for them yet: an envelope may be offered, a body may not. Waits for the turn that
        the rates allow; with `wait=False` it does not, and () means "not now". Else () is the end: let go of
        everything and return.
        """
        ...

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """These were taken and nothing happened: they are next again."""
        ...

    async def start(
        self, deliveries: Sequence[Delivery], replies: Sequence[Reply] = ()
    ) -> tuple[Delivery, ...]:
        """One durable commit: what `replies` decide, and `deliveries` as `sending`. Then bodies may leave.

        Returns those that may: without whoever has left or changed address since, and without anybody when
        the send was stopped. The others are not the lane's any more.
        """
        ...

    async def record(self, replies: Sequence[Reply]) -> None:
        """One durable commit of what `replies` decide, about started deliveries or only taken ones."""
        ...

    async def refused(self, deliveries: Sequence[Delivery], reply: Reply) -> None:
        """These were taken and nobody could be asked: no connection, a closed limit. They are next again.

        Returns when it is worth trying once more. Whether it is at all, the next `take` says: a run counts
        these, and replies that took nothing, and gives up after a few in a row.
        """
        ...


class Transport(Protocol):
    """Where messages are handed over."""

    name: str
    """Where it hands over, with nothing secret in it; two of one name share their evidence."""
    batch: int
    """Most deliveries in one hand-over: 1 for an SMTP transaction, 1,000 for SendGrid."""
    lanes: int
    """Hand-overs at once: connections, requests in flight, threads that write."""

    async def lane(self, run: Run) -> None:
        """Hand over until `run.take` gives nothing, in one of `lanes` tasks at once.

        What peers, disks and networks do becomes a Reply; only the run's own errors cross.
        """
        ...

    def evidence(self, delivery: int) -> Reply | None:
        """What can be proved about a hand-over that died half-way: taken, not taken, or None for unknown."""
        ...
