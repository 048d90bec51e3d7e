"""One thing that came back about one delivery, whoever told it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.events.kind import Kind
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from datetime import datetime

ENDS = {
    Kind.HARD: Status.BOUNCED,
    Kind.UNSUBSCRIBE: Status.UNSUBSCRIBED,
    Kind.COMPLAINT: Status.COMPLAINED,
    Kind.DROPPED_BOUNCED: Status.BOUNCED,
    Kind.DROPPED_LEFT: Status.UNSUBSCRIBED,
    Kind.DROPPED_COMPLAINT: Status.COMPLAINED,
}
"""After these nobody writes to the person again; a complaint is about all editions (R87, R99)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """`id` names it wherever it is told again; `code` and `text` are the server's words."""

    id: str
    delivery: int
    kind: Kind
    at: datetime
    code: str = ""
    text: str = ""
