"""`preview`: what an issue looks like at this moment, rendered in memory; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.pipeline.checking import findings
from ranvier.pipeline.rendered import rendered
from ranvier.store import issues
from ranvier.store import summaries as store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Copy
    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An issue as its files stand now; `copies` by audience, in the publication's order."""

    issue: str
    subject: str
    preview: str
    copies: Mapping[str, Copy]
    labels: Mapping[str, str]
    """How newsletter.toml calls an audience."""
    findings: tuple[Finding, ...]
    built: bool | None
    """Whether it is what was built; None before the first build."""


def preview(workspace: Workspace, issue: str) -> Preview:
    """The issue, rendered and checked. Raises what `build` would for files that are broken."""
    made = rendered(workspace, issue)
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
    last = record.built if record else None
    audiences = workspace.settings.publication.audiences
    return Preview(
        issue=issue,
        subject=made.issue.subject,
        preview=made.issue.preview,
        copies=made.copies,
        labels={audience.slug: audience.label or audience.slug for audience in audiences},
        findings=findings(workspace, made),
        built=None if last is None else last == made.fingerprint,
    )


def files_behind(workspace: Workspace, issue: str) -> Iterator[Path]:
    """Every file that decides how the issue looks, as far as they can be found."""
    yield workspace.file
    yield workspace.issue_file(issue)
    yield workspace.root / "subscribers" / "segments.toml"
    yield workspace.summaries / "topics.toml"
    for folder in workspace.templates:
        yield from (path for path in folder.rglob("*") if path.is_file())
    lines = workspace.issue_file(issue).read_text("utf-8", "replace").splitlines()
    listed = [line.strip().lstrip("-*+ ") for line in lines]
    with workspace.database.read() as connection:
        found = store.files(connection, [slug for slug in listed if slug])
    yield from (workspace.root / path for path in found.values())
