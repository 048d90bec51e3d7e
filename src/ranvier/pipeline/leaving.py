"""One click and no more mail (RFC 8058, R4-R11): from one edition, or from everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import false, or_

from ranvier.message.identity import UNSUBSCRIBE, leaves_by, linked
from ranvier.store import readers, topic_bits
from ranvier.store.conditions import sql
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from ranvier.settings.workspace import Workspace
    from ranvier.store.readers import Reader


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
    with workspace.database.write() as connection:
        return _leave(workspace, connection, *found, everything=everything, now=now)


def leave_by_mail(
    workspace: Workspace, connection: Connection, addresses: Iterable[str], *, now: datetime
) -> bool:
    """The same for a mail to somebody's `unsubscribe_address`; whether one of the addresses is one."""
    known = workspace.settings.editions
    found = next((link for one in addresses if (link := leaves_by(workspace.secrets, one, known))), None)
    if found is None:
        return False
    _leave(workspace, connection, *found, everything=False, now=now)
    return True


def _leave(  # noqa: PLR0913 - who, what, and when
    workspace: Workspace,
    connection: Connection,
    number: int,
    edition: str | None,
    *,
    everything: bool,
    now: datetime,
) -> Farewell:
    masks = topic_bits.bits(connection, workspace.taxonomy.slugs)
    reader = readers.find(connection, number, masks)
    if reader is None:
        return Farewell(edition=edition, gone=True)
    others = _others(workspace, connection, reader, masks, edition)
    if edition:
        readers.leave_edition(connection, reader, edition, at=now)
    gone = everything or not edition or not others
    if gone:
        readers.leave(connection, [reader.id], Status.UNSUBSCRIBED, at=now)
    return Farewell(edition=edition, gone=gone or reader.person.status is not Status.ACTIVE)


def editions(workspace: Workspace, masks: Mapping[str, int]) -> dict[str, ColumnElement[bool]]:
    """Whom each edition is for, as conditions over the list."""
    return {
        name: or_(false(), *(sql(workspace.segment(slug).where, masks) for slug in edition.segments))
        for name, edition in workspace.settings.editions.items()
    }


def _others(
    workspace: Workspace,
    connection: Connection,
    reader: Reader,
    masks: Mapping[str, int],
    edition: str | None,
) -> frozenset[str]:
    """What the person goes on getting without this edition."""
    reached = readers.reached(connection, reader.id, editions(workspace, masks))
    return reached - reader.left - {edition}
