"""`subscribers sync`: what SendGrid knows of people that we do not, and the other way round (R183)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.addresses import normalise
from ranvier.delivery.sendgrid_lists import SendGridLists
from ranvier.delivery.urls import SendGridOptions, parse_transport
from ranvier.errors import InputError, RanvierError, UsageError
from ranvier.store import consents, readers, set_aside, topic_bits
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from ranvier.delivery.sendgrid_lists import Listed
    from ranvier.settings.workspace import Workspace
    from ranvier.store.readers import Reader

_MEANS = {
    "bounces": Status.BOUNCED,
    "invalid_emails": Status.BOUNCED,
    "spam_reports": Status.COMPLAINED,
    "unsubscribes": Status.UNSUBSCRIBED,
}
ERASE = "erase"
"""Source of an address that SendGrid has still to erase; it is kept until SendGrid has taken the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """Counts: who is not written to any more, whom SendGrid may write to again, who was erased there."""

    statuses: Counter[Status]
    taken_off: int
    erased: int
    not_here: int

    def as_json(self) -> dict[str, int]:
        """The document of `subscribers sync`."""
        return {
            **{status.value: self.statuses[status] for status in dict.fromkeys(_MEANS.values())},
            "taken_off": self.taken_off,
            "erased": self.erased,
            "not_here": self.not_here,
        }


def lists_of(workspace: Workspace) -> SendGridLists | None:
    """SendGrid's lists, if mail goes out by SendGrid."""
    options = parse_transport(workspace.transport_url, where="RANVIER_TRANSPORT")
    if not isinstance(options, SendGridOptions):
        return None
    return SendGridLists(options.host, workspace.environment.sendgrid_key)


def sync(workspace: Workspace, *, now: datetime) -> Synced:
    """Take over SendGrid's suppressions; who confirmed a sign-up since is taken off its lists instead."""
    lists = lists_of(workspace)
    if lists is None:
        raise UsageError("mail does not go out by SendGrid, so there is nothing to sync", where="transport")
    erased = erase_waiting(workspace)
    statuses: Counter[Status] = Counter()
    taken_off = not_here = 0
    for one in lists.listed():
        with workspace.database.write() as connection:
            reader = _reader(connection, one)
            again = reader is not None and _came_back(connection, reader, one)
            if reader and not again:
                readers.leave(connection, [reader.id], _MEANS[one.list], at=now)
        if reader is None:
            not_here += 1
        elif again:
            lists.take_off(one)
            taken_off += 1
        elif reader.person.status is Status.ACTIVE:
            statuses[_MEANS[one.list]] += 1
    return Synced(statuses=statuses, taken_off=taken_off, erased=erased, not_here=not_here)


def erase_waiting(workspace: Workspace) -> int:
    """Have those erased at SendGrid who were forgotten here; returns how many jobs it took.

    Raises RanvierError when it cannot be asked; the next run tries again.
    """
    lists = lists_of(workspace)
    with workspace.database.read() as connection:
        waiting = set_aside.of(connection, ERASE)
    for name, address in waiting.items():
        if lists:
            lists.erase(address)
        with workspace.database.write() as connection:
            set_aside.remove(connection, name)
    if waiting:
        workspace.database.settle()
    return len(waiting)


def try_to_erase(workspace: Workspace) -> bool:
    """The same where somebody waits for an answer: whether nothing is left to erase."""
    try:
        erase_waiting(workspace)
    except RanvierError:
        return False
    return True


def _reader(connection: Connection, one: Listed) -> Reader | None:
    try:
        key = normalise(one.address).key
    except InputError:
        return None
    return readers.by_address(connection, key, topic_bits.held_bits(connection))


def _came_back(connection: Connection, reader: Reader, one: Listed) -> bool:
    """Whether the person confirmed a sign-up after SendGrid had put them on its list."""
    given = [
        found.given_at for found in consents.of(connection, reader.id) if found.asked_at and found.given_at
    ]
    return reader.person.status is Status.ACTIVE and any(moment > one.at for moment in given)
