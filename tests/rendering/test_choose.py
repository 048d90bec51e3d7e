import datetime as dt
from typing import Any

from ranvier.issue.issue import Issue, Item, Section
from ranvier.rendering.choose import choose
from ranvier.rendering.publication import Audience
from ranvier.summaries.summary import Summary

ISSUE = Issue(
    edition="weekly",
    date=dt.date(2026, 11, 22),
    subject="",
    preview="",
    sections=tuple(
        Section(topic=topic, items=tuple(Item(slug=slug) for slug in slugs.split()))
        for topic, slugs in {"a": "a1 a2 a3", "b": "b1", "c": "c1 c2"}.items()
    ),
)
SUMMARIES = {item.slug: Summary(slug=item.slug) for item in ISSUE.items}


def chosen(summaries: dict[str, Summary] = SUMMARIES, **rules: Any) -> list[list[str]]:
    audience = Audience(slug="readers", label="Readers", **rules)
    return [[choice.item.slug for choice in section] for section in choose(ISSUE, summaries, audience)]


def test_everything_is_shown_in_the_order_of_the_issue():
    assert chosen() == [["a1", "a2", "a3"], ["b1"], ["c1", "c2"]]


def test_below_the_cap_every_section_gives_its_first_before_any_gives_its_second():
    assert chosen(max_items=4) == [["a1", "a2"], ["b1"], ["c1"]]


def test_lead_topics_come_first_and_in_their_own_order():
    assert chosen(lead_topics=("c", "b"), max_items=4) == [["c1", "c2"], ["b1"], ["a1"]]


def test_an_item_for_others_is_left_out_and_does_not_count():
    others = SUMMARIES | {"b1": Summary(slug="b1", audiences=("clinicians",))}
    assert chosen(others, max_items=5) == [["a1", "a2", "a3"], ["c1", "c2"]]


def test_an_item_keeps_its_place_in_the_issue_as_its_number():
    audience = Audience(slug="readers", label="Readers", max_items=3)
    numbers = {c.item.slug: c.index for section in choose(ISSUE, SUMMARIES, audience) for c in section}
    assert numbers == {"a1": 0, "b1": 3, "c1": 4}
