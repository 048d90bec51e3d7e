"""`check`: what is wrong with a built issue."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ranvier.checks.finding import Finding, Severity, error
from ranvier.checks.gate import run_checks
from ranvier.checks.proof import Proof
from ranvier.pipeline.asking import NOBODY, Asked, ask
from ranvier.pipeline.building import built_fingerprint, contents, refuse_what_differs_from_sent
from ranvier.pipeline.rendered import rendered
from ranvier.store import issues

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ranvier.pipeline.rendered import Rendered
    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What the checks say."""

    issue: str
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What forbids sending."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def ok(self) -> bool:
        """Whether nothing forbids sending."""
        return not self.errors

    def as_json(self) -> dict[str, object]:
        """The document of `check`."""
        return {
            "issue": self.issue,
            "ok": self.ok,
            "findings": [asdict(finding) for finding in self.findings],
        }


def check(workspace: Workspace, issue: str, *, now: datetime, links: bool = False) -> Gate:
    """Read the final bytes of every variant as a reader would; with `links`, follow what they link to."""
    issue = workspace.issue_id(issue)
    built, made = built_fingerprint(workspace, issue), rendered(workspace, issue)
    refuse_what_differs_from_sent(workspace, made)
    return gate(workspace, made, built=built, asked=ask(workspace, made, now=now, links=links))


def gate(workspace: Workspace, made: Rendered, *, built: str, asked: Asked = NOBODY) -> Gate:
    """All findings about a rendered issue, those about its files on disk first."""
    return Gate(
        issue=made.issue.id,
        findings=(*_stale(workspace, made, built), *findings(workspace, made, asked)),
    )


def findings(workspace: Workspace, made: Rendered, asked: Asked = NOBODY) -> tuple[Finding, ...]:
    """What the checks say of a rendered issue, whatever lies on disk."""
    return run_checks(_proof(workspace, made, asked))


def _stale(workspace: Workspace, made: Rendered, built: str) -> Iterator[Finding]:
    where = workspace.relative(workspace.issue_folder(made.issue.id))
    if made.fingerprint != built:
        message = f"something changed since the build; run: ranvier build {made.issue.id}"
        yield error("stale-build", message, where=where)
        return
    for path, content in contents(workspace, made):
        if not path.exists() or path.read_bytes() != content:
            message = "is not what was built; build again, and edit issue.md or a template instead"
            yield error("edited-build", message, where=workspace.relative(path))


def _proof(workspace: Workspace, made: Rendered, asked: Asked) -> Proof:
    with workspace.database.read() as connection:
        used = issues.used(connection, made.edition.slug, but=made.issue.id)
    return Proof(
        issue=made.issue,
        where=workspace.relative(workspace.issue_file(made.issue.id)),
        summaries=made.summaries,
        publication=workspace.settings.publication,
        taxonomy=workspace.taxonomy,
        topics=made.topics,
        variants=made.frozen.variants,
        copies=made.copies,
        quarantined=made.quarantined,
        rules=workspace.settings.checks,
        used=used,
        similarity=made.edition.rules.similarity,
        spam=asked.spam,
        followed=asked.followed,
    )
