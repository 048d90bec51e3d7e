"""Which items of an issue one audience gets, and in which order of sections."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.issue.issue import Issue, Item
    from ranvier.rendering.publication import Audience
    from ranvier.summaries.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An item that is shown; `index` is its place in `Issue.items`, so its bit is `1 << index`."""

    index: int
    topic: str
    item: Item
    summary: Summary


def choose(
    issue: Issue, summaries: Mapping[str, Summary], audience: Audience
) -> tuple[tuple[Choice, ...], ...]:
    """The shown items, section by section; sections without one are left out.

    Above `max_items`, the first of each section comes before the second of any: variety survives the cap.
    """
    sections = _in_reading_order(_for_audience(issue, summaries, audience), audience)
    rounds = zip_longest(*sections)
    dealt = [choice for turn in rounds for choice in turn if choice is not None]
    kept = {choice.index for choice in dealt[: audience.max_items]}
    shown = (tuple(choice for choice in section if choice.index in kept) for section in sections)
    return tuple(section for section in shown if section)


def _for_audience(
    issue: Issue, summaries: Mapping[str, Summary], audience: Audience
) -> list[tuple[Choice, ...]]:
    indices = iter(range(len(issue.items)))
    sections = []
    for section in issue.sections:
        choices = [
            Choice(index=next(indices), topic=section.topic, item=item, summary=summaries[item.slug])
            for item in section.items
        ]
        sections.append(tuple(choice for choice in choices if _is_for(choice.summary, audience)))
    return sections


def _in_reading_order(sections: list[tuple[Choice, ...]], audience: Audience) -> list[tuple[Choice, ...]]:
    lead = {topic: place for place, topic in enumerate(audience.lead_topics)}
    return sorted(filter(None, sections), key=lambda section: lead.get(section[0].topic, len(lead)))


def _is_for(summary: Summary, audience: Audience) -> bool:
    return not summary.audiences or audience.slug in summary.audiences
