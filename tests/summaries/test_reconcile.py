"""Which name each summary is kept under, and what changed."""

from dataclasses import replace

import pytest

from ranvier.summaries.arrival import arrive
from ranvier.summaries.judged import Reading
from ranvier.summaries.reconcile import Change, Known, free_slug, reconcile
from ranvier.summaries.summary import Quarantine, Source, Standing, Summary
from ranvier.summaries.work import content_hash, work_of

TRIAL = Summary(
    slug="trial",
    title="T",
    takeaway="A.",
    findings="B.",
    considerations="C.",
    source=Source(doi="10.1000/1"),
)
OTHER = replace(TRIAL, source=Source(doi="10.1000/2"))
UNNAMED = replace(TRIAL, source=Source())


def reading(
    summary: Summary = TRIAL, source: str = "summaries/trial.md", *, quarantine: Quarantine | None = None
) -> Reading:
    return Reading(summary=summary, source=source, quarantine=quarantine)


def known(summary: Summary = TRIAL, *, source: str = "", status: Standing = Standing.OK) -> dict[str, Known]:
    it = Known(
        slug=summary.slug,
        file=f"summaries/{summary.slug}.md",
        work=work_of(summary),
        content_hash=content_hash(summary),
        status=status,
        source=source,
        source_hash=arrive_first(summary, source) if source else "",
    )
    return {summary.slug: it}


def arrive_first(summary: Summary, by: str) -> str:
    """The hash that a first arrival leaves."""
    first = Reading(summary=summary, source=by)
    return arrive(first, by=by, slug="trial", before=None, current=None, title="").source_hash


def outcome(
    *readings: Reading, before: dict[str, Known] | None = None, there: bool = True
) -> list[tuple[str, Change]]:
    decisions = reconcile(readings, before or {}, exists=lambda _: there)
    return [(decision.slug, decision.change) for decision in decisions]


def test_a_file_is_added_once_and_then_unchanged_until_it_says_something_else():
    assert outcome(reading()) == [("trial", Change.ADDED)]
    assert outcome(reading(), before=known()) == [("trial", Change.UNCHANGED)]
    edited = reading(replace(TRIAL, findings="Else."))
    assert outcome(edited, before=known()) == [("trial", Change.UPDATED)]


def test_a_file_that_comes_back_or_is_mended_counts_as_updated():
    for status in (Standing.WITHDRAWN, Standing.QUARANTINED):
        assert outcome(reading(), before=known(status=status)) == [("trial", Change.UPDATED)]


def test_what_is_quarantined_is_said_every_time():
    held = reading(quarantine=Quarantine.NO_TITLE)
    assert outcome(held, before=known(status=Standing.QUARANTINED)) == [("trial", Change.QUARANTINED)]


def test_no_two_files_share_a_slug():
    twin = reading(source="summaries/copy.md")
    assert outcome(reading(), twin) == [("trial", Change.ADDED), ("trial-2", Change.ADDED)]
    assert outcome(twin, before=known()) == [("trial-2", Change.ADDED)]


def test_a_renamed_file_keeps_its_slug():
    assert outcome(reading(source="summaries/renamed.md"), before=known(), there=False) == [
        ("trial", Change.UNCHANGED)
    ]


def slug_for(arriving: Reading, there: dict[str, Known]) -> str:
    return free_slug(arriving, there, holder=there.get)


@pytest.mark.parametrize(
    ("arriving", "held", "slug"),
    [
        (TRIAL, TRIAL, "trial"),
        (OTHER, TRIAL, "trial-2"),
        (UNNAMED, TRIAL, "trial"),
        (TRIAL, UNNAMED, "trial"),
        (UNNAMED, UNNAMED, "trial"),
        (replace(UNNAMED, findings="Else."), UNNAMED, "trial-2"),
    ],
    ids=[
        "same study",
        "another study",
        "study not stated",
        "study stated now",
        "same words",
        "other words",
    ],
)
def test_a_name_is_shared_only_by_what_is_the_same(arriving: Summary, held: Summary, slug: str):
    assert slug_for(reading(arriving, "elsewhere.txt"), known(held)) == slug


def test_a_source_keeps_its_slug_whatever_its_summary_is_called_now():
    assert slug_for(reading(replace(TRIAL, slug="new-name"), "feed#1"), known(source="feed#1")) == "trial"


def test_a_summary_joins_the_file_of_its_name_whatever_slug_that_has():
    (holder,) = known(replace(TRIAL, slug="another")).values()
    taken = {"trial": holder}.get
    assert free_slug(reading(source="feed#1"), {}, holder=taken) == "another"
    assert free_slug(reading(OTHER, "feed#1"), {}, holder=taken) == "trial-2"


NEWS = replace(TRIAL, findings="News.")
EDITED = replace(TRIAL, findings="Edited here.")


@pytest.mark.parametrize(
    ("arriving", "current", "title", "text"),
    [
        (TRIAL, None, "", TRIAL),
        (TRIAL, None, "Given", replace(TRIAL, title="Given")),
        (TRIAL, TRIAL, "", None),
        (NEWS, TRIAL, "", NEWS),
        (TRIAL, EDITED, "", None),
        (NEWS, EDITED, "", None),
        (NEWS, EDITED, "Given", replace(EDITED, title="Given")),
        (NEWS, NEWS, "", None),
    ],
    ids=[
        "new",
        "new with a title",
        "nothing new",
        "source changed",
        "file edited",
        "both changed",
        "a title into an edited file",
        "both say the same",
    ],
)
def test_what_an_editor_changed_is_never_written_over(arriving, current, title, text):
    arrival = arrive(
        reading(arriving, "elsewhere.txt"),
        by="elsewhere.txt",
        slug="trial",
        before=known(source="elsewhere.txt")["trial"] if current else None,
        current=reading(current) if current else None,
        title=title,
    )
    assert arrival.text == text
    assert bool(arrival.note) is (arriving == NEWS and current == EDITED and not title)


def test_what_cannot_be_read_is_not_written():
    unreadable = reading(source="bad.md", quarantine=Quarantine.UNREADABLE)
    assert arrive(unreadable, by="bad.md", slug="trial", before=None, current=None, title="").text is None


def test_what_another_source_wrote_is_never_written_over():
    written = known(source="feed.json")["trial"]
    poorer = reading(NEWS, "feed.json")
    kept = arrive(poorer, by="rss.xml", slug="trial", before=written, current=reading(), title="")
    assert (kept.text, bool(kept.note)) == (None, True)


def test_what_an_editor_wrote_is_not_adopted_by_a_source_that_says_the_same():
    by_hand = known()["trial"]
    same = arrive(reading(), by="feed.json", slug="trial", before=by_hand, current=reading(), title="")
    assert (same.text, same.source_hash) == (None, "")


def test_a_corrected_summary_of_one_title_is_no_twin():
    titled = replace(UNNAMED, source=Source(title="The trial itself"))
    corrected = replace(titled, findings="Corrected.")
    assert free_slug(reading(corrected, "elsewhere.txt"), known(titled), holder=known(titled).get) == "trial"
