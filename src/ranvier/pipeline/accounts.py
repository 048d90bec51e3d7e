"""`status` and `verify`: what became of everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.errors import NotFoundError
from ranvier.store import issues

if TYPE_CHECKING:
    from ranvier.report import Account
    from ranvier.settings.workspace import Workspace


def account(workspace: Workspace, issue: str) -> Account:
    """The account of one issue, counted from its rows."""
    issue = workspace.issue_id(issue)
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
        if record is None:
            raise NotFoundError("no such issue; `ranvier status` lists them", where=issue)
        return issues.account(connection, record)


def accounts(workspace: Workspace) -> tuple[Account, ...]:
    """The accounts of all issues, newest first."""
    with workspace.database.read() as connection:
        return tuple(issues.account(connection, record) for record in issues.everything(connection))
