"""An issue to render: three studies in two topics, in plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml.html import HtmlElement, document_fromstring

from ranvier.issue.issue import Issue, Item, Section
from ranvier.rendering.chunks import Part, SlotName, Variant, join
from ranvier.rendering.publication import Audience, Disclosures, Links, Publication
from ranvier.rendering.render import render
from ranvier.rendering.templates import load_templates
from ranvier.summaries.summary import Evidence, Source, Summary
from ranvier.topics.taxonomy import Taxonomy, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES = load_templates(Path(__file__).parents[2] / "templates")

DISCLOSURES = Disclosures(
    issue_label="Written by AI, and it can be wrong.",
    item_label="AI-written summary",
    not_reviewed="not checked by a person",
    reviewed="checked by {by}, {role}, on {date}",
    not_stated="not stated",
    how_to_read="One study is one piece of a puzzle.",
    not_advice="This is information, not medical advice.",
    how_made="A program picks, an editor decides.",
    corrections="Found a mistake? Write to us.",
)
READERS = Audience(slug="readers", label="Readers", meaning_heading="What it means for you")
CLINICIANS = Audience(slug="clinicians", label="Clinicians", compact=True, meaning_heading="Who should care")
PUBLICATION = Publication(
    name="Research Digest",
    tagline="New studies, in plain words",
    postal_address="12 Example Street, 10115 Exampletown",
    contact="editors@news.example.org",
    publisher="Nobody pays for what appears here.",
    links=Links(site="https://news.example.org"),
    disclosures=DISCLOSURES,
    audiences=(READERS, CLINICIANS),
)
TAXONOMY = Taxonomy(
    (Topic(slug="trials", label="Trials", order=1), Topic(slug="repair", label="Repair", order=2))
)

PILL = Summary(
    slug="pill",
    title="A pill slowed walking problems",
    link="https://summaries.example.org/s/pill",
    source=Source(
        journal="Annals of Examples",
        title="Effects of a pill on gait",
        authors="Cooper A, et al.",
        year=2026,
        doi="10.1000/pill.1",
    ),
    credibility=4,
    interest=3,
    evidence=Evidence.RANDOMIZED_TRIAL,
    n=303,
    takeaway="People who took the pill walked a little further.",
    findings="The pill was tested against placebo.\n\nThe difference was eight metres.",
    meaning="Eight metres is a short way.",
    considerations="The trial was short.\n\nOnly one hospital took part.",
)
MOUSE = Summary(
    slug="mouse",
    title="Myelin grew back",
    evidence=Evidence.ANIMAL,
    takeaway="Myelin grew back after an injection.",
    findings="Twelve animals got the injection.",
    considerations="Animals are not people.",
)
REVIEW = Summary(
    slug="review",
    title="What is known about walking aids",
    source=Source(url="https://journal.example.org/walking"),
    evidence=Evidence.REVIEW,
    takeaway="Walking aids help some people.",
    findings="Twenty studies were read.",
    meaning="Ask for one to try.",
    considerations="Most of the studies were small.",
)
SUMMARIES = {summary.slug: summary for summary in (PILL, MOUSE, REVIEW)}
ISSUE = Issue(
    edition="weekly",
    date=dt.date(2026, 11, 22),
    subject="Research Digest",
    preview="New trials and a review.",
    note="Dear readers,\n\n# A word\n\nthis week has **three** studies.",
    sections=(
        Section(
            topic="trials", items=(Item(slug="pill", remark="We know the authors."), Item(slug="review"))
        ),
        Section(topic="repair", items=(Item(slug="mouse"),)),
    ),
)

VALUES = {
    SlotName.GREETING: "Hello,",
    SlotName.UNSUBSCRIBE_URL: "https://news.example.org/u/abc",
    SlotName.PREFERENCES_URL: "https://news.example.org/p/abc",
}


def rendered(
    issue: Issue = ISSUE,
    summaries: Mapping[str, Summary] = SUMMARIES,
    publication: Publication = PUBLICATION,
    *,
    audience: int = 0,
) -> Variant:
    """The variant of one audience."""
    return render(issue, summaries, publication, TAXONOMY, templates=TEMPLATES)[audience]


def html_of(*args: Any, **kwargs: Any) -> str:
    """The HTML that a reader of everything gets."""
    return shown(rendered(*args, **kwargs).html)


def text_of(*args: Any, **kwargs: Any) -> str:
    """The text that a reader of everything gets."""
    return shown(rendered(*args, **kwargs).text)


def html_tree(html: str) -> HtmlElement:
    """The document's root; its second child is the body."""
    return document_fromstring(html)


def shown(part: Part, item_set: int = -1) -> str:
    """One reader's copy."""
    return join(part, VALUES, item_set=item_set)


def with_one(summary: Summary, *, remark: str = "") -> dict[str, Any]:
    """Arguments for an issue of this summary alone."""
    sections = (Section(topic="trials", items=(Item(slug=summary.slug, remark=remark),)),)
    return {"issue": replace(ISSUE, sections=sections), "summaries": {summary.slug: summary}}
