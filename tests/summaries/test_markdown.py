"""A summary's file is read tolerantly and written so that reading it gives the same summary."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.errors import InputError
from ranvier.summaries.markdown import read_markdown, write_markdown
from ranvier.summaries.prose import prose
from ranvier.summaries.summary import (
    Authorship,
    Card,
    Evidence,
    Publishing,
    Review,
    Source,
    Subjects,
    Summary,
)

FULL = """---
id: x1
slug: full-example
title: "Walking: a <b>small</b> study &amp; its limits"
date: 2026-10-21
link: https://summaries.example.org/s/full-example
source: {journal: Brain, title: no, authors: "A B, et al.", year: 2022, doi: 10.1093/brain/x, url: "https://example.org/p"}
credibility: 4
interest: "3"
evidence: cohort
subjects: people
n: 1,131
audiences: [people-with-ms]
topics: lifestyle-gut; causes-immune
blurb: Short.
ai: {model: m-1, date: 2026-10-01}
review: {by: E, role: nurse, date: 2026-10-20, decision: approved}
---

Stray words above the first heading.

## Key takeaway
Walking helped.

### What They Found:
One paragraph
wrapped.

Another.

#### A deeper heading
It stays.

## Notes for editors
Not for readers.

## Who should care
Everyone.

## IMPORTANT CONSIDERATIONS ##
Small.
"""


def test_everything_that_is_stated_is_read():
    assert read_markdown(FULL, name="other.md").summary == Summary(
        slug="full-example",
        id="x1",
        title="Walking: a small study & its limits",
        date=date(2026, 10, 21),
        link="https://summaries.example.org/s/full-example",
        source=Source(
            journal="Brain",
            title="no",
            authors="A B, et al.",
            year=2022,
            doi="10.1093/brain/x",
            url="https://example.org/p",
        ),
        credibility=4,
        interest=3,
        evidence=Evidence.COHORT,
        subjects=Subjects.PEOPLE,
        n=1131,
        audiences=("people-with-ms",),
        topics=("lifestyle-gut", "causes-immune"),
        blurb="Short.",
        ai=Authorship(model="m-1", date="2026-10-01"),
        review=Review(by="E", role="nurse", date="2026-10-20", decision="approved"),
        takeaway="Walking helped.",
        findings="One paragraph wrapped.\n\nAnother.\n\nA deeper heading\n\nIt stays.",
        meaning="Everyone.",
        considerations="Small.",
    )


def test_a_byte_order_mark_and_other_line_ends_change_nothing():
    assert (
        read_markdown("\ufeff" + FULL.replace("\n", "\r\n"), name="o.md").summary
        == read_markdown(FULL, name="o.md").summary
    )


def test_a_file_without_front_matter_takes_its_title_from_the_first_heading():
    summary = read_markdown("# The *title*\n\n## Key Takeaway\n\nx", name="dir/My file.md").summary
    assert (summary.title, summary.slug, summary.takeaway) == ("The *title*", "my-file", "x")


@pytest.mark.parametrize("value", ["", "null", "~", '""', "2026-02-31", "soon", "[]"])
def test_a_date_that_is_none_is_none(value):
    assert read_markdown(f"---\ntitle: T\ndate: {value}\n---\n", name="f.md").summary.date is None


@pytest.mark.parametrize(
    "value", ["no", "Nature", "null and void", "2024", "0x10", "3.10", "off", "Neurology"]
)
def test_words_are_never_retyped(value):
    assert read_markdown(f"---\ntitle: {value}\n---\n", name="f.md").summary.title == value


BROKEN = {
    "colon": ("title: Study: results", "f.md:3", "quotes"),
    "open quote": ('title: "Study', "f.md:", "quotes"),
    "tab": ("\ttitle: x", "f.md:3", "quotes"),
    "list": ("- a\n- b", "f.md:2", "key: value"),
    "words": ("just words", "f.md:", "key: value"),
    "alias": ("a: &a [x]\nb: [*a, *a]", "f.md:4", "aliases"),
    "nesting": ("a: " + "[" * 50 + "]" * 50, "f.md:3", "nesting"),
    "key that is a list": ("? [a]\n: b", "f.md:", "quotes"),
}


@pytest.mark.parametrize(("yaml", "where", "advice"), BROKEN.values(), ids=BROKEN)
def test_broken_front_matter_says_where_and_what_to_do(yaml, where, advice):
    first = "" if yaml.startswith(("-", "just")) else "id: x\n"
    with pytest.raises(InputError) as caught:
        read_markdown(f"---\n{first}{yaml}\n---\n\n## Key Takeaway\n\nx\n", name="f.md")
    assert caught.value.where.startswith(where)
    assert advice in caught.value.message
    assert "\n" not in str(caught.value)


def test_front_matter_without_an_end_is_said():
    with pytest.raises(InputError, match="no end"):
        read_markdown("---\ntitle: T\n\n## Key Takeaway\n\nx", name="f.md")


def test_explicit_types_do_nothing():
    text = '---\ntitle: !!python/object:os.system "x"\nn: !!int "7"\n---\n'
    summary = read_markdown(text, name="f.md").summary
    assert (summary.title, summary.n) == ("x", 7)


def test_what_is_not_stated_is_not_written():
    assert (
        write_markdown(Summary(slug="s", title="T", takeaway="x"))
        == "---\nslug: s\ntitle: T\n---\n\n## Key Takeaway\n\nx\n"
    )


def test_the_front_matter_stands_in_the_order_of_the_design():
    written = write_markdown(read_markdown(FULL, name="f.md").summary)
    keys = [row.partition(":")[0] for row in written.split("---")[1].strip().split("\n") if row[0] != " "]
    first = [
        "id",
        "slug",
        "title",
        "date",
        "link",
        "source",
        "credibility",
        "interest",
        "evidence",
        "subjects",
    ]
    assert keys == [*first, "n", "audiences", "topics", "blurb", "ai", "review"]


def test_emoji_are_written_as_themselves():
    assert "🧠🚴" in write_markdown(Summary(slug="s", title="🧠🚴 Brain"))


WORDS = st.text(alphabet="ab1.)(-+*_#>`~[]!<&;/\\|{}: \n\"'=é%@?,🧠", max_size=30) | st.text(max_size=30)
LINES = WORDS.map(lambda text: " ".join(prose(text).split()))
PROSE = st.lists(WORDS, max_size=3).map(lambda parts: prose("\n\n".join(parts)))
SLUGS = st.sampled_from(["a", "people-with-ms", "null", "1", "2026-01-01", "no"])
DAYS = st.none() | st.dates(min_value=date(1600, 1, 1))
LINKS = st.sampled_from(["", "https://example.org/x?a=1&amp=2", "http://example.com/ü#:~:text=x"])
SUMMARIES = st.builds(
    Summary,
    slug=SLUGS,
    title=LINES,
    date=DAYS,
    id=LINES,
    link=LINKS,
    source=st.builds(
        Source,
        journal=LINES,
        title=LINES,
        authors=LINES,
        year=st.none() | st.integers(1600, 2200),
        status=st.none() | st.sampled_from(Publishing),
        doi=st.sampled_from(["", "10.1002/(SICI)1097<1661::AID-SIM968>3.0.CO;2-2"]),
        pmid=st.sampled_from(["", "0123"]),
        url=LINKS,
    ),
    credibility=st.none() | st.integers(1, 5),
    interest=st.none() | st.integers(1, 5),
    evidence=st.sampled_from(Evidence),
    subjects=st.none() | st.sampled_from(Subjects),
    n=st.none() | st.integers(1, 10**8),
    audiences=st.lists(SLUGS, unique=True, max_size=2).map(tuple),
    topics=st.lists(SLUGS, unique=True, max_size=2).map(tuple),
    blurb=LINES.filter(lambda text: "<" not in text[-20:]),
    ai=st.builds(Authorship, model=LINES, date=LINES),
    review=st.none()
    | st.builds(Review, by=LINES, role=LINES, date=LINES, decision=LINES).filter(
        lambda review: bool(review.by and review.role and review.date and review.decision)
    ),
    takeaway=PROSE,
    findings=PROSE,
    meaning=PROSE,
    considerations=PROSE,
    related=st.lists(st.builds(Card, title=LINES.filter(bool), date=DAYS), max_size=2).map(tuple),
)


@settings(max_examples=150)
@given(SUMMARIES)
def test_what_is_written_reads_as_the_same_summary(summary):
    assert read_markdown(write_markdown(summary), name="any.md").summary == summary
