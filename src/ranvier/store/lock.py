"""Being the only process that sends an issue: a lock that dies with its process, never a flag that stays."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from ranvier.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ranvier.store.database import Database


BLINK = 0.4
"""Seconds; whoever only looks whether an issue is held has it for less, and no sender gives up for that."""


@contextmanager
def hold(database: Database, issue: str) -> Iterator[None]:
    """Hold the issue while the block runs. Raises BusyError when another process has it.

    Beside an SQLite file that is a file lock. On PostgreSQL it is an advisory lock of a session, which the
    server lets go when the connection ends, whatever became of the machine. No clock is asked, so nobody
    takes an issue from a process that is alive; one that cannot be heard any more finds out at its next
    commit (`SqlLedger.take_over`).
    """
    with _file_lock(database.file, issue) if database.file else _advisory_lock(database, issue):
        yield


@contextmanager
def _file_lock(database: Path, issue: str) -> Iterator[None]:
    path = database.parent / "locks" / f"{issue.replace('/', '_')}.lock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=BLINK):
            yield
    except Timeout as error:
        raise _busy(issue) from error


@contextmanager
def _advisory_lock(database: Database, issue: str) -> Iterator[None]:
    key = func.hashtextextended(issue, 0)
    with database.session() as connection:
        # A machine that vanished is noticed within half a minute; one that is only slow keeps the issue.
        connection.execute(text("set tcp_keepalives_idle = 10"))
        connection.execute(text("set tcp_keepalives_interval = 5"))
        connection.execute(text("set tcp_keepalives_count = 3"))
        connection.execute(text(f"set lock_timeout = {int(BLINK * 1000)}"))
        try:
            connection.execute(select(func.pg_advisory_lock(key)))
        except OperationalError as error:
            raise _busy(issue) from error
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(key)))


def _busy(issue: str) -> BusyError:
    return BusyError("another process is at work on it", where=issue)
