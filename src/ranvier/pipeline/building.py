"""`build`: from issue.md to what readers would see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.errors import UsageError
from ranvier.files import write_whole
from ranvier.issue.state import COMMITTED
from ranvier.pipeline.rendered import rendered
from ranvier.store import issues

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ranvier.pipeline.rendered import Rendered
    from ranvier.rendering.chunks import Variant
    from ranvier.settings.workspace import Workspace

RECORD = "build.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFile:
    """One variant's files, relative to the workspace; `left_out` are the items that it does not hold."""

    audience: str
    html: str
    text: str
    html_bytes: int
    items: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What `build` wrote."""

    issue: str
    fingerprint: str
    items: int
    files: tuple[BuiltFile, ...]

    def as_json(self) -> dict[str, object]:
        """The document of `build`."""
        return {
            "issue": self.issue,
            "fingerprint": self.fingerprint,
            "variants": [
                {
                    "audience": one.audience,
                    "html": one.html,
                    "text": one.text,
                    "html_bytes": one.html_bytes,
                }
                for one in self.files
            ],
        }


def build(workspace: Workspace, issue: str) -> Built:
    """Render every variant into the issue's folder; with nothing changed, nothing is written."""
    issue = workspace.issue_id(issue)
    made = rendered(workspace, issue)
    refuse_what_differs_from_sent(workspace, made)
    built = _built(workspace, made)
    for path, content in contents(workspace, made):
        if not path.exists() or path.read_bytes() != content:
            write_whole(path, content)
    with workspace.database.write() as connection:
        issues.register(connection, issue, made.edition.slug, made.issue.date)
        issues.change(connection, issue, built=made.fingerprint)
    return built


def built_fingerprint(workspace: Workspace, issue: str) -> str:
    """The fingerprint of the last build. Raises UsageError when there is none."""
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
    if record is None or record.built is None:
        raise UsageError(f"is not built yet; run: ranvier build {issue}", where=issue)
    return record.built


def refuse_what_differs_from_sent(workspace: Workspace, made: Rendered) -> None:
    """Raise UsageError for an issue that is sent and whose files say something else now."""
    with workspace.database.read() as connection:
        record = issues.find(connection, made.issue.id)
    if record and record.state in COMMITTED and record.fingerprint != made.fingerprint:
        message = f"is {record.state}; its files were changed afterwards, and readers are not affected"
        raise UsageError(message, where=made.issue.id)


def contents(workspace: Workspace, made: Rendered) -> Iterator[tuple[Path, bytes]]:
    """Every file of a build; the record comes last, so that it names only files that are there."""
    built = _built(workspace, made)
    for file in built.files:
        copy = made.copies[file.audience]
        yield workspace.root / file.html, copy.html
        yield workspace.root / file.text, copy.text
    record = json.dumps(built.as_json(), indent=2) + "\n"
    yield workspace.issue_folder(made.issue.id) / RECORD, record.encode()


def _built(workspace: Workspace, made: Rendered) -> Built:
    return Built(
        issue=made.issue.id,
        fingerprint=made.fingerprint,
        items=len(made.issue.items),
        files=tuple(_built_file(workspace, made, variant) for variant in made.frozen.variants),
    )


def _built_file(workspace: Workspace, made: Rendered, variant: Variant) -> BuiltFile:
    folder = workspace.issue_folder(made.issue.id)
    left_out = [item.slug for bit, item in enumerate(made.issue.items) if not variant.items >> bit & 1]
    return BuiltFile(
        audience=variant.audience,
        html=workspace.relative(folder / f"{variant.audience}.html"),
        text=workspace.relative(folder / f"{variant.audience}.txt"),
        html_bytes=len(made.copies[variant.audience].html),
        items=len(made.issue.items) - len(left_out),
        left_out=tuple(left_out),
    )
