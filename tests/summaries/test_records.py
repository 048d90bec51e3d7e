"""Records become summaries; a broken record does not take the others along."""

import json
from datetime import date

import pytest

from ranvier.errors import InputError
from ranvier.summaries.records import read_csv, read_json, read_jsonl
from ranvier.summaries.summary import Evidence, Quarantine

RECORD = {
    "id": "r1",
    "title": "Tea",
    "date": "2026-11-05",
    "credibility": 4,
    "source": {"doi": "10.1000/tea"},
    "key_takeaway": "**Tea** helped.",
    "What They Found": "F <b>x</b>.",
    "important considerations": "C.",
}
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "home_page_url": "https://summaries.example.org/",
    "items": [
        {
            "id": "s1",
            "url": "https://summaries.example.org/s/tea",
            "title": "Tea",
            "content_html": "<h2>Key Takeaway</h2><p>T.</p><h2>Important Considerations</h2><p>C.</p>",
            "summary": "Short.",
            "date_published": "2026-11-05T23:00:00-05:00",
            "external_url": "https://doi.org/10.1000/tea",
            "tags": ["lifestyle-gut"],
            "_extension": {
                "slug": "tea-slug",
                "evidence": "cohort",
                "source": {"journal": "Brain", "doi": "10.1000/tea"},
            },
        },
        {"id": "s2", "url": "javascript:alert(1)", "title": "Milk", "content_text": "Key Takeaway\n\nM."},
    ],
}


@pytest.mark.parametrize(
    "data", [RECORD, [RECORD], {"summaries": [RECORD]}], ids=["object", "list", "named list"]
)
def test_json_of_our_own_keys(data):
    (found,) = read_json(json.dumps(data), name="in/a.json")
    summary = found.summary
    assert found.source == "in/a.json#r1"
    assert (summary.slug, summary.date, summary.credibility) == ("tea", date(2026, 11, 5), 4)
    assert (summary.source.doi, summary.takeaway, summary.findings) == ("10.1000/tea", "Tea helped.", "F x.")


def test_json_feed_with_an_extension():
    first, second = read_json(json.dumps(FEED), name="feed.json")
    assert first.source == "https://summaries.example.org/#s1"
    assert (first.summary.slug, first.summary.evidence, first.summary.topics) == (
        "tea-slug",
        Evidence.COHORT,
        ("lifestyle-gut",),
    )
    assert (first.summary.date, first.summary.source.journal) == (date(2026, 11, 5), "Brain")
    assert (first.summary.takeaway, first.summary.considerations, first.summary.blurb) == (
        "T.",
        "C.",
        "Short.",
    )
    assert (second.summary.slug, second.summary.link, second.summary.takeaway) == ("milk", "", "M.")


def test_a_line_that_is_not_json_is_a_problem_of_its_own():
    good, bad, list_ = read_jsonl(f"{json.dumps(RECORD)}\n\n{{broken\n[1]\n", name="a.jsonl")
    assert (good.quarantine, good.summary.title) == (None, "Tea")
    assert "line 3" in bad.detail
    assert list_.quarantine is bad.quarantine is Quarantine.UNREADABLE


def test_a_table_has_a_summary_per_record():
    columns = "title;date;journal;key takeaway;important considerations"
    text = columns + '\n"Tea; black";11/5/2026;Brain;T.;"C.\n\nD."\n'
    (found,) = read_csv(text, name="a.csv")
    assert (found.summary.title, found.summary.date, found.summary.source.journal) == (
        "Tea; black",
        date(2026, 11, 5),
        "Brain",
    )
    assert found.summary.considerations == "C.\n\nD."


def test_an_untitled_record_is_named_by_its_place():
    (found,) = read_csv("title,takeaway\n,x\n", name="list.csv")
    assert (found.source, found.summary.slug) == ("list.csv#1", "list-1")


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"x"', "[" * 100_000, "1" * 5000], ids=range(7))
def test_json_without_a_summary_is_an_error_in_one_line(text):
    with pytest.raises(InputError) as caught:
        read_json(text, name="a.json")
    assert caught.value.where.startswith("a.json")


@pytest.mark.parametrize("read", [read_csv, read_jsonl])
def test_an_empty_file_is_an_error(read):
    with pytest.raises(InputError):
        read("", name="a")
