"""The sample data beside the project, read in place: every blemish as its gold says."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ranvier.summaries.judged import judge
from ranvier.summaries.markdown import read_markdown, write_markdown
from ranvier.summaries.reading import read

SHARED = Path(__file__).parents[2].parent / "shared"
CORPUS = SHARED / "corpus"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the sample data stands beside the project, not in it"
)


def gold():
    path = CORPUS / "gold.jsonl"
    return [json.loads(row) for row in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.parametrize("expected", gold(), ids=lambda expected: expected["slug"])
def test_every_summary_is_read_as_its_gold_says(expected):
    path = CORPUS / expected["file"]
    (reading,) = read(path.read_bytes(), name=path.name)
    summary = reading.summary
    assert (summary.id, summary.slug, summary.evidence) == (
        expected["id"],
        expected["slug"],
        expected["evidence"],
    )
    assert (summary.date.isoformat() if summary.date else None) == expected["published"]
    assert bool(summary.topics) == expected["topics_in_front_matter"]
    assert (reading.quarantine or None) == (expected["reason"] if expected["severity"] == "block" else None)
    assert not [text for text in expected["must_not_contain"] if text in repr(summary)]
    assert "example.invalid" not in repr(summary)
    assert read_markdown(write_markdown(summary), name=path.name).summary == summary


NOTED = {
    "ebv-immune-response-crosses-over-to-nerve-protein": ("source.url", "leads nowhere"),
}
"""The one blemish that loses something of what a file states; the others cost nothing or are quarantined."""


@pytest.mark.parametrize("expected", gold(), ids=lambda expected: expected["slug"])
def test_a_note_is_made_only_where_something_stated_is_lost(expected):
    path = CORPUS / expected["file"]
    (reading,) = read(path.read_bytes(), name=path.name)
    wanted = NOTED.get(expected["slug"])
    assert len(reading.notes) == bool(wanted)
    assert not wanted or all(words in reading.notes[0] for words in wanted)


@pytest.mark.parametrize("name", ["rss.xml", "feed.json"])
def test_a_feed_is_noted_only_for_the_address_that_runs_code(name):
    readings = read((CORPUS / "intake" / name).read_bytes(), name=name)
    (note,) = [note for reading in readings for note in reading.notes]
    assert note.startswith('link "javascript:')


def test_there_are_45_of_them():
    assert len(gold()) == 45


def pages():
    path = CORPUS / "intake" / "html_gold.json"
    return json.loads(path.read_text()) if path.exists() else []


@pytest.mark.parametrize("expected", pages(), ids=lambda expected: expected["file"])
def test_web_pages_are_read_as_their_gold_says(expected):
    path = CORPUS / "intake" / "html" / expected["file"]
    (reading,) = read(path.read_bytes(), name=path.name)
    summary = reading.summary
    assert reading.quarantine is None
    assert reading.notes == ()
    assert summary.title == expected["title"]
    assert summary.source.journal == expected["journal"]
    assert (summary.source.doi or None) == expected["doi"]
    assert (summary.date.isoformat() if summary.date else None) == expected["date"]
    assert (summary.credibility, summary.interest) == (expected["credibility"], expected["interest"])
    assert {
        "key_takeaway": summary.takeaway,
        "what_they_found": summary.findings,
        "who_should_care": summary.meaning,
        "important_considerations": summary.considerations,
    } == expected["sections"]
    assert len(summary.related) == expected["cards"]
    assert all(card.title and card.date and card.blurb and "<" not in card.blurb for card in summary.related)


def test_both_feeds_hold_the_same_summaries():
    rss = read((CORPUS / "intake/rss.xml").read_bytes(), name="rss.xml")
    feed = read((CORPUS / "intake/feed.json").read_bytes(), name="feed.json")
    assert len(rss) == len(feed) == 25
    assert [reading.source for reading in rss] == [reading.source for reading in feed]
    assert [reading.quarantine for reading in rss] == [reading.quarantine for reading in feed]
    for one, other in zip(rss, feed, strict=True):
        assert (one.summary.title, one.summary.date) == (other.summary.title, other.summary.date)
        assert (one.summary.takeaway, one.summary.findings) == (
            other.summary.takeaway,
            other.summary.findings,
        )
        assert (one.summary.meaning, one.summary.considerations) == (
            other.summary.meaning,
            other.summary.considerations,
        )


def test_nothing_in_the_feeds_reaches_a_summary_as_markup_or_script():
    for name in ("rss.xml", "feed.json"):
        for reading in read((CORPUS / "intake" / name).read_bytes(), name=name):
            for unwanted in ("<", "javascript:", "onerror", "AI-generated"):
                assert unwanted not in repr(replace_evidence(reading.summary))


def replace_evidence(summary):
    """`summary` without the one field whose repr has angle brackets of its own."""
    return [
        getattr(summary, name)
        for name in summary.__dataclass_fields__
        if name not in {"evidence", "subjects"}
    ]


def seed(start):
    (path,) = (SHARED / "seeds").glob(f"{start}*")
    return path, read(path.read_bytes(), name=path.name)[0]


def test_the_first_seed_has_no_title_until_someone_gives_one():
    _, reading = seed("000")
    assert reading.quarantine == "no-title"
    assert judge(replace(reading.summary, title="Given")) is None


def test_the_first_seed_is_told_by_the_order_of_its_parts():
    rows = seed("000")[0].read_text().splitlines()
    summary = seed("000")[1].summary
    for text, row in zip(
        (summary.takeaway, summary.findings, summary.meaning, summary.considerations), rows, strict=False
    ):
        assert text.replace(" ", "") == row.replace(" ", "")
    assert len(summary.related) == 6
    assert not any(card.title for card in summary.related)


def test_the_second_seed_gives_title_sections_journal_and_cards():
    path, reading = seed("004")
    rows = [row for row in path.read_text().splitlines() if row]
    summary = reading.summary
    assert reading.quarantine is None
    assert summary.title == rows[0] == rows[1]
    assert summary.takeaway == rows[rows.index("Key Takeaway") + 1]
    assert summary.findings == rows[rows.index("What They Found") + 1]
    assert summary.meaning == rows[rows.index("Who Should Care and Why") + 1]
    assert summary.considerations == rows[rows.index("Important Considerations") + 1]
    assert len(summary.related) == 6
    assert all(rows.count(card.title) == 2 and card.date and card.blurb in rows for card in summary.related)


@pytest.mark.parametrize("start", ["000", "004"])
def test_the_seeds_state_no_rating_and_nothing_of_the_boilerplate(start):
    path, reading = seed(start)
    assert reading.notes == ()
    assert (reading.summary.credibility, reading.summary.interest) == (None, None)
    assert f"journals like {reading.summary.source.journal} often range" in path.read_text()
    for words in ("However, not all research", "Understanding MS Research", "Read More", "AI-generated"):
        assert words not in repr(reading.summary)
