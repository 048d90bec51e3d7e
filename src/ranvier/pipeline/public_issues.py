"""Issues as anybody may read them: what was approved and sent, with nothing in it that is one reader's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ranvier.approval.frozen import from_json
from ranvier.issue.state import COMMITTED
from ranvier.rendering.chunks import join
from ranvier.rendering.render import inert_values
from ranvier.store import issues

if TYPE_CHECKING:
    from datetime import date

    from ranvier.settings.workspace import Workspace

NEWEST = 20
"""So many issues are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIssue:
    """A line of the list of issues."""

    id: str
    edition: str
    date: date


def public_issues(workspace: Workspace) -> tuple[PublicIssue, ...]:
    """Those that readers have, newest first."""
    with workspace.database.read() as connection:
        found = [record for record in issues.everything(connection) if record.state in COMMITTED]
    return tuple(PublicIssue(id=one.id, edition=one.edition, date=one.date) for one in found[:NEWEST])


def public_page(workspace: Workspace, issue: str, audience: str = "") -> str | None:
    """The HTML of an issue for an audience, named by its slug or by its number from 1; the first is usual.

    Every item of that audience is in it. None for an issue that no reader has, and for no audience.
    """
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
    if record is None or record.state not in COMMITTED or not record.frozen:
        return None
    return _page(record.frozen, audience)


@lru_cache(maxsize=32)
def _page(frozen_json: str, audience: str) -> str | None:
    frozen = from_json(frozen_json)
    names = {str(number): variant for number, variant in enumerate(frozen.variants, start=1)}
    names |= {variant.audience: variant for variant in frozen.variants}
    variant = names.get(audience or "1")
    if variant is None:
        return None
    return join(variant.html, inert_values(frozen.site))
