"""`pause`, `resume` and `cancel`: what a person says about a send, from any terminal or machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.delivery.engine import recover
from ranvier.delivery.orders import Hold, Holder
from ranvier.errors import BusyError, NotFoundError, UsageError
from ranvier.issue.state import IssueState
from ranvier.pipeline.accounts import account
from ranvier.pipeline.transport import issue_transport
from ranvier.store import issues
from ranvier.store.ledger import SqlLedger
from ranvier.store.lock import hold

if TYPE_CHECKING:
    from ranvier.pipeline.transport import Clocks
    from ranvier.report import Account
    from ranvier.settings.workspace import Workspace
    from ranvier.store.issues import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """The account afterwards, and whether a process is sending the issue at this moment."""

    account: Account
    running: bool


def pause(workspace: Workspace, issue: str) -> Steered:
    """Nothing is started any more; a process that sends it waits. An issue that is only approved stays so."""
    record = _steerable(workspace, issue)
    with workspace.database.write() as connection:
        issues.hold(connection, record.id, Hold(by=Holder.PERSON, why="paused"))
    return _steered(workspace, record.id)


def resume(workspace: Workspace, issue: str) -> Steered:
    """Whatever held it up does so no more: a pause, a canary, a guard, a fault of the sender's."""
    record = _steerable(workspace, issue)
    with workspace.database.write() as connection:
        issues.release(connection, record.id)
    return _steered(workspace, record.id)


def cancel(workspace: Workspace, issue: str, clocks: Clocks) -> Steered:
    """For good: whoever waits gets nothing. What is on the wire arrives, what a dead process left is told."""
    record = _record(workspace, issue)
    with workspace.database.write() as connection:
        if not issues.cancel(connection, record.id):
            raise UsageError(f"is {record.state}; there is nothing to cancel", where=record.id)
    steered = _steered(workspace, record.id)
    if steered.running or record.frozen is None:
        return steered
    with hold(workspace.database, record.id):
        ledger = SqlLedger(workspace.database, record.id, holder=record.holder)
        transport = issue_transport(workspace, record, clocks)
        recover(ledger, transport, now=clocks.clock(), claimed_by=record.transport or "")
    return _steered(workspace, record.id)


def _record(workspace: Workspace, issue: str) -> Record:
    issue = workspace.issue_id(issue)
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
    if record is None:
        raise NotFoundError("no such issue; `ranvier status` lists them", where=issue)
    return record


def _steerable(workspace: Workspace, issue: str) -> Record:
    record = _record(workspace, issue)
    if record.state not in (IssueState.APPROVED, IssueState.SENDING):
        raise UsageError(f"is {record.state}; nothing of it is being sent", where=record.id)
    return record


def _steered(workspace: Workspace, issue: str) -> Steered:
    try:
        with hold(workspace.database, issue):
            running = False
    except BusyError:
        running = True
    return Steered(account=account(workspace, issue), running=running)
