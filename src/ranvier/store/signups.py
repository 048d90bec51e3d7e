"""People who asked to be on the list and have not confirmed: they are not on it (R107, R134)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select, update

from ranvier.store.schema import signups

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from ranvier.addresses import Address
    from ranvier.subscribers.subscriber import Subscriber

RENEWED = timedelta(hours=48)
"""After so long a new sign-up begins anew: the link of the first would soon be too old."""

REST = timedelta(minutes=5)
"""So long after a try that came to nothing, or whose process died, the mail is not tried again."""

_STILL = '"still": true'

AGAIN = timedelta(hours=24)
"""Nobody is asked to confirm more often: a sign-up form must not be a way to flood a mailbox (R134)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """One person who asked; `choices` is JSON, `wording` the hash of what they agreed to."""

    id: int
    key: str
    email: str
    choices: str
    wording: str
    asked_at: datetime
    mailed_at: datetime | None
    tried_at: datetime | None

    @property
    def still(self) -> bool:
        """Whether it is somebody of the list who was asked whether they still want it."""
        return _STILL in self.choices


def ask(
    connection: Connection,
    address: Address | Subscriber,
    choices: Mapping[str, object],
    wording: str,
    *,
    now: datetime,
) -> None:
    """Remember that somebody asked. The first choices count, whoever it was that asked again.

    The mail leaves at most once in AGAIN, and an older link works on for as long as it is good for a while.
    Whoever is asked whether they still want it has their mail already.
    """
    known = connection.execute(
        select(signups).where(signups.c.key == address.key).with_for_update()
    ).one_or_none()
    fresh = {"choices": json.dumps(choices), "wording": wording, "asked_at": now}
    unsent = {"mailed_at": None, "tried_at": None}
    if known is None:
        row = {"key": address.key, "email": address.email, **fresh, **unsent}
        connection.execute(insert(signups).values(row))
        return
    again: dict[str, object] = {
        "email": known.email
    }  # written in any case: nobody can tell by the time it takes
    if _STILL not in known.choices and (known.mailed_at is None or now - known.mailed_at >= AGAIN):
        is_old = now - known.asked_at >= RENEWED
        again |= {**unsent, **fresh, "email": address.email} if is_old else unsent if known.mailed_at else {}
    connection.execute(update(signups).where(signups.c.id == known.id).values(again))


def take_next(connection: Connection, *, now: datetime) -> SignUp | None:
    """One who waits for their mail, marked as tried; who was tried a moment ago waits a little longer."""
    row = signups.c
    rested = or_(row.tried_at.is_(None), row.tried_at <= now - REST)
    query = select(signups).where(row.mailed_at.is_(None), row.asked_at > now - RENEWED, rested)
    found = (
        connection.execute(query.order_by(row.id).limit(1).with_for_update(skip_locked=True))
        .mappings()
        .one_or_none()
    )
    if found is None:
        return None
    connection.execute(update(signups).where(row.id == found["id"]).values(tried_at=now))
    return _signup(found)


def mailed(connection: Connection, number: int, *, at: datetime) -> None:
    """The mail left, or may have."""
    connection.execute(update(signups).where(signups.c.id == number).values(mailed_at=at))


def unanswered(connection: Connection, *, before: datetime) -> list[SignUp]:
    """People of the list who were asked before that moment whether they still want it."""
    query = select(signups).where(signups.c.asked_at < before, signups.c.choices.contains(_STILL))
    return [_signup(row) for row in connection.execute(query).mappings()]


def find(connection: Connection, number: int) -> SignUp | None:
    """Who asked under this number; None if it was confirmed or is too long ago."""
    query = select(signups).where(signups.c.id == number).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return _signup(row) if row else None


def by_key(connection: Connection, key: str) -> SignUp | None:
    """Who asked by this address."""
    row = connection.execute(select(signups).where(signups.c.key == key)).mappings().one_or_none()
    return _signup(row) if row else None


def remove(connection: Connection, number: int) -> None:
    """It was confirmed."""
    connection.execute(delete(signups).where(signups.c.id == number))


def prune(connection: Connection, *, before: datetime) -> int:
    """Forget who asked before that moment and never confirmed; returns how many (R138).

    People of the list who were asked themselves are not among them: `unanswered`.
    """
    old = (signups.c.asked_at < before, ~signups.c.choices.contains(_STILL))
    return connection.execute(delete(signups).where(*old)).rowcount


def _signup(row: RowMapping) -> SignUp:
    return SignUp(**row)
