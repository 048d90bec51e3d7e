"""Filling the pages for readers: what they all share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

from ranvier.rendering.page_text import PAGES
from ranvier.rendering.templates import load_templates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request

    from ranvier.rendering.templates import Templates
    from ranvier.settings.workspace import Workspace

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing runs, nothing is loaded from elsewhere, no form leads elsewhere, nobody frames it."""


@dataclass(frozen=True)
class Pages:
    """The pages of a publication."""

    workspace: Workspace
    now: Callable[[], datetime]

    @cached_property
    def templates(self) -> Templates:
        """Compiled once."""
        return load_templates(*self.workspace.templates, compiled=self.workspace.compiled_templates)

    @cached_property
    def path(self) -> str:
        """The path under which the site stands, without a slash at its end."""
        return urlsplit(self.workspace.settings.publication.links.site).path.rstrip("/")

    @property
    def words(self) -> Mapping[str, str]:
        """What pages say."""
        return self.workspace.settings.pages.words

    def is_foreign(self, request: Request) -> bool:
        """Whether a browser says that the form stood on another site.

        Our own forms come from the origin "null", because their pages give no referrer (R118).
        """
        if where := request.headers.get("sec-fetch-site"):
            return where not in {"same-origin", "none"}
        origin = request.headers.get("origin", "null")
        site = urlsplit(self.workspace.settings.publication.links.site)
        ours = {f"{site.scheme}://{site.netloc}", f"{request.url.scheme}://{request.url.netloc}"}
        return origin != "null" and origin not in ours

    def page(self, template: str, title: str, *, status: int = 200, **values: object) -> Response:
        """A whole page."""
        html = self.templates.fill(
            f"web/{template}.html.j2",
            title=title,
            publication=self.workspace.settings.publication,
            words=self.words,
            base=self.path,
            pages=self._footer,
            **values,
        )
        return HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY})

    @property
    def _footer(self) -> tuple[tuple[str, str], ...]:
        """Path and words of each page that all others link to."""
        names = [*(("subscribe",) if self.workspace.settings.signup.consent else ()), *PAGES]
        return tuple((name, self.words[f"to-{name}"]) for name in names)

    def notice(self, name: str, *, status: int = 200, text: str = "") -> Response:
        """A page with one sentence: words `name-title`, and `text` or words `name`."""
        contact = self.workspace.settings.publication.contact
        line = text or self.words[name].replace("{contact}", contact)
        return self.page("page", self.words[f"{name}-title"], status=status, lines=(line,))

    def style(self) -> Response:
        """The one style sheet."""
        return Response(self.templates.fill("web/pages.css.j2"), media_type="text/css")
