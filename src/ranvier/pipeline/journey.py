"""The product on one page: the whole way of an issue, from files to a balanced account. Read this first.

Each step stands in the file that it is imported from, and does three things in this order: it gathers what it
needs, decides without touching anything, and applies what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.pipeline.approving import Approval, approve
from ranvier.pipeline.building import Built, build
from ranvier.pipeline.checking import Gate, check
from ranvier.pipeline.drafting import Drafted, draft
from ranvier.pipeline.intake import Intake, ingest
from ranvier.pipeline.people_import import Imported, import_people
from ranvier.pipeline.sending import Outside, Sent, send

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What each step of the whole way said."""

    intake: Intake
    imported: Imported
    drafted: Drafted
    built: Built
    gate: Gate
    approval: Approval
    sent: Sent


def journey(  # noqa: PLR0913 - the whole way needs what its steps need
    workspace: Workspace,
    *,
    edition: str,
    day: date,
    list_of_people: Path,
    by: str,
    outside: Outside,
) -> Journey:
    """The main job from end to end: from files of summaries and people to a balanced account."""
    now = outside.now()
    intake = ingest(workspace, (), now=now)
    imported = import_people(workspace, list_of_people, now=now)
    drafted = draft(workspace, edition, day, now=now)
    issue = drafted.issue.id
    built = build(workspace, issue)
    gate = check(workspace, issue, now=now)
    approval = approve(workspace, issue, by=by, now=now)
    sent = send(workspace, issue, outside)
    return Journey(
        intake=intake,
        imported=imported,
        drafted=drafted,
        built=built,
        gate=gate,
        approval=approval,
        sent=sent,
    )
