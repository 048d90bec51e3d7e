"""Addresses of people who are on the list no more and must not come back by an import (R102, R103)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from ranvier.errors import ConfigurationError
from ranvier.store.chunks import chunks
from ranvier.store.schema import suppressions
from ranvier.subscribers.subscriber import Status
from ranvier.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from ranvier.tokens import Secrets

FORGOTTEN = "forgotten"
"""Reason of an address whose person asked to be forgotten while they were on the list."""

_PURPOSE = "suppression"


class Suppressions:
    """What is kept is a keyed hash: without the secret nobody can ask whether an address is in it.

    Raises ConfigurationError when the secret that made the hashes is gone, because then everybody would be
    back.
    """

    def __init__(self, connection: Connection, secrets: Secrets) -> None:
        self._connection = connection
        self._secrets = secrets
        self._name = digest(secrets, "name of a secret", "")
        column = suppressions.c.secret
        # The first and the last of an index: the same as ours, or there are others.
        least, most = connection.execute(select(func.min(column), func.max(column))).one()
        self._is_empty = least is None
        if {least, most} - {None, self._name}:
            message = (
                "the secret under which people who left are remembered is gone; put it back behind the others"
            )
            raise ConfigurationError(message, where="RANVIER_SECRET")

    def of(self, keys: Iterable[str]) -> dict[str, str]:
        """Those of the addresses that are suppressed, each with its reason."""
        if self._is_empty:
            return {}
        hashes = {self._hash(key): key for key in keys}
        found = {}
        for chunk in chunks(hashes):
            query = select(suppressions.c.hash, suppressions.c.reason)
            rows = self._connection.execute(query.where(suppressions.c.hash.in_(chunk)))
            found.update({hashes[row.hash]: row.reason for row in rows})
        return found

    def add(self, key: str, reason: str, *, at: datetime) -> None:
        """Remember an address; a reason that is there already stays unless the new one is a complaint."""
        row = {"hash": self._hash(key), "secret": self._name, "reason": reason, "at": at}
        known = self._connection.execute(
            select(suppressions.c.reason).where(suppressions.c.hash == row["hash"])
        ).scalar()
        if known is None:
            self._connection.execute(insert(suppressions).values(row))
        elif reason == Status.COMPLAINED:
            self._connection.execute(
                update(suppressions).where(suppressions.c.hash == row["hash"]).values(reason=reason)
            )
        self._is_empty = False

    def lift(self, key: str) -> None:
        """The person asked to be on the list again, and confirmed it."""
        self._connection.execute(delete(suppressions).where(suppressions.c.hash == self._hash(key)))

    def _hash(self, key: str) -> str:
        return digest(self._secrets, _PURPOSE, key)
