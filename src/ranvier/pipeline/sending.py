"""`send`: an approved issue to everyone it is meant for, each person once."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.approval.frozen import from_json
from ranvier.delivery.engine import deliver, recover
from ranvier.delivery.frozen_copy import FrozenCopy
from ranvier.delivery.handover import State
from ranvier.delivery.retry import needs_repair
from ranvier.delivery.transports import open_transport
from ranvier.delivery.urls import parse_transport
from ranvier.errors import (
    ApprovalMissingError,
    ApprovalVoidError,
    InputError,
    NotFoundError,
    PersonNeededError,
    UsageError,
)
from ranvier.issue.state import IssueState
from ranvier.pipeline.accounts import account
from ranvier.pipeline.audience import freeze_audience
from ranvier.pipeline.rendered import rendered
from ranvier.store import issues
from ranvier.store.ledger import SqlLedger
from ranvier.store.lock import hold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ranvier.delivery.handover import Decided, Reply, Transport, Uncertain
    from ranvier.pipeline.rendered import Rendered
    from ranvier.report import Account
    from ranvier.settings.workspace import Workspace
    from ranvier.store.issues import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Where a send stopped. `next_due` is when the next retry may go (Unix seconds), None if none waits."""

    account: Account
    notes: tuple[str, ...] = ()
    next_due: float | None = None
    needs_repair: bool = False
    """The transport does not let us in; waiting will not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The world of a send: editorial time, Unix seconds, dice (0 to 1), the wish to stop, who looks on."""

    now: Callable[[], datetime]
    clock: Callable[[], float]
    dice: Callable[[], float]
    stop: Callable[[], bool] = lambda: False
    progress: Callable[[Sequence[Decided]], None] = lambda _: None


def send(workspace: Workspace, issue: str, outside: Outside, *, uncertain: Uncertain | None = None) -> Sent:
    """Freeze the audience once, then deliver what is due; run again, it goes on where it stood.

    `uncertain` is what a person decided about readers of whom nobody knows whether they got it.
    """
    issue = workspace.issue_id(issue)
    with hold(workspace.database, issue):
        record = _approved(workspace, issue)
        if record.state is IssueState.SENT:
            return Sent(account=account(workspace, issue), notes=("was sent already; nothing was sent now",))
        # Before anything is decided: a transport that cannot be meant must not start an issue.
        with closing(_transport(workspace, record, outside)) as transport:
            if record.state is IssueState.APPROVED:
                record = _begun(workspace, issue, outside)
            ledger = SqlLedger(workspace.database, issue)
            if uncertain:
                ledger.settle(uncertain)
            refusal = _deliver(workspace, record, ledger, transport, outside)
        result = _finished(workspace, issue)
    return Sent(
        account=result,
        notes=_notes(result, refusal),
        next_due=_next_due(ledger, refusal, outside),
        needs_repair=refusal is not None and needs_repair(refusal),
    )


def _approved(workspace: Workspace, issue: str) -> Record:
    """The record of an issue that was approved, whatever became of it since."""
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
    if record is None and not workspace.issue_file(issue).exists():
        raise NotFoundError("there is no such issue; `ranvier status` lists them", where=issue)
    if record is None or record.state is IssueState.DRAFT:
        raise ApprovalMissingError(f"is not approved; run: ranvier approve {issue} --by NAME", where=issue)
    if record.state is IssueState.CANCELLED:
        raise UsageError("was cancelled", where=issue)
    return record


def _begun(workspace: Workspace, issue: str, outside: Outside) -> Record:
    """The record of an issue whose audience is frozen now. Only here does `approved` become `sending`."""
    made = _rendered_again(workspace, issue)
    deadline = workspace.settings.delivery.deadline(outside.clock())
    with workspace.database.write() as connection:
        begun = {"cut_at": outside.now(), "deadline": deadline}
        # By fingerprint and in one transaction with the audience: nobody approves something else in between.
        if not issues.move(connection, issue, IssueState.SENDING, fingerprint=made.fingerprint, **begun):
            message = f"changed since it was approved; run: ranvier build {issue}, then approve it again"
            raise ApprovalVoidError(message, where=issue)
        size = freeze_audience(workspace, connection, made)
        if not size:
            message = f"nobody is in {', '.join(made.edition.segments)}; run: ranvier subscribers import FILE"
            raise PersonNeededError(message, where=issue)
        issues.change(connection, issue, audience=size)
        return issues.get(connection, issue)


def _rendered_again(workspace: Workspace, issue: str) -> Rendered:
    """The issue as it would be now; one that cannot be rendered any more is not what was approved."""
    try:
        return rendered(workspace, issue)
    except (InputError, NotFoundError) as error:
        raise ApprovalVoidError(f"changed since it was approved: {error}", where=issue) from error


def _deliver(
    workspace: Workspace, record: Record, ledger: SqlLedger, transport: Transport, outside: Outside
) -> Reply | None:
    """The last reply of a transport that takes nothing, or None."""
    # What another transport had in flight cannot be proved by this one.
    recover(ledger, transport, now=outside.clock(), claimed_by=record.transport or "")
    with workspace.database.write() as connection:
        issues.change(connection, record.id, transport=transport.name)
    return deliver(
        ledger,
        transport,
        rules=workspace.settings.delivery,
        deadline=record.deadline or 0.0,
        clock=outside.clock,
        random=outside.dice,
        stop=outside.stop,
        on_progress=outside.progress,
    )


def _transport(workspace: Workspace, record: Record, outside: Outside) -> Transport:
    frozen = from_json(record.frozen or "")
    copy = FrozenCopy(
        frozen,
        issue=record.id,
        fingerprint=record.fingerprint or "",
        secrets=workspace.secrets,
        now=outside.now,
    )
    return open_transport(
        parse_transport(workspace.transport_url, where="RANVIER_TRANSPORT"),
        copy,
        sender=frozen.sender,
        issue=record.id,
        workspace=workspace.root,
        sendgrid_key=workspace.environment.sendgrid_key,
        clock=outside.clock,
    )


def _finished(workspace: Workspace, issue: str) -> Account:
    """The account; an issue is `sent` when nobody waits and nothing is uncertain."""
    with workspace.database.write() as connection:
        result = issues.account(connection, issues.get(connection, issue))
        if not (result[State.PENDING] or result[State.SENDING] or result[State.UNCERTAIN]):
            issues.move(connection, issue, IssueState.SENT)
        return issues.account(connection, issues.get(connection, issue))


def _next_due(ledger: SqlLedger, refusal: Reply | None, outside: Outside) -> float | None:
    """When it is worth going on; not before a transport that takes nothing has had its rest."""
    due = ledger.next_due()
    rest = (refusal.retry_after or 0.0) if refusal else 0.0
    return None if due is None else max(due, outside.clock() + rest)


def _notes(result: Account, refusal: Reply | None) -> tuple[str, ...]:
    notes = []
    if refusal:
        notes.append(f"the transport takes nothing: {f'{refusal.code} {refusal.text}'.strip()}")
    if result[State.UNCERTAIN]:
        decide = f"ranvier send {result.issue} --uncertain resend (or drop)"
        notes.append(f"{result[State.UNCERTAIN]} may have got it or not; a person decides: {decide}")
    if result[State.PENDING]:
        notes.append(f"{result[State.PENDING]} wait for a retry; run: ranvier send {result.issue}")
    return tuple(notes)
