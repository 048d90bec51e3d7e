"""Summaries on disk: finding sources, loading them, and the folder of Markdown files that people edit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.files import write_whole
from ranvier.summaries.judged import unreadable
from ranvier.summaries.markdown import write_markdown
from ranvier.summaries.reading import READERS, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ranvier.summaries.judged import Reading
    from ranvier.summaries.summary import Summary

MAX_BYTES = 20_000_000
"""A source that is larger is no collection of summaries."""


def find_sources(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read, each once: those named, and all of a known ending in named folders, sorted.

    Hidden ones and READMEs in folders are left out. Raises `InputError` for a path that is not there.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", where=str(path))
        for file in sorted(_files(path)) if path.is_dir() else [path]:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield file


def load(path: Path) -> bytes:
    """The bytes of a source. Raises `InputError` when it cannot be read or is larger than `MAX_BYTES`."""
    if path.exists() and not path.is_file():
        raise InputError("is not a file; a pipe or a device holds no summaries", where=str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror}); check its name and permissions", where=str(path)
        ) from error
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES // 1_000_000} MB; split it", where=str(path))
    return data


def read_source(path: Path, *, name: str) -> tuple[Reading, ...]:
    """All summaries in a source; one that cannot be loaded is unreadable, and costs the others nothing."""
    shown = name.encode(errors="replace").decode()
    if shown != name:
        return (unreadable(shown, "its name is not UTF-8; rename it"),)
    try:
        return read(load(path), name=name)
    except InputError as error:
        return (unreadable(name, error.message),)


def read_file(path: Path, *, name: str) -> Reading:
    """The one summary in a Markdown file of the library."""
    readings = read_source(path, name=name)
    if len(readings) == 1:
        return readings[0]
    return unreadable(name, f"holds {len(readings)} summaries; give each a file of its own")


def write_file(path: Path, summary: Summary) -> None:
    """The summary as Markdown, whole or not at all. Raises `InputError` when it cannot be written."""
    try:
        write_whole(path, write_markdown(summary).encode())
    except OSError as error:
        message = f"cannot be written ({error.strerror}); check permissions and space"
        raise InputError(message, where=str(path)) from error


def _files(folder: Path) -> Iterator[Path]:
    visited: set[Path] = set()
    for root, folders, names in os.walk(folder, followlinks=True):
        real = Path(root).resolve()
        if real in visited:  # a link that leads back
            folders.clear()
            continue
        visited.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in names if _is_source(name))


def _is_source(name: str) -> bool:
    path = Path(name)
    return path.suffix.lower() in READERS and not name.startswith(".") and path.stem.lower() != "readme"
