"""One variant per audience: HTML and text, rendered once and cut into chunks that are spliced per reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.rendering.chunks import SlotName, Variant, join
from ranvier.rendering.compose import compose
from ranvier.rendering.greeting import greeting
from ranvier.rendering.html import to_html
from ranvier.rendering.marks import marks_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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

    def variant(audience: Audience, brief: int) -> Variant:
        view = compose(issue, summaries, publication, taxonomy, audience=audience, brief=brief)
        return _variant(view, audience, templates)

    return tuple(_fitting(audience, variant) for audience in publication.audiences)


def inert_values(site: str) -> dict[SlotName, str]:
    """Values for every slot of a copy that people look at: its personal links do nothing."""
    return {
        **dict.fromkeys(SlotName, ""),
        SlotName.GREETING: greeting(""),
        SlotName.UNSUBSCRIBE_URL: f"{site.rstrip('/')}/u/example",
        SlotName.PREFERENCES_URL: f"{site.rstrip('/')}/p/example",
    }


def _fitting(audience: Audience, variant: Callable[[Audience, int], Variant]) -> Variant:
    """The variant with as few of its last items in brief as keep it whole in an inbox.

    Brief items say so. If even all of them are too long, the gate refuses the issue.
    """
    made = variant(audience, 0)
    if _size(made) <= MOST_BYTES:
        return made
    low, high = 1, made.items.bit_count()
    made = variant(audience, high)
    while low < high:
        middle = (low + high) // 2
        shorter = variant(audience, middle)
        if _size(shorter) <= MOST_BYTES:
            made, high = shorter, middle
        else:
            low = middle + 1
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
