"""Whatever is written appears whole or not at all (design: Promises, 11)."""

from __future__ import annotations

import fcntl
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = ".lock"


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` to `path` in one step that survives a crash; missing folders are made.

    Until then it stands beside `path`, under a name that begins with a dot and the name of `path`. Only a
    crash leaves it there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        _fill(descriptor, data, mode=mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_new(path: Path, data: bytes, *, mode: int) -> None:
    """A new file whose content survives a crash; its name does after `sync_folder`.

    For a folder that nobody reads: it may be seen half written.
    """
    _fill(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), data, mode=mode)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: until then a crash may undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """A new folder in `parent` for what this process has not finished; in the end it goes, with all in it.

    Several processes may have theirs there. If this one dies, `remove_abandoned` finds it.
    """
    folder, lock = _claimed(parent)
    try:
        yield folder
    finally:
        with suppress(OSError):
            _remove(folder)
        os.close(lock)


def remove_abandoned(parent: Path) -> None:
    """Removes from `parent` the folders of processes that died, with what they hold half written."""
    with suppress(FileNotFoundError):
        for folder in [path for path in parent.iterdir() if path.is_dir()]:
            with suppress(FileNotFoundError):
                _remove_if_abandoned(folder)


def _fill(descriptor: int, data: bytes, *, mode: int) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _claimed(parent: Path) -> tuple[Path, int]:
    """A new folder, and the descriptor that keeps it ours for as long as it is open."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=parent))
        # Another process may have found it abandoned, before it was locked.
        with suppress(FileNotFoundError):
            lock = _opened(folder)
            if _locked(lock) and (folder / _LOCK).exists():
                return folder, lock
            os.close(lock)


def _remove_if_abandoned(folder: Path) -> None:
    lock = _opened(folder)
    try:
        if _locked(lock):
            _remove(folder)
    finally:
        os.close(lock)


def _opened(folder: Path) -> int:
    return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)


def _locked(descriptor: int) -> bool:
    """Whether the lock is ours now; the kernel lets it go when the process ends, however it does."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink(missing_ok=True)
    folder.rmdir()
