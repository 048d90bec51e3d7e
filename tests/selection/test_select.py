"""Which summaries an issue holds, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.selection.candidate import Candidate, Used
from ranvier.selection.rules import Rules
from ranvier.selection.select import select
from ranvier.selection.verdict import Reason, Selection, excluded
from ranvier.selection.window import window
from ranvier.summaries.summary import Evidence
from ranvier.topics.taxonomy import OTHER, Taxonomy, Topic

TAXONOMY = Taxonomy(
    tuple(Topic(slug=slug, label=slug.title(), order=at) for at, slug in enumerate(("gut", "drugs", OTHER)))
)
ISSUE_DATE = date(2026, 11, 23)
LAST_CUT = datetime(2026, 11, 15, 8, tzinfo=UTC)
RULES = Rules()
WINDOW = window(ISSUE_DATE, RULES, last=(date(2026, 11, 16), LAST_CUT))
SAMPLE = Candidate(
    slug="sample",
    title="Sample",
    takeaway="",
    work="slug:sample",
    date=date(2026, 11, 20),
    first_seen=datetime(2026, 11, 20, tzinfo=UTC),
    topics=("gut",),
    credibility=3,
    interest=3,
    evidence=Evidence.COHORT,
)
WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "ivory",
    "jetty",
    "kayak",
    "lotus",
)


def named(slug: str, **other: Any) -> Candidate:  # Any: whatever field a test is about
    """A candidate whose words are its own."""
    fields = {
        "slug": slug,
        "title": f"{slug} {slug[::-1]}",
        "takeaway": slug * 3,
        "work": f"slug:{slug}",
        **other,
    }
    return replace(SAMPLE, **fields)


def chosen(selection: Selection) -> dict[str, tuple[str, ...]]:
    return dict(selection.sections)


def reasons(selection: Selection) -> dict[str, Reason]:
    return {verdict.slug: verdict.reason for verdict in selection.verdicts}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"date": date(2026, 11, 22)}, Reason.CHOSEN, id="the day before the issue"),
        pytest.param({"date": date(2026, 11, 23)}, Reason.FUTURE_DATED, id="the day of the issue"),
        pytest.param({"date": date(2026, 12, 31)}, Reason.FUTURE_DATED, id="next month"),
        pytest.param({"date": date(2026, 11, 16)}, Reason.CHOSEN, id="the day the last issue closed"),
        pytest.param(
            {"date": date(2026, 11, 15), "first_seen": LAST_CUT},
            Reason.OUTSIDE_WINDOW,
            id="known to the last issue",
        ),
        pytest.param(
            {"date": date(2026, 11, 15), "first_seen": LAST_CUT + timedelta(seconds=1)},
            Reason.CHOSEN,
            id="first seen after the last cut",
        ),
        pytest.param({"date": date(2026, 10, 17)}, Reason.CHOSEN, id="thirty days late"),
        pytest.param({"date": date(2026, 10, 16)}, Reason.OUTSIDE_WINDOW, id="too late"),
        pytest.param({"date": None}, Reason.UNDATED, id="undated"),
        pytest.param({"status": "quarantined"}, Reason.QUARANTINED, id="quarantined"),
        pytest.param({"status": "withdrawn"}, Reason.WITHDRAWN, id="withdrawn"),
        pytest.param(
            {"status": "quarantined", "date": None}, Reason.QUARANTINED, id="quarantined and undated"
        ),
    ],
)
def test_each_reason_has_its_rule(change: dict[str, object], reason: Reason):
    verdict = select([named("amber", **change)], RULES, WINDOW, used=(), taxonomy=TAXONOMY).verdicts[0]
    assert verdict.reason is reason
    assert verdict.detail
    assert (verdict.score is not None) is (reason is Reason.CHOSEN)


def test_a_first_issue_has_no_late_items():
    first = window(ISSUE_DATE, RULES, last=None)
    late = named("amber", date=date(2026, 11, 15))
    assert reasons(select([late], RULES, first, used=(), taxonomy=TAXONOMY)) == {
        "amber": Reason.OUTSIDE_WINDOW
    }


@pytest.mark.parametrize("change", [{"work": "doi:10.1/a"}, {"slug": "birch"}], ids=["work", "slug"])
def test_what_went_out_does_not_go_out_again(change: dict[str, str]):
    used = Used(
        **{
            "slug": "old",
            "work": "doi:10.1/b",
            "title": "Old",
            "takeaway": "Old",
            "issue": "weekly/2026-11-16",
        }
        | change
    )
    again = named("birch", work="doi:10.1/a")
    selection = select([again], RULES, WINDOW, used=(used,), taxonomy=TAXONOMY)
    assert selection.verdicts[0].reason is Reason.ALREADY_USED
    assert "weekly/2026-11-16" in selection.verdicts[0].detail


def test_of_two_summaries_of_one_work_the_better_one_stays():
    pair = [
        named("amber", work="doi:10.1/a", credibility=2),
        named("birch", work="doi:10.1/a", credibility=5),
    ]
    selection = select(pair, RULES, WINDOW, used=(), taxonomy=TAXONOMY)
    assert chosen(selection) == {"gut": ("birch",)}
    assert selection.verdicts[1].reason is Reason.NEAR_DUPLICATE
    assert selection.verdicts[1].detail == "same work as birch"


def test_topics_come_in_reading_order_and_items_by_rank():
    three = [
        named("amber", topics=("drugs",)),
        named("birch", credibility=1),
        named("cedar", credibility=5),
        named("delta", topics=("lost",)),
        named("ember", topics=()),
    ]
    selection = select(three, RULES, WINDOW, used=(), taxonomy=TAXONOMY)
    assert selection.sections == (
        ("gut", ("cedar", "birch")),
        ("drugs", ("amber",)),
        (OTHER, ("delta", "ember")),
    )


def test_a_full_topic_leaves_room_for_another():
    rules = replace(RULES, per_topic=1, max_items=2)
    three = [
        named("amber", credibility=5),
        named("birch", credibility=4),
        named("cedar", credibility=1, topics=("drugs",)),
        named("delta", credibility=1, topics=(OTHER,)),
    ]
    assert reasons(select(three, rules, WINDOW, used=(), taxonomy=TAXONOMY)) == {
        "amber": Reason.CHOSEN,
        "birch": Reason.TOPIC_CAP,
        "cedar": Reason.CHOSEN,
        "delta": Reason.ISSUE_FULL,
    }


def test_equals_are_ordered_by_date_and_then_by_slug():
    rules = replace(RULES, weights=replace(RULES.weights, recency=0))
    equals = [named("cedar"), named("amber"), named("birch", date=date(2026, 11, 21))]
    selection = select(equals, rules, WINDOW, used=(), taxonomy=TAXONOMY)
    assert chosen(selection) == {"gut": ("birch", "amber", "cedar")}


def test_a_draft_reports_all_but_what_the_window_never_touched():
    several = [
        named("amber"),
        named("birch", date=None),
        named("cedar", date=date(2026, 1, 1)),
        named("delta", status="withdrawn"),
        named("ember", status="quarantined", date=date(2026, 1, 1)),
        named("fjord", date=date(2027, 1, 1)),
    ]
    left_out = excluded(select(several, RULES, WINDOW, used=(), taxonomy=TAXONOMY))
    assert [verdict.slug for verdict in left_out] == ["birch", "ember", "fjord"]


def test_nothing_to_choose_from_is_an_empty_selection():
    assert select((), RULES, WINDOW, used=(), taxonomy=TAXONOMY) == Selection(sections=(), verdicts=())


candidates = st.builds(
    named,
    st.sampled_from(WORDS),
    date=st.none() | st.dates(date(2026, 11, 10), date(2026, 11, 25)),
    credibility=st.none() | st.integers(1, 5),
    interest=st.none() | st.integers(1, 5),
    evidence=st.sampled_from(Evidence),
    topics=st.lists(st.sampled_from(("gut", "drugs", "lost")), max_size=3).map(tuple),
    work=st.sampled_from(("doi:10.1/a", "doi:10.1/b", "url:https://example.org/c", "slug:d")),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(candidates, unique_by=lambda candidate: candidate.slug),
    st.integers(0, 4),
    st.integers(0, 6),
)
def test_every_candidate_has_one_verdict_whatever_the_order(
    several: list[Candidate], per_topic: int, most: int
):
    rules = replace(RULES, per_topic=per_topic, max_items=most)
    selection = select(several, rules, WINDOW, used=(), taxonomy=TAXONOMY)
    assert select(several[::-1], rules, WINDOW, used=(), taxonomy=TAXONOMY) == selection
    assert sorted(reasons(selection)) == sorted(candidate.slug for candidate in several)
    items = [slug for _, slugs in selection.sections for slug in slugs]
    assert len(items) <= most
    assert all(len(slugs) <= per_topic for _, slugs in selection.sections)
    works = [candidate.work for candidate in several if candidate.slug in items]
    assert len(works) == len(set(works))
