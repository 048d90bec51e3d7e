"""`subscribers prune`: what was kept for as long as it was needed (R138)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ranvier.store import events, set_aside, signups

if TYPE_CHECKING:
    from datetime import datetime

    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many of each are gone."""

    signups: int
    events: int
    set_aside: int

    def as_json(self) -> dict[str, int]:
        """The document of `subscribers prune`."""
        return asdict(self)


def prune(workspace: Workspace, *, now: datetime) -> Pruned:
    """Delete what is older than `[retention]` says."""
    rules = workspace.settings.retention
    with workspace.database.write() as connection:
        pruned = Pruned(
            signups=signups.prune(connection, before=now - timedelta(days=rules.unconfirmed_days)),
            events=events.prune(connection, before=now - timedelta(days=rules.events_days)),
            set_aside=set_aside.prune(
                connection, "sendgrid", before=now - timedelta(days=rules.set_aside_days)
            ),
        )
    workspace.database.settle()
    return pruned
