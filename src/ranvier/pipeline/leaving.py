"""One click and no more mail (RFC 8058, R4-R11): from one edition, or from everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.message.identity import UNSUBSCRIBE, leaves_by, linked
from ranvier.store import readers, topic_bits
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.engine.interfaces import DBAPICursor as Cursor

    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """What a link that was signed here leads away from.

    `edition` is None for one that exists no more. `gone` says that the person gets nothing at all any more,
    also because nobody knows them.
    """

    edition: str | None
    gone: bool


def farewell(workspace: Workspace, token: str) -> Farewell | None:
    """What an unsubscribe link is about; nothing changes. None for a link that was not signed here."""
    found = linked(workspace.secrets, UNSUBSCRIBE, token, workspace.settings.editions)
    if found is None:
        return None
    number, edition = found
    with workspace.database.read() as connection:
        reader = readers.find(connection, number, topic_bits.held_bits(connection))
    return Farewell(edition=edition, gone=reader is None or reader.person.status is not Status.ACTIVE)


def unsubscribe(
    workspace: Workspace, token: str, *, everything: bool = False, now: datetime
) -> Farewell | None:
    """Take the person of the link off its edition, at once and as often as it is asked for.

    Whom no other edition reaches, and whoever leaves an edition that exists no more, has left the list: no
    import brings them back. None for a link that was not signed here.
    """
    found = linked(workspace.secrets, UNSUBSCRIBE, token, workspace.settings.editions)
    if found is None:
        return None
    number, edition = found
    goodbye = workspace.goodbye  # prepared before the transaction: it may have to ask the database
    with workspace.database.quick() as cursor:
        gone = goodbye.leave(cursor, number, edition, everything=everything, at=now)
    return Farewell(edition=edition, gone=gone)


def leave_by_mail(workspace: Workspace, cursor: Cursor, addresses: Iterable[str], *, now: datetime) -> bool:
    """The same for a mail to somebody's `unsubscribe_address`; whether one of the addresses is one."""
    known = workspace.settings.editions
    found = next((link for one in addresses if (link := leaves_by(workspace.secrets, one, known))), None)
    if found is None:
        return False
    number, edition = found
    workspace.goodbye.leave(cursor, number, edition, everything=False, at=now)
    return True
