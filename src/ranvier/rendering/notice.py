"""Mails about the list itself: "please confirm", "do you still want this?"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.rendering.chunks import Chunk, Variant

if TYPE_CHECKING:
    from ranvier.rendering.publication import Publication
    from ranvier.rendering.templates import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one says: a subject, which is the heading too, and one link with the lines around it."""

    subject: str
    before: tuple[str, ...]
    button: str
    url: str
    after: tuple[str, ...]


def render_notice(notice: Notice, publication: Publication, templates: Templates) -> Variant:
    """As HTML in pure ASCII and as text; it has no items and no audience."""
    values = {
        "title": notice.subject,
        "before": notice.before,
        "button": notice.button,
        "url": notice.url,
        "after": notice.after,
        "publication": publication,
    }
    html = templates.fill("mail/notice.html.j2", **values).encode("ascii", "xmlcharrefreplace").decode()
    text = templates.fill("mail/notice.txt.j2", **values)
    return Variant(audience="", items=0, html=(Chunk(html),), text=(Chunk(text),))
