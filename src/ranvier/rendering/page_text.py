"""The publication's own pages, in Markdown: privacy, who is behind it, contact (R130, R140, R276)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from ranvier.errors import InputError

if TYPE_CHECKING:
    from ranvier.rendering.publication import Publication

PAGES = ("privacy", "health-data", "about", "contact")
"""Their names: `templates/pages/NAME.md` in the workspace, or the package's."""

_TAGS = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A title, and what stands below it as safe HTML."""

    title: str
    html: Markup


def read_page(markdown: str, publication: Publication, *, where: str) -> PageText:
    """A page whose first line is "# Title". Braces take what newsletter.toml says; errors name the place."""
    title, _, text = markdown.strip().partition("\n")
    if not title.startswith("# "):
        raise InputError('has to begin with a title, such as "# Privacy"', where=where)
    said = publication.disclosures
    for name, words in {
        "publication": publication.name,
        "publisher": publication.publisher,
        "postal_address": publication.postal_address,
        "contact": publication.contact,
        "how_made": said.how_made,
        "not_advice": said.not_advice,
        "corrections": said.corrections,
    }.items():
        text = text.replace(f"{{{name}}}", words)
    html = MarkdownIt("commonmark", {"html": False}).render(text)
    clean = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"})
    return PageText(title=title.removeprefix("# ").strip(), html=Markup(clean))  # noqa: S704 - cleaned above
