"""Being the only process that sends an issue: a lock that dies with its process, never a flag that stays."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy import func, select

from ranvier.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ranvier.store.database import Database


@contextmanager
def hold(database: Database, issue: str) -> Iterator[None]:
    """Hold the issue while the block runs. Raises BusyError when another process has it.

    Beside an SQLite file that is a file lock. On PostgreSQL it is an advisory lock, which the server lets go
    when the connection ends, whatever became of the machine.
    """
    with _file_lock(database.file, issue) if database.file else _advisory_lock(database, issue):
        yield


@contextmanager
def _file_lock(database: Path, issue: str) -> Iterator[None]:
    path = database.parent / "locks" / f"{issue.replace('/', '_')}.lock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise _busy(issue) from error


@contextmanager
def _advisory_lock(database: Database, issue: str) -> Iterator[None]:
    with database.read() as connection:
        if not connection.execute(select(func.pg_try_advisory_xact_lock(func.hashtext(issue)))).scalar():
            raise _busy(issue)
        yield


def _busy(issue: str) -> BusyError:
    return BusyError("another process is at work on it", where=issue)
