"""What follows from what came back: whoever cannot or will not be reached is not written to again."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from ranvier.delivery.handover import State
from ranvier.events.heard import ENDS
from ranvier.events.kind import Kind
from ranvier.events.streak import goes_on_for_too_long
from ranvier.events.verdict import classify
from ranvier.issue.state import IssueState
from ranvier.store import consents, events, issues, readers
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from ranvier.events.heard import Heard
    from ranvier.settings.workspace import Workspace


def hear(
    workspace: Workspace, connection: Connection, heard: Sequence[Heard], *, now: datetime
) -> Collection[int]:
    """Keep what came back about deliveries that are here, and do at once what follows from it.

    In any order and as often as it is told, the end is the same (R185). Returns the deliveries that are here.
    """
    events.take_turn(connection)
    whose = events.subscribers_of(connection, {one.delivery for one in heard})
    # A server's words may repeat an address, and of whoever was forgotten nothing is kept.
    before = events.known(connection, {one.id for one in heard})
    told = [
        one if whose[one.delivery] > 0 else replace(one, text="") for one in heard if one.delivery in whose
    ]
    events.keep(connection, told)
    if events.resolve(connection, whose):
        for issue in events.issues_of(connection, whose):
            settle(connection, issue)
    since = consents.given_since(connection, {whose[one.delivery] for one in told if one.kind in ENDS})
    people: dict[Kind, set[int]] = defaultdict(set)
    for one in told:
        # What is told again, or is older than the person's new consent, ends nothing any more.
        person = whose[one.delivery]
        if one.id not in before and not (one.kind in ENDS and one.at < since.get(person, one.at)):
            people[one.kind].add(person)
    for kind, status in ENDS.items():
        readers.leave(connection, people[kind], status, at=now)
    _give_up(workspace, connection, people[Kind.SOFT], now=now)
    return whose.keys()


def settle(connection: Connection, issue: str) -> None:
    """Deliveries that became uncertain after something was told of them; `sent` when nothing is open."""
    events.resolve(connection, events.unresolved(connection, issue))
    if issues.get(connection, issue).state is IssueState.SENDING and not issues.is_open(connection, issue):
        issues.move(connection, issue, IssueState.SENT)


def hear_refusals(workspace: Workspace, connection: Connection, issue: str, *, now: datetime) -> None:
    """The same for what servers said at once, while an issue was handed over (R87)."""
    events.take_turn(connection)
    people: dict[Kind, set[int]] = defaultdict(set)
    for one in events.refusals(connection, issue):
        kind = Kind.SOFT if one.state is State.DEFERRED else classify(one.code, one.reply, at_rcpt=True)
        people[kind].add(one.subscriber)
    readers.leave(connection, people[Kind.HARD], Status.BOUNCED, at=now)
    _give_up(workspace, connection, people[Kind.SOFT], now=now)


def _give_up(workspace: Workspace, connection: Connection, people: Iterable[int], *, now: datetime) -> None:
    """Take those off the list whose mail has failed for too long."""
    rules = workspace.settings.bounces
    lasting = [one for one in people if goes_on_for_too_long(events.history(connection, one), rules)]
    readers.leave(connection, lasting, Status.BOUNCED, at=now)
