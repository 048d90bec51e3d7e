"""`approve`: a person answers for exactly what was built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.approval.frozen import to_json
from ranvier.delivery.handover import State
from ranvier.errors import ApprovalVoidError, RefusedError, UsageError
from ranvier.issue.state import IssueState
from ranvier.pipeline.asking import ask
from ranvier.pipeline.audience import rehearse
from ranvier.pipeline.building import built_fingerprint
from ranvier.pipeline.checking import gate
from ranvier.pipeline.rendered import rendered
from ranvier.store import issues
from ranvier.store.lock import hold

if TYPE_CHECKING:
    from datetime import datetime

    from ranvier.checks.finding import Finding
    from ranvier.pipeline.rendered import Rendered
    from ranvier.report import Account
    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved which bytes and when; `findings` are the warnings that this person was shown.

    `rehearsal` is the account with which a send would have started at that moment.
    """

    issue: str
    fingerprint: str
    by: str
    at: datetime
    findings: tuple[Finding, ...]
    rehearsal: Account

    @property
    def reached(self) -> int:
        """How many people would get it."""
        return self.rehearsal[State.PENDING]

    def as_json(self) -> dict[str, object]:
        """The document of `approve`."""
        return {
            "issue": self.issue,
            "fingerprint": self.fingerprint,
            "approved_by": self.by,
            "approved_at": self.at.isoformat(),
        }


def approve(workspace: Workspace, issue: str, *, by: str, now: datetime) -> Approval:
    """Render once more, refuse if that is not what was built or the gate says no, and keep the chunks."""
    issue = workspace.issue_id(issue)
    if not by.strip():
        raise UsageError("needs the name of a person", where="--by")
    with hold(workspace.database, issue):
        made = rendered(workspace, issue)
        findings = _passed(workspace, made, now=now)
        rehearsal = rehearse(workspace, made, day=now.date())
        approved = {"approved_by": by.strip(), "approved_at": now, "frozen": to_json(made.frozen)}
        with workspace.database.write() as connection:
            expected = rehearsal[State.PENDING]
            issues.change(connection, issue, fingerprint=made.fingerprint, expected=expected, **approved)
            if not issues.move(connection, issue, IssueState.APPROVED):
                state = issues.get(connection, issue).state
                raise UsageError(f"is {state}; it cannot be approved again", where=issue)
    return Approval(
        issue=issue,
        fingerprint=made.fingerprint,
        by=by.strip(),
        at=now,
        findings=findings,
        rehearsal=rehearsal,
    )


def _passed(workspace: Workspace, made: Rendered, *, now: datetime) -> tuple[Finding, ...]:
    """The warnings about an issue that may be approved; raises for one that may not."""
    issue = made.issue.id
    built = built_fingerprint(workspace, issue)
    if made.fingerprint != built:
        raise ApprovalVoidError(f"changed since it was built; run: ranvier build {issue}", where=issue)
    result = gate(workspace, made, built=built, asked=ask(workspace, made, now=now))
    if not result.ok:
        first, *others = result.errors
        more = f" (and {len(others)} more)" if others else ""
        message = f"the gate says no: {first.where}: {first.message}{more}; see: ranvier check {issue}"
        raise RefusedError(message, where=issue)
    return result.findings
