"""Whatever the bytes are, each summary comes out fit to be mailed or with a reason why not."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.summaries.judged import judge
from ranvier.summaries.reading import READERS, read
from ranvier.summaries.summary import Quarantine, Summary

GOOD = """---
title: T
---

## Key Takeaway

A.

## What They Found

B.

## Important Considerations

C.
"""
WHOLE = Summary(slug="s", title="T", takeaway="A.", findings="B.", considerations="C.")

MISSING = {
    "title": (replace(WHOLE, title=""), Quarantine.NO_TITLE),
    "considerations": (replace(WHOLE, considerations=""), Quarantine.NO_CAVEAT),
    "takeaway": (replace(WHOLE, takeaway=""), Quarantine.INCOMPLETE),
    "findings": (replace(WHOLE, findings=""), Quarantine.INCOMPLETE),
    "all of it": (Summary(slug="s"), Quarantine.NO_TITLE),
}


@pytest.mark.parametrize(("summary", "reason"), MISSING.values(), ids=MISSING)
def test_what_must_be_there_is_missed(summary, reason):
    judged = judge(summary)
    assert judged
    assert judged[0] is reason
    assert "\n" not in judged[1]


def test_everything_else_may_be_missing():
    assert judge(WHOLE) is None


def test_a_good_file_is_read_under_its_name():
    (reading,) = read(GOOD.encode(), name="in/My file.md")
    assert (reading.source, reading.summary.slug, reading.quarantine) == ("in/My file.md", "my-file", None)


def test_broken_front_matter_is_quarantined_with_its_line():
    (reading,) = read(b"---\ntitle: A: b\n---\n", name="in/a.md")
    assert reading.quarantine is Quarantine.UNREADABLE
    assert reading.detail.startswith("in/a.md:2: ")
    assert reading.summary.slug == "a"


CONTENT = {
    "markdown in a text file": (GOOD.encode(), "a.txt", "B."),
    "markdown without an ending": (GOOD.encode(), "a", "B."),
    "markdown in windows-1252": (GOOD.replace("B.", "naïve").encode("cp1252"), "a.md", "naïve"),
    "page in a markdown file": (b"T\nKey Takeaway\nA.\nWhat They Found\nB.", "a.md", "B."),
    "web page in a text file": (b"<!DOCTYPE html><h2>What They Found</h2><p>B.</p>", "a.txt", "B."),
    "json in a text file": (json.dumps({"findings": "B."}).encode(), "a.txt", "B."),
    "feed in an html file": (
        b"<?xml version='1.0'?><rss><item><description>&lt;h2>Findings&lt;/h2>B.</description></item></rss>",
        "a.html",
        "B.",
    ),
}


@pytest.mark.parametrize(("data", "name", "findings"), CONTENT.values(), ids=CONTENT)
def test_the_content_tells_the_format_before_the_name_does(data, name, findings):
    (reading,) = read(data, name=name)
    assert reading.summary.findings == findings


def test_entities_of_a_text_file_are_decoded():
    assert read(b"T\nKey Takeaway\np &lt; 0.05\n", name="a.txt")[0].summary.takeaway == "p < 0.05"


def test_a_section_of_two_thousand_words_is_kept_whole():
    words = " ".join(f"word{number}" for number in range(2000))
    assert read(GOOD.replace("B.", words).encode(), name="a.md")[0].summary.findings == words


def test_right_to_left_text_is_kept():
    hebrew = "טרשת נפוצה (MS): מחקר 2026."
    assert read(GOOD.replace("B.", hebrew).encode(), name="a.md")[0].summary.findings == hebrew


MEANINGFUL = (
    *("---\n", "title: ", "x: [", "*a", "&a ", "## Key Takeaway\n", "Key Takeaway\n", "# ", "\n", "\\"),
    *("<rss><channel><item>", "<title>", "</item>", "<!doctype html>", "<h1>", "<p>", "<meter max=5 value="),
    *(
        "{",
        "}",
        "[",
        "]",
        ",",
        '"',
        ":",
        "12/31/2026",
        "Read More",
        "You May Also Like\n",
        "\u202e",
        "\ud800",
    ),
    "journals like x often range",
)
PIECES = st.lists(st.sampled_from(MEANINGFUL) | st.text(max_size=5), max_size=15).map(
    lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")
)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=120) | PIECES, st.sampled_from([*READERS, "", ".bin"]))
def test_no_bytes_raise_under_any_name(data, ending):
    for reading in read(data, name=f"a{ending}"):
        assert reading.summary.slug
        assert reading.quarantine is None or reading.detail
        assert "\n" not in reading.detail
