"""What could not be dealt with at once: news about nobody here, for a person, and errands still to be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from ranvier.store.schema import set_aside

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def put(connection: Connection, name: str, source: str, body: str, *, at: datetime) -> None:
    """Keep one thing, once."""
    remove(connection, name)
    connection.execute(insert(set_aside).values(id=name, source=source, at=at, body=body))


def of(connection: Connection, source: str) -> dict[str, str]:
    """All of a source, by name."""
    rows = connection.execute(select(set_aside.c.id, set_aside.c.body).where(set_aside.c.source == source))
    return {row.id: row.body for row in rows}


def remove(connection: Connection, name: str) -> None:
    """It was dealt with."""
    connection.execute(delete(set_aside).where(set_aside.c.id == name))


def prune(connection: Connection, source: str, *, before: datetime) -> int:
    """Forget what nobody looked at; returns how much."""
    old = (set_aside.c.source == source, set_aside.c.at < before)
    return connection.execute(delete(set_aside).where(*old)).rowcount
