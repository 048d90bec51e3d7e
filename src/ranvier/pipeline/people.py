"""`subscribers` and `segments`: who is on the list, people out, and how many each segment holds."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import false, not_, or_

from ranvier.errors import InputError
from ranvier.files import write_whole
from ranvier.store import people as store
from ranvier.store import topic_bits
from ranvier.store.conditions import sql
from ranvier.subscribers.export import ENCODING, write_people

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from ranvier.settings.workspace import Workspace
    from ranvier.subscribers.subscriber import Subscriber

NO_EDITION = "*"
"""Stands for everyone whom no edition reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSize:
    """How many people of a segment can be mailed now, and how many cannot; `*` is everyone in no edition."""

    segment: str
    subscribers: int
    left_out: int


def people(workspace: Workspace) -> tuple[Subscriber, ...]:
    """Everyone on the list, by address."""
    with workspace.database.read() as connection:
        return tuple(store.everyone(connection, topic_bits.held_bits(connection)))


def export_people(workspace: Workspace, out: TextIO) -> int:
    """Write everyone as CSV; returns how many."""
    with workspace.database.read() as connection:
        return write_people(store.everyone(connection, topic_bits.held_bits(connection)), out)


def export_to(workspace: Workspace, file: Path) -> int:
    """Write everyone into a file of the owner's own, whole or not at all."""
    out = io.StringIO(newline="")
    count = export_people(workspace, out)
    if not file.parent.is_dir() or file.is_dir():
        raise InputError("is not a file in a folder that is there", where=str(file))
    write_whole(file, out.getvalue().encode(ENCODING), mode=0o600)
    return count


def segment_sizes(workspace: Workspace) -> tuple[SegmentSize, ...]:
    """Each segment's size, and how many people no edition reaches."""
    reached = {slug for name in workspace.settings.editions for slug in workspace.edition(name).segments}
    with workspace.database.write() as connection:
        masks = topic_bits.bits(connection, workspace.taxonomy.slugs)
        conditions = {segment.slug: sql(segment.where, masks) for segment in workspace.segments}
        nobody = not_(or_(false(), *(conditions[slug] for slug in sorted(reached))))
        counts = {
            slug: store.count(connection, it) for slug, it in {**conditions, NO_EDITION: nobody}.items()
        }
    return tuple(
        SegmentSize(segment=slug, subscribers=mailable, left_out=others)
        for slug, (mailable, others) in counts.items()
    )
