"""Whatever is stated and not understood is said, with what to write instead; what is understood is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.summaries.judged import reading_of
from ranvier.summaries.markdown import read_markdown, write_markdown
from ranvier.summaries.notes import WANTED
from ranvier.summaries.reading import read
from ranvier.summaries.records import read_csv, read_json


def notes(**fields):
    return reading_of(fields, source="s", name="n", sections={}).notes


MISREAD = {
    "date": ("27/11/2026", 'date "27/11/2026" was not understood; write the day as in 2026-11-27'),
    "credibility": ("high", 'credibility "high" was not understood; write a whole number from 1 to 5'),
    "interest": (7, 'interest "7" was not understood; write a whole number from 1 to 5'),
    "evidence": ("RCT", 'evidence "RCT" was not understood; write one of randomized-trial, cohort,'),
    "subjects": ("dogs", 'subjects "dogs" was not understood; write one of people, animals, cells, data'),
    "n": ("many", 'n "many" was not understood; write a whole number'),
    "slug": ("../etc", 'slug "../etc" was not understood; write small letters,'),
    "link": ("http://localhost/", 'link "http://localhost/" leads nowhere; write an https address'),
    "source": ("Brain", 'source "Brain" was not understood; write journal:,'),
    "ai": ("m-1", 'ai "m-1" was not understood; write model: and date: below it'),
    "review": (
        "approved",
        'review "approved" was not understood; write by:, role:, date:, decision: below it',
    ),
    "related": (["tea"], "related was not understood; write title:"),
    "topics": ({"a": "b"}, "topics was not understood; write a list of words"),
    "title": (["T"], "title was not understood; write a line of text"),
    "doi": ("nope", 'doi "nope" was not understood; write a DOI such as'),
    "source_year": ("last", 'source_year "last" was not understood; write a year such as 2024'),
}


@pytest.mark.parametrize(
    ("key", "value", "said"), [(key, *rest) for key, rest in MISREAD.items()], ids=MISREAD
)
def test_a_value_that_is_not_understood_is_said(key, value, said):
    (note,) = notes(**{key: value})
    assert note.startswith(said)


SOURCES = {
    "url": (
        "https://journals.example.invalid/1",
        'source.url "https://journals.example.invalid/1" leads nowhere',
    ),
    "doi": ("nope", 'source.doi "nope" was not understood; write a DOI'),
    "pmid": ("PMC123", 'source.pmid "PMC123"'),
    "year": (3, 'source.year "3"'),
    "status": (
        "reviewed by peers",
        'source.status "reviewed by peers" was not understood; write one of peer-',
    ),
    "authors": ([["A"]], "source.authors was not understood"),
}


@pytest.mark.parametrize(
    ("key", "value", "said"), [(key, *rest) for key, rest in SOURCES.items()], ids=SOURCES
)
def test_a_part_of_the_source_that_is_not_understood_is_said(key, value, said):
    (note,) = notes(source={key: value})
    assert note.startswith(said)


@pytest.mark.parametrize("value", ["", " ", None, [], {}, False])
def test_what_is_not_stated_is_not_missed(value):
    assert notes(**dict.fromkeys(WANTED, value)) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"date": "27.11.2026"},
        {"evidence": "unknown"},
        {"evidence": "Randomised trial"},
        {"n": "1,131"},
        {"source": {"url": "https://doi.org/10.1000/x", "pmid": "PMID: 12"}},
        {"ai_generated": True, "layout": "post", "tags": ["a"], "key_takeaway": "x"},
    ],
    ids=str,
)
def test_what_is_understood_or_somebody_elses_is_not_noted(fields):
    assert notes(**fields) == ()


def test_an_incomplete_review_is_told_what_it_lacks():
    assert notes(review={"by": "E", "role": "nurse"}) == (
        "review lacks date, decision; it counts only with all of by, role, date, decision",
    )


def test_a_misspelt_key_is_told_its_right_name():
    assert notes(credability=4) == ('"credability" is no key of a summary; did you mean credibility?',)
    assert notes(source={"jurnal": "Brain"}) == (
        '"source.jurnal" is no key of a summary; did you mean source.journal?',
    )


def test_a_card_without_its_day_is_said():
    assert notes(related=[{"title": "T", "date": "soon"}, {"title": "U"}]) == (
        'related.date "soon" was not understood; write the day as in 2026-11-27',
    )


def test_a_long_value_is_cut_and_shows_no_control_characters():
    (note,) = notes(n="\x1b[31mred\n" + "x" * 500)
    assert "\x1b" not in note
    assert "\n" not in note
    assert len(note) < 150


def test_text_in_no_section_is_said():
    text = (
        "---\ntitle: T\n---\n\nStray.\n\n## Key Takeaway\nA.\n\n### Deeper\nB.\n\n## Limits\nC.\n\n## Empty\n"
    )
    assert read_markdown(text, name="a.md").notes == (
        "the text above the first heading is left out; move it below one of the four headings",
        'the text below the heading "Limits" is left out; move it below one of the four headings',
    )


def test_every_kind_of_source_carries_its_notes():
    said = 'credibility "high" was not understood; write a whole number from 1 to 5'
    assert read_json('[{"title": "T", "credibility": "high"}]', name="a.json")[0].notes == (said,)
    assert read_csv("title,credibility\nT,high\n", name="a.csv")[0].notes == (said,)
    assert read(b"---\ntitle: T\ncredibility: high\n---\n", name="a.md")[0].notes == (said,)
    assert read(b"T\nCredibility: high\nKey Takeaway\nx\n", name="a.txt")[0].notes == (said,)
    assert read(b"<!doctype html><h1>T</h1><p>Credibility: high</p><h2>Key Takeaway</h2>x", name="a.html")[
        0
    ].notes == (said,)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["date", "by", "url"]), inner)
    ),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*WANTED, "doi", "credability"]), VALUES, max_size=5))
def test_notes_are_single_lines_and_what_ranvier_writes_needs_none(fields):
    found = reading_of(fields, source="s", name="n", sections={})
    assert all(note == " ".join(note.split()) for note in found.notes)
    assert read_markdown(write_markdown(found.summary), name="n.md").notes == ()
