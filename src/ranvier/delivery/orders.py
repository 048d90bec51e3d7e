"""What people and guards say about a running send: go on, wait, or end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Holder(StrEnum):
    """Who holds a send up."""

    PERSON = "person"
    CANARY = "canary"
    """The first few were handed over, and someone wants to look at them."""
    GUARD = "guard"
    """Too many refusals or complaints among the first."""
    SENDER = "sender"
    """The relay blames who we are (R96): no reader's address is at fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Nothing is handed over until a person says `resume`."""

    by: Holder
    why: str

    @property
    def lingers(self) -> bool:
        """Whether a running send stays and waits: somebody is at it. Else it ends, and says what is wrong."""
        return self.by in (Holder.PERSON, Holder.CANARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a running send has to obey, as it stands now."""

    cancelled: bool = False
    hold: Hold | None = None


GO_ON = Orders()
