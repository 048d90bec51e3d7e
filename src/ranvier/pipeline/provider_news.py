"""What a provider's webhook tells, kept and acted upon in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.events.sendgrid_event import read_events
from ranvier.pipeline.hearing import hear
from ranvier.store import events

if TYPE_CHECKING:
    from datetime import datetime

    from ranvier.settings.workspace import Workspace


def take_in(workspace: Workspace, body: bytes, *, now: datetime) -> None:
    """Durable when it returns. What is about nobody here, or was not understood, is put aside (R190)."""
    posted = read_events(body, now=now)
    with workspace.database.write() as connection:
        here = hear(workspace, connection, posted.heard, now=now)
        strange = [*posted.aside, *(one.id for one in posted.heard if one.delivery not in here)]
        rows = [
            {"id": name, "source": "sendgrid", "at": now, "body": posted.bodies[name]} for name in strange
        ]
        events.keep_aside(connection, rows)
