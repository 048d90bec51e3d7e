"""The sample summaries beside the project, rendered as one full issue."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rendering.samples import PUBLICATION, rendered

from ranvier.issue.issue import Issue, Item, Section
from ranvier.rendering.chunks import join
from ranvier.rendering.render import inert_values
from ranvier.summaries.markdown import read_markdown
from ranvier.summaries.summary import Summary

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "summaries"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="../shared is only beside the project where it is built"
)


def summaries() -> dict[str, Summary]:
    read = (
        read_markdown(path.read_text("utf-8", "replace"), name=path.name).summary
        for path in sorted(CORPUS.glob("*.md"))
    )
    return {
        summary.slug: replace(summary, audiences=())
        for summary in read
        if summary.title and summary.considerations
    }


def issue(slugs: Sequence[str]) -> Issue:
    sections = (Section(topic="trials", items=tuple(Item(slug=slug) for slug in slugs)),)
    return Issue(edition="weekly", date=dt.date(2026, 11, 22), subject="", preview="", sections=sections)


@pytest.mark.parametrize("audience", [0, 1], ids=["readers", "clinicians"])
def test_twelve_items_stay_below_what_gmail_shows(audience):
    library = summaries()
    longest = sorted(library, key=lambda slug: len(library[slug].considerations + library[slug].findings))[
        -12:
    ]
    variant = rendered(issue(longest), library, audience=audience)
    html = join(variant.html, inert_values(PUBLICATION.links.site))
    assert len(html) <= 90_000


def test_every_sample_keeps_its_considerations():
    library = summaries()
    slugs = tuple(library)
    for start in range(0, len(slugs), 12):
        batch = slugs[start : start + 12]
        text = join(rendered(issue(batch), library).text, inert_values(PUBLICATION.links.site))
        words = " ".join(text.split())
        for slug in batch:
            assert " ".join(library[slug].considerations.split()) in words
