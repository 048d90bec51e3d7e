"""`send`: an approved issue to everyone it is meant for, each person once."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from ranvier.delivery.engine import deliver, recover
from ranvier.delivery.guards import audience_objection
from ranvier.delivery.handover import State, Uncertain
from ranvier.delivery.retry import needs_repair
from ranvier.delivery.run import Terms, Why
from ranvier.errors import (
    ApprovalMissingError,
    ApprovalVoidError,
    HeldError,
    InputError,
    NotFoundError,
    PersonNeededError,
    UsageError,
)
from ranvier.issue.state import IssueState
from ranvier.pipeline.accounts import account
from ranvier.pipeline.audience import freeze_audience
from ranvier.pipeline.hearing import hear_refusals, settle
from ranvier.pipeline.rendered import rendered
from ranvier.pipeline.transport import Clocks, issue_transport
from ranvier.store import issues
from ranvier.store.ledger import SqlLedger
from ranvier.store.lock import hold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from ranvier.delivery.handover import Decided, Transport
    from ranvier.delivery.run import Ended
    from ranvier.pipeline.rendered import Rendered
    from ranvier.report import Account
    from ranvier.settings.workspace import Workspace
    from ranvier.store.issues import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Where a send stopped. `next_due` is when to go on (Unix seconds), None if waiting is no use."""

    account: Account
    notes: tuple[str, ...] = ()
    next_due: float | None = None
    needs_repair: bool = False
    """The transport does not let us in; waiting will not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside(Clocks):
    """The world of a send: its clocks, dice (0 to 1), the wish to stop, who looks on."""

    dice: Callable[[], float]
    stop: Callable[[], bool] = lambda: False
    begins: Callable[[Account], None] = lambda _: None
    progress: Callable[[Sequence[Decided]], None] = lambda _: None


def send(
    workspace: Workspace,
    issue: str,
    outside: Outside,
    *,
    uncertain: Uncertain | None = None,
    canary: int = 0,
) -> Sent:
    """Freeze the audience once, then deliver what is due; run again, it goes on where it stood.

    `uncertain` is what a person decided about readers of whom nobody knows whether they got it. With `canary`
    so many get it, and then it is held until a person says `resume`.
    """
    issue = workspace.issue_id(issue)
    with hold(workspace.database, issue):
        record = _approved(workspace, issue, uncertain)
        if record.state is IssueState.SENT:
            return Sent(account=account(workspace, issue), notes=("was sent already; nothing was sent now",))
        ledger = SqlLedger(workspace.database, issue, holder=token_hex(16))
        # Before anything is decided: a transport that cannot be meant must not start an issue.
        transport = issue_transport(workspace, record, outside)
        if record.state is IssueState.APPROVED:
            record = _begun(workspace, issue, outside)
        ledger.take_over()
        if uncertain:
            ledger.settle(uncertain)
        if record.state is IssueState.CANCELLED:
            return Sent(account=account(workspace, issue))
        ended = _deliver(workspace, record, ledger, transport, outside, canary=canary)
        result = _finished(workspace, issue, now=outside.now())
    return Sent(
        account=result,
        notes=_notes(result, ended),
        next_due=_next_due(ledger, result, ended, outside),
        needs_repair=ended.reply is not None and needs_repair(ended.reply),
    )


def _approved(workspace: Workspace, issue: str, uncertain: Uncertain | None) -> Record:
    """The record of an issue that was approved and that nothing holds up, whatever became of it since."""
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
    if record is None and not workspace.issue_file(issue).exists():
        raise NotFoundError("there is no such issue; `ranvier status` lists them", where=issue)
    if record is None or record.state is IssueState.DRAFT:
        raise ApprovalMissingError(f"is not approved; run: ranvier approve {issue} --by NAME", where=issue)
    if record.state is IssueState.CANCELLED and uncertain is not Uncertain.DROP:
        raise UsageError("was cancelled", where=issue)
    if record.hold:
        message = f"is held up ({record.hold.by}: {record.hold.why}); run: ranvier resume {issue}"
        raise HeldError(message, where=issue)
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
        size = freeze_audience(workspace, connection, made, day=outside.now().date())
        if not size:
            message = f"nobody is in {', '.join(made.edition.segments)}; run: ranvier subscribers import FILE"
            raise PersonNeededError(message, where=issue)
        issues.change(connection, issue, audience=size)
        _guard_audience(workspace, connection, issue)
        return issues.get(connection, issue)


def _guard_audience(workspace: Workspace, connection: Connection, issue: str) -> None:
    """An audience that is not what the approver was told is a wrong list or a wrong segment more often."""
    expected = issues.get(connection, issue).expected
    if expected is None:
        return
    people, rules = issues.waiting(connection, issue), workspace.settings.delivery.guard
    if why := audience_objection(expected=expected, people=people, rules=rules):
        message = f"{why}; look at the list, then approve it again: ranvier approve {issue} --by NAME"
        raise HeldError(message, where=issue)


def _rendered_again(workspace: Workspace, issue: str) -> Rendered:
    """The issue as it would be now; one that cannot be rendered any more is not what was approved."""
    try:
        return rendered(workspace, issue)
    except (InputError, NotFoundError) as error:
        raise ApprovalVoidError(f"changed since it was approved: {error}", where=issue) from error


def _deliver(  # noqa: PLR0913 - the engine, the world, and one wish
    workspace: Workspace,
    record: Record,
    ledger: SqlLedger,
    transport: Transport,
    outside: Outside,
    *,
    canary: int,
) -> Ended:
    # What another transport had in flight cannot be proved by this one.
    recover(ledger, transport, now=outside.clock(), claimed_by=record.transport or "")
    with workspace.database.write() as connection:
        issues.change(connection, record.id, transport=transport.name)
        begins = issues.account(connection, record)
    outside.begins(begins)
    options = workspace.settings.delivery
    terms = Terms(
        rules=options,
        pace=options.pace,
        guard=options.guard,
        deadline=record.deadline or 0.0,
        people=begins[State.PENDING],
        canary=canary,
    )
    return deliver(
        ledger,
        transport,
        terms,
        clock=outside.clock,
        random=outside.dice,
        stop=outside.stop,
        on_progress=outside.progress,
    )


def _finished(workspace: Workspace, issue: str, *, now: datetime) -> Account:
    """The account, after what came back meanwhile; what a held send was refused may be no reader's fault."""
    with workspace.database.write() as connection:
        if not issues.get(connection, issue).hold:
            hear_refusals(workspace, connection, issue, now=now)
        settle(connection, issue)
        return issues.account(connection, issues.get(connection, issue))


def _next_due(ledger: SqlLedger, result: Account, ended: Ended, outside: Outside) -> float | None:
    """When it is worth going on; not before a transport that takes nothing has had its rest."""
    due = ledger.next_due()
    if due is None or result.hold or (ended.reply and needs_repair(ended.reply)):
        return None
    rest = (ended.reply.retry_after or 0.0) if ended.reply else 0.0
    return max(due, outside.clock() + rest)


def _notes(result: Account, ended: Ended) -> tuple[str, ...]:
    notes = []
    if ended.why is Why.REFUSED and ended.reply:
        notes.append(f"the transport takes nothing: {f'{ended.reply.code} {ended.reply.text}'.strip()}")
    if result.hold:
        notes.append(
            f"held up ({result.hold.by}): {result.hold.why}; to go on: ranvier resume {result.issue}"
        )
    if result[State.UNCERTAIN]:
        decide = f"ranvier send {result.issue} --uncertain resend (or drop)"
        notes.append(f"{result[State.UNCERTAIN]} may have got it or not; a person decides: {decide}")
    if result[State.PENDING] and not result.hold:
        notes.append(f"{result[State.PENDING]} wait for a retry; run: ranvier send {result.issue}")
    return tuple(notes)
