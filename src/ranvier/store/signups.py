"""People who asked to be on the list and have not confirmed: they are not on it (R107, R134)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from ranvier.store.schema import signups

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from ranvier.addresses import Address
    from ranvier.subscribers.subscriber import Subscriber

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
    """Remember that somebody asked. Within a day the first time counts, whoever it was that asked again."""
    known = connection.execute(
        select(signups).where(signups.c.key == address.key).with_for_update()
    ).one_or_none()
    row = {
        "email": address.email,
        "choices": json.dumps(choices),
        "wording": wording,
        "asked_at": now,
        "mailed_at": None,
    }
    if known is None:
        connection.execute(insert(signups).values(key=address.key, **row))
    elif now - known.asked_at >= AGAIN:
        connection.execute(update(signups).where(signups.c.id == known.id).values(row))


def take_next(connection: Connection, *, now: datetime) -> SignUp | None:
    """One who waits for their mail, marked as mailed before it is handed over: it never leaves twice."""
    waiting = (signups.c.mailed_at.is_(None), signups.c.asked_at > now - AGAIN)
    query = select(signups).where(*waiting).order_by(signups.c.id).limit(1)
    row = connection.execute(query.with_for_update(skip_locked=True)).mappings().one_or_none()
    if row is None:
        return None
    connection.execute(update(signups).where(signups.c.id == row["id"]).values(mailed_at=now))
    return _signup(row)


def unanswered(connection: Connection, *, before: datetime) -> list[SignUp]:
    """People of the list who were asked before that moment whether they still want it."""
    query = select(signups).where(signups.c.asked_at < before, signups.c.choices.contains(_STILL))
    return [_signup(row) for row in connection.execute(query).mappings()]


def put_back(connection: Connection, number: int) -> None:
    """The mail was not taken; it may be tried again."""
    connection.execute(update(signups).where(signups.c.id == number).values(mailed_at=None))


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
