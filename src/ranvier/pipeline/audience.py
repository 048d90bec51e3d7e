"""Who gets which items of an issue and why others get none: rehearsed at approval, decided at sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.issue.state import IssueState
from ranvier.rendering.words import in_people
from ranvier.report import Account
from ranvier.store import freeze, topic_bits
from ranvier.store.conditions import sql
from ranvier.summaries.work import work_of

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from ranvier.pipeline.rendered import Rendered
    from ranvier.settings.workspace import Workspace


def rehearse(workspace: Workspace, made: Rendered, *, day: date) -> Account:
    """The account with which a send would start now; nothing of it stays in the database."""
    with workspace.database.rehearsal() as connection:
        rows = freeze.foresee(connection, _plan(workspace, connection, made, day))
    size = sum(count for _, _, count in rows)
    return Account.of(rows, issue=made.issue.id, state=IssueState.APPROVED, audience=size)


def freeze_audience(workspace: Workspace, connection: Connection, made: Rendered, *, day: date) -> int:
    """Write a row for everyone of the edition's segments; returns how many."""
    return freeze.freeze(connection, _plan(workspace, connection, made, day))


def _plan(workspace: Workspace, connection: Connection, made: Rendered, day: date) -> freeze.Plan:
    masks = topic_bits.bits(connection, workspace.taxonomy.slugs)
    places = [
        freeze.Place(
            bit=bit,
            slug=item.slug,
            work=work_of(made.summaries[item.slug]),
            title=made.summaries[item.slug].title,
            takeaway=made.summaries[item.slug].takeaway,
            topics=topic_bits.mask(made.topics[item.slug], masks),
            in_people=in_people(made.summaries[item.slug]),
        )
        for bit, item in enumerate(made.issue.items)
    ]
    return freeze.Plan(
        issue=made.issue.id,
        segments=[sql(workspace.segment(slug).where, masks) for slug in made.edition.segments],
        places=places,
        shown={variant.audience: variant.items for variant in made.frozen.variants},
        default_audience=made.frozen.variants[0].audience,
        day=day,
    )
