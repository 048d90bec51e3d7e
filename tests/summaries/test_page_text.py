"""The text of a page, copied as it is, gives its summary and nothing of the page around it."""

from datetime import date

import pytest

from ranvier.summaries.page_text import read_page
from ranvier.summaries.summary import Card

SENTENCE = "This sentence stands here so that the paragraph is as long as prose on such a page is. " * 2

BOILERPLATE = """Understanding MS Research

Keeping up is hard. Studies in journals like Brain & Behavior often range from first ideas to large trials.

Always read the original paper."""

HEADED = f"""
Walking pace and a scan
Walking pace and a scan
Credibility
Interest
Key Takeaway

People who walked more had calmer scans.

What They Found

{SENTENCE}It went on.Later it stopped.

A second paragraph
that was wrapped.

Who Should Care and Why

Everyone who walks.

Important Considerations

It was small, and it cannot show cause and effect.

You May Also Like

Sleep and scans
Sleep and scans

12/31/2026

Learn how sleep and sca

Read More
Tea and scans
Tea and scans

3/1/2026

Tea was tri

Read More
{BOILERPLATE}
"""

BY_ORDER = f"""Walking more went along with calmer scans in this group of adults.
{SENTENCE}Steps were counted for a year.Scans were made twice.
People who like to walk may care.{SENTENCE}
It was a small group.{SENTENCE}
AI-generated summary — for informational purposes only, not medical advice
12/31/2026
Learn how sleep and sca
Read More3/1/2026
Tea was tri
Read MoreKeeping up is hard. Studies in journals like Brain & Behavior often range from ideas on.
However, read the original paper."""


def test_a_page_with_headings_is_read_by_them():
    summary = read_page(HEADED, name="page").summary
    assert summary.title == "Walking pace and a scan"
    assert summary.takeaway == "People who walked more had calmer scans."
    assert summary.findings.endswith("It went on. Later it stopped.\n\nA second paragraph that was wrapped.")
    assert summary.meaning == "Everyone who walks."
    assert summary.considerations == "It was small, and it cannot show cause and effect."


def test_a_page_without_headings_is_read_by_the_order_of_its_parts():
    summary = read_page(BY_ORDER, name="page").summary
    assert summary.title == ""
    assert summary.takeaway.startswith("Walking more")
    assert summary.findings.endswith("Steps were counted for a year. Scans were made twice.")
    assert summary.meaning.startswith("People who like to walk may care. This")
    assert summary.considerations.startswith("It was a small group. This")


@pytest.mark.parametrize("text", [HEADED, BY_ORDER], ids=["headed", "by order"])
def test_the_journal_stands_in_the_boilerplate_and_nothing_else_of_it_is_kept(text):
    summary = read_page(text, name="page").summary
    assert summary.source.journal == "Brain & Behavior"
    for words in (
        "Keeping up",
        "original paper",
        "AI-generated",
        "Read More",
        "You May Also Like",
        "Understanding",
    ):
        assert words not in repr(summary)


def test_cards_have_title_date_and_blurb():
    assert read_page(HEADED, name="page").summary.related == (
        Card(title="Sleep and scans", date=date(2026, 12, 31), blurb="Learn how sleep and sca"),
        Card(title="Tea and scans", date=date(2026, 3, 1), blurb="Tea was tri"),
    )


def test_cards_may_lack_a_title():
    assert [card.title for card in read_page(BY_ORDER, name="page").summary.related] == ["", ""]
    assert [card.date for card in read_page(BY_ORDER, name="page").summary.related] == [
        date(2026, 12, 31),
        date(2026, 3, 1),
    ]


def test_cards_are_told_from_the_summary_without_a_heading_of_their_own():
    text = HEADED.replace("You May Also Like\n", "")
    summary = read_page(text, name="page").summary
    assert summary.considerations == "It was small, and it cannot show cause and effect."
    assert len(summary.related) == 2


def test_a_rating_without_a_value_is_not_stated():
    summary = read_page(HEADED, name="page").summary
    assert (summary.credibility, summary.interest) == (None, None)


@pytest.mark.parametrize(
    "rating",
    [
        "Credibility\n4\nInterest\n2",
        "Credibility: 4/5\nInterest 2 of 5",
        "Credibility 4\nInterest 2",
        "CREDIBILITY 4 out of 5\nInterest:\n\n2 out of 5",
        "Interest: 2/5\nCredibility\n4 Out Of 5",
    ],
)
def test_a_rating_with_a_value_is_read(rating):
    summary = read_page(HEADED.replace("Credibility\nInterest", rating), name="page").summary
    assert (summary.credibility, summary.interest) == (4, 2)
    assert summary.title == "Walking pace and a scan"


def test_a_rating_below_a_heading_is_no_prose():
    text = HEADED.replace("Credibility\nInterest\n", "").replace(
        "Key Takeaway\n", "Key Takeaway\nCredibility: 4/5\nInterest 2 out of 5\n"
    )
    summary = read_page(text, name="page").summary
    assert (summary.credibility, summary.interest) == (4, 2)
    assert summary.takeaway == "People who walked more had calmer scans."


def test_a_rating_of_a_card_is_not_the_pages():
    text = HEADED.replace("Learn how sleep and sca", "Learn how\nCredibility: 4/5")
    assert read_page(text, name="page").summary.credibility is None


@pytest.mark.parametrize("rating", ["Credibility: high", "Credibility 7/10", "Credibility\n7 of 10"])
def test_a_rating_on_another_scale_is_said_and_is_neither_rating_nor_title(rating):
    found = read_page(HEADED.replace("Credibility\nInterest", rating), name="page")
    assert found.summary.credibility is None
    assert found.summary.title == "Walking pace and a scan"
    assert found.notes[0].startswith('credibility "')


def test_a_title_may_begin_with_the_name_of_a_rating():
    text = HEADED.replace("Walking pace and a scan", "Interest in walking: what a year of steps shows")
    assert read_page(text, name="page").summary.title.startswith("Interest in walking")


HEADINGS_AS_WRITTEN = {
    "capitals": str.upper,
    "small": str.lower,
    "colon": lambda heading: f"{heading}:",
    "plural": lambda heading: heading.replace("Takeaway", "Takeaways"),
    "ampersand": lambda heading: heading.replace(" and ", " & "),
    "dashes around": lambda heading: f"— {heading} —",
}


@pytest.mark.parametrize("write", HEADINGS_AS_WRITTEN.values(), ids=HEADINGS_AS_WRITTEN)
def test_headings_are_known_however_they_are_written(write):
    text = HEADED
    for heading in ("Key Takeaway", "What They Found", "Who Should Care and Why", "Important Considerations"):
        text = text.replace(heading, write(heading))
    assert read_page(text, name="page") == read_page(HEADED, name="page")


def test_a_heading_and_its_text_may_stand_in_one_row():
    text = HEADED.replace("Key Takeaway\n\n", "Key Takeaway: ").replace(
        "Considerations\n\nIt was small", "Considerations: It was small. Limitations: few"
    )
    summary = read_page(text, name="page").summary
    assert summary.takeaway == "People who walked more had calmer scans."
    assert summary.considerations.startswith("It was small. Limitations: few")


def test_a_page_with_headings_and_without_a_title_has_none():
    assert read_page(HEADED[HEADED.index("Credibility") :], name="page").summary.title == ""


@pytest.mark.parametrize("text", [HEADED, BY_ORDER], ids=["headed", "by order"])
def test_windows_line_ends_change_nothing(text):
    assert read_page(text.replace("\n", "\r\n"), name="page") == read_page(text, name="page")


def test_a_date_above_the_sections_is_the_pages_own():
    assert read_page(HEADED.replace("Credibility\n", "11/5/2026\n"), name="page").summary.date == date(
        2026, 11, 5
    )
    assert read_page(HEADED, name="page").summary.date is None


def test_a_title_above_four_parts_is_told_by_its_form():
    summary = read_page(f"A title\nA title\n{BY_ORDER}", name="page").summary
    assert summary.title == "A title"
    assert summary.takeaway.startswith("Walking more")


def test_parts_that_cannot_be_told_apart_are_kept_without_a_caveat():
    summary = read_page("One thing.\n\nAnother.\n\nA third.", name="page").summary
    assert (summary.takeaway, summary.findings, summary.considerations) == (
        "One thing.",
        "Another.\n\nA third.",
        "",
    )
