"""A long issue is shortened by rule and not by Gmail: from its end, and never its caveats."""

from dataclasses import replace

import pytest
from tests.rendering.samples import ISSUE, PILL, html_of, rendered, shown, text_of

from ranvier.issue.issue import Item, Section
from ranvier.rendering.render import MOST_BYTES

NOTE = "Shortened for this mail; there is more on the web."


def issue_of(items: int, *, meaning: int, considerations: int = 1, link: str = PILL.link):
    summaries = {
        f"study-{n}": replace(
            PILL,
            slug=f"study-{n}",
            title=f"Study {n}",
            link=link and f"{link}/{n}",
            meaning=f"Meaning {n}. " * meaning,
            considerations=f"Caution {n}. " * considerations,
        )
        for n in range(items)
    }
    section = Section(topic="trials", items=tuple(Item(slug=slug) for slug in summaries))
    return replace(ISSUE, sections=(section,)), summaries


def test_an_issue_that_fits_is_not_shortened():
    assert NOTE not in html_of(*issue_of(12, meaning=10))


def test_a_long_issue_fits_by_as_few_short_items_at_its_end_as_needed():
    issue, summaries = issue_of(12, meaning=700)
    html, text = html_of(issue, summaries), text_of(issue, summaries)
    assert len(html) <= MOST_BYTES
    brief = [n for n in range(12) if f"Meaning {n}." not in html]
    assert brief
    assert brief == list(range(12 - len(brief), 12))
    assert html.count(NOTE) == " ".join(text.split()).count(NOTE) == len(brief)
    assert len(html) + len("Meaning 1. " * 700) > MOST_BYTES
    for n in range(12):
        assert f"Caution {n}." in html
        assert f"Caution {n}." in text
        assert (f"Meaning {n}." in text) is (n not in brief)


@pytest.mark.parametrize(("link", "said"), [(PILL.link, NOTE), ("", "Shortened for this mail.")])
def test_a_short_item_promises_the_web_only_if_it_leads_there(link, said):
    html = html_of(*issue_of(12, meaning=700, link=link))
    assert said in html
    assert ("more on the web" in html) is bool(link)


def test_cautions_are_never_cut_even_if_nothing_fits():
    issue, summaries = issue_of(12, meaning=1, considerations=900)
    html = shown(rendered(issue, summaries).html)
    assert len(html) > MOST_BYTES  # the gate refuses it
    assert all(html.count(f"Caution {n}.") == 900 for n in range(12))
