"""What an import changes about a person who is known already."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ranvier.subscribers.subscriber import LEFT, Status

if TYPE_CHECKING:
    from ranvier.subscribers.subscriber import Subscriber


class Change(StrEnum):
    """What became of one accepted row."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


# A full mailbox says less than a person's word, and a complaint is the strongest word there is (R99).
_STRENGTH = {Status.BOUNCED: 1, Status.UNSUBSCRIBED: 2, Status.COMPLAINED: 3}


def merge(
    known: Subscriber | None, new: Subscriber, *, keep_frequency: bool = False
) -> tuple[Subscriber, Change]:
    """The person after the row, and whether that is a change.

    Empty cells erase nothing; `keep_frequency` says that the row's frequency was one of them. Someone who
    left stays gone and as they were (R102). A pending person becomes active only by a row with consent.
    """
    if known is None:
        return new, Change.ADDED
    merged = known if known.status in LEFT else _filled(known, new, keep_frequency=keep_frequency)
    merged = suppress(merged, new.status)
    return merged, Change.UNCHANGED if merged == known else Change.UPDATED


def suppress(person: Subscriber, status: Status) -> Subscriber:
    """The person after a suppressing `status`; one that is weaker or suppresses nobody changes nothing."""
    if _STRENGTH.get(status, 0) <= _STRENGTH.get(person.status, 0):
        return person
    return replace(person, status=status)


def weaker_than(status: Status) -> tuple[Status, ...]:
    """The statuses that give way to a suppressing one."""
    return tuple(one for one in Status if _STRENGTH.get(one, 0) < _STRENGTH.get(status, 0))


def _filled(known: Subscriber, new: Subscriber, *, keep_frequency: bool) -> Subscriber:
    confirmed = new.status is Status.ACTIVE and new.consent_date is not None
    fields: dict[str, Any] = {
        "name": new.name or known.name,
        "audience": new.audience or known.audience,
        "topics": _either(new.topics, known.topics),
        "frequency": known.frequency if keep_frequency else new.frequency,
        "locale": new.locale or known.locale,
        "timezone": new.timezone or known.timezone,
        "status": Status.ACTIVE if confirmed else known.status,
        "consent_date": new.consent_date or known.consent_date,
        "tags": _either(new.tags, known.tags),
    }
    # Most rows of most lists change nothing, and to find that out is quicker than to make a person.
    changed = any(getattr(known, name) != value for name, value in fields.items())
    return replace(known, **fields) if changed else known


def _either(new: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """The new words, if there are any and they are others: their order means nothing."""
    return new if new and set(new) != set(known) else known
