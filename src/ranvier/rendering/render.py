"""One variant per audience: HTML and text, rendered once and cut into chunks that are spliced per reader."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ranvier.rendering.brief import in_brief
from ranvier.rendering.chunks import SlotName, Variant, join
from ranvier.rendering.compose import compose
from ranvier.rendering.greeting import greeting
from ranvier.rendering.html import to_html
from ranvier.rendering.marks import marks_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.issue.issue import Issue
    from ranvier.rendering.publication import Audience, Publication
    from ranvier.rendering.templates import Templates
    from ranvier.rendering.view import DigestView
    from ranvier.summaries.summary import Summary
    from ranvier.topics.taxonomy import Taxonomy

HTML_TEMPLATE = "digest.mjml.j2"
TEXT_TEMPLATE = "digest.txt.j2"
STYLES = "digest.css.j2"

MOST_BYTES = 90_000
"""Of decoded HTML: Gmail hides what comes after 102 kB, and providers add some on the way (R213)."""


def render(
    issue: Issue,
    summaries: Mapping[str, Summary],
    publication: Publication,
    taxonomy: Taxonomy,
    *,
    templates: Templates,
) -> tuple[Variant, ...]:
    """The issue for every audience, in the publication's order. The same inputs give the same bytes.

    `summaries` has every item of the issue. Raises ConfigurationError for a broken template.
    """
    return tuple(
        _fitting(compose(issue, summaries, publication, taxonomy, audience=audience), audience, templates)
        for audience in publication.audiences
    )


NOBODY = "example"
"""Stands in links of copies that are nobody's own; a page says so (web/leaving.py)."""


def inert_values(site: str) -> dict[SlotName, str]:
    """Values for every slot of a copy that people look at: its personal links do nothing."""
    return {
        **dict.fromkeys(SlotName, ""),
        SlotName.GREETING: greeting(""),
        SlotName.UNSUBSCRIBE_URL: f"{site.rstrip('/')}/u/{NOBODY}",
        SlotName.PREFERENCES_URL: f"{site.rstrip('/')}/p/{NOBODY}",
        SlotName.UNSUBSCRIBE_MAIL: f"u+{NOBODY}@{urlsplit(site).hostname}",
    }


def _fitting(view: DigestView, audience: Audience, templates: Templates) -> Variant:
    """The variant with as few of its last items in brief as keep it whole in an inbox.

    If it is too long even with all of them in brief, the gate refuses the issue.
    """
    made = _variant(view, audience, templates)
    if _size(made) <= MOST_BYTES:
        return made
    too_few, enough = 0, view.mask.bit_count()
    made = _variant(in_brief(view, enough), audience, templates)
    while enough - too_few > 1:
        tried = (too_few + enough) // 2
        shorter = _variant(in_brief(view, tried), audience, templates)
        if _size(shorter) <= MOST_BYTES:
            made, enough = shorter, tried
        else:
            too_few = tried
    return made


def _size(variant: Variant) -> int:
    return len(join(variant.html, inert_values("")))  # ASCII: characters are bytes


def _variant(view: DigestView, audience: Audience, templates: Templates) -> Variant:
    marks = marks_for(view)
    placed = {
        "view": view,
        "words": view.words,
        "only": marks.only,
        "slot": marks.slot,
        "everyone": marks.only(0),
    }
    html = to_html(
        templates.fill(HTML_TEMPLATE, **placed),
        templates.fill(STYLES, **placed),
        where=f"templates/{HTML_TEMPLATE}",
    )
    text = templates.fill(TEXT_TEMPLATE, **placed)
    return Variant(audience=audience.slug, items=view.mask, html=marks.cut(html), text=marks.cut(text))
