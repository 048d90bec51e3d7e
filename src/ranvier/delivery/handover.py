"""What the engine and a transport say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A claimed row: durably `sending`, with the person as they are at this moment."""

    id: int
    subscriber: int
    address: str
    name: str
    audience: str
    item_set: int
    attempts: int


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
    """A claimed row's new state. `again_at` is epoch seconds, `code` and `text` are the peer's last words."""

    delivery: int
    state: State
    code: str = ""
    text: str = ""
    again_at: float | None = None
    attempted: bool
    """True adds one to the row's count of attempts."""


class Transport(Protocol):
    """Where messages are handed over."""

    name: str
    """Where it hands over, with nothing secret in it; two of one name share their evidence."""
    batch: int
    """Most deliveries in one hand-over: 1 for a file or an SMTP transaction, 1,000 for SendGrid."""

    def hand_over(self, deliveries: Sequence[Delivery]) -> Iterable[Reply]:
        """One reply per delivery. All deliveries share audience and item set. Raises nothing."""
        ...

    def evidence(self, delivery: int) -> Reply | None:
        """What can be proved about a hand-over that died half-way: taken, not taken, or None for unknown."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
