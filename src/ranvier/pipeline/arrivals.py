"""What comes from elsewhere becomes Markdown files of the library; no editor's work is written over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ranvier.errors import UsageError
from ranvier.summaries.arrival import Arrival, arrive
from ranvier.summaries.library import read_file, read_source, write_file
from ranvier.summaries.reconcile import Known, free_slug
from ranvier.summaries.summary import Standing
from ranvier.summaries.work import content_hash, work_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ranvier.settings.workspace import Workspace
    from ranvier.summaries.judged import Reading


def bring_in(
    workspace: Workspace, files: Sequence[Path], known: Mapping[str, Known], *, title: str
) -> tuple[Arrival, ...]:
    """Write what is new elsewhere into the library, and a title that someone gave."""
    met = dict(known)
    arrivals: list[Arrival] = []
    for path in files:
        if not _is_library_file(workspace, path):
            by = workspace.relative(path.resolve())
            readings = _readings(path, by, title=title)
            arrivals += [_bring(workspace, reading, met, by=by, title=title) for reading in readings]
        elif title:
            write_file(path, replace(read_library_file(workspace, path).summary, title=title))
    return tuple(arrivals)


def library_files(
    workspace: Workspace, files: Sequence[Path], arrivals: Sequence[Arrival], known: Mapping[str, Known]
) -> Iterator[Path]:
    """The library's files to register: those named, and those that arrivals stand in."""
    yield from (path for path in files if _is_library_file(workspace, path))
    named = {path.resolve() for path in files}
    for arrival in arrivals:
        path = _file_of(workspace, arrival.slug, known)
        if path.exists() and path.resolve() not in named:
            named.add(path.resolve())
            yield path


def read_library_file(workspace: Workspace, path: Path) -> Reading:
    """The summary in a file of the library, its source named as the database knows it."""
    return read_file(path, name=workspace.relative(path.resolve()))


def _readings(path: Path, name: str, *, title: str) -> tuple[Reading, ...]:
    readings = read_source(path, name=name)
    if title and len(readings) > 1:
        raise UsageError(f"fits one summary, and {path} holds {len(readings)}", where="--title")
    return readings


def _bring(workspace: Workspace, reading: Reading, met: dict[str, Known], *, by: str, title: str) -> Arrival:
    """Write one summary where it belongs, and note in `met` that it is there; the unreadable is nowhere."""
    slug = free_slug(reading, met, holder=lambda name: _holder(workspace, name, met))
    path = _file_of(workspace, slug, met)
    current = read_library_file(workspace, path) if path.exists() else None
    arrival = arrive(reading, by=by, slug=slug, before=met.get(slug), current=current, title=title)
    if arrival.unreadable:
        return arrival
    if arrival.text is not None:
        write_file(path, arrival.text)
    met[slug] = Known(
        slug=slug,
        file=workspace.relative(path),
        work=work_of(reading.summary),
        content_hash=content_hash(reading.summary),
        status=Standing.OK,
        source=arrival.source,
        source_hash=arrival.source_hash,
    )
    return arrival


def _file_of(workspace: Workspace, slug: str, known: Mapping[str, Known]) -> Path:
    """Where the summary of that slug stands; an editor may have called its file otherwise, or moved it."""
    return workspace.root / known[slug].file if slug in known else workspace.summary_file(slug)


def _holder(workspace: Workspace, slug: str, known: Mapping[str, Known]) -> Known | None:
    """What has that slug, or the file of that name: a summary of another slug, or one not known yet."""
    path = workspace.summary_file(slug)
    if slug in known or not path.exists():
        return known.get(slug)
    file = workspace.relative(path)
    summary = read_library_file(workspace, path).summary
    unknown = Known(
        slug=slug, file=file, work=work_of(summary), content_hash=content_hash(summary), status=Standing.OK
    )
    return next((each for each in known.values() if each.file == file), unknown)


def _is_library_file(workspace: Workspace, path: Path) -> bool:
    return path.suffix == ".md" and path.resolve().is_relative_to(workspace.summaries.resolve())
