"""Topics as bits of a 64-bit integer: a topic keeps its bit as long as anything holds it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, union

from ranvier.errors import ConfigurationError
from ranvier.store.schema import issue_items, subscribers, topic_bits
from ranvier.topics.file import TOPIC_BITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection


def held_bits(connection: Connection) -> dict[str, int]:
    """The mask of each topic that has a bit, those that left the taxonomy included, in the order of bits."""
    rows = connection.execute(select(topic_bits).order_by(topic_bits.c.bit))
    return {row.slug: 1 << row.bit for row in rows}


def bits(connection: Connection, slugs: Collection[str]) -> dict[str, int]:
    """The masks of `held_bits` after each of the taxonomy's `slugs` got one. Needs a write transaction.

    There are TOPIC_BITS bits. Only when they run out do old topics that no person and no issue holds lose
    theirs. Raises ConfigurationError when that is not enough.
    """
    masks = held_bits(connection)
    new = [slug for slug in slugs if slug not in masks]
    if len(masks) + len(new) > TOPIC_BITS:
        masks = _without_unused(connection, masks, keep=slugs)
    free = [bit for bit in range(TOPIC_BITS) if 1 << bit not in masks.values()]
    if len(new) > len(free):
        raise _too_many(new[len(free)], masks.keys() - set(slugs))
    for slug, bit in zip(new, free, strict=False):
        connection.execute(insert(topic_bits).values(slug=slug, bit=bit))
        masks[slug] = 1 << bit
    return masks


def _without_unused(
    connection: Connection, masks: Mapping[str, int], *, keep: Collection[str]
) -> dict[str, int]:
    """What is left of the masks after topics that are not kept and that nothing holds lost their bits."""
    held = union(select(subscribers.c.topics), select(issue_items.c.topics))
    in_use = reduce(or_, connection.scalars(held), 0)
    unused = {slug for slug, bit in masks.items() if slug not in keep and not bit & in_use}
    connection.execute(delete(topic_bits).where(topic_bits.c.slug.in_(unused)))
    return {slug: bit for slug, bit in masks.items() if slug not in unused}


def _too_many(slug: str, old: Collection[str]) -> ConfigurationError:
    return ConfigurationError(
        f"no room for {slug}: at most {TOPIC_BITS} topics fit, and people or issues still hold "
        f"{len(old)} that are not in the file ({', '.join(sorted(old))}); call the topic by one of these "
        "slugs, or export the people, replace those slugs in the column topics, and import them",
        where="topics.toml",
    )


def mask(topics: Iterable[str], masks: Mapping[str, int]) -> int:
    """Topic slugs as one integer."""
    return sum(masks[topic] for topic in set(topics))
