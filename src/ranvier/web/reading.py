"""What anybody may read: the issues, and the pages that every mail links to (R121, R130, R276)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from ranvier.pipeline.public_issues import public_issues, public_page
from ranvier.rendering.page_text import PAGES, read_page
from ranvier.rendering.words import long_date
from ranvier.web.pages import POLICY

if TYPE_CHECKING:
    from ranvier.web.pages import Pages


def reading_routes(pages: Pages) -> APIRouter:
    """`/`, `/issues/EDITION/DATE`, and one page for each text. Raises InputError for a text that is none."""
    router = APIRouter(default_response_class=HTMLResponse)
    workspace = pages.workspace
    publication = workspace.settings.publication
    texts = {
        name: read_page(
            pages.templates.source(f"pages/{name}.md"), publication, where=f"templates/pages/{name}.md"
        )
        for name in PAGES
    }

    @router.get("/", response_model=None)
    def home() -> Response:
        """What this is, and the newest issues."""
        labels = {slug: edition.label or slug for slug, edition in workspace.settings.editions.items()}
        return pages.page(
            "home",
            publication.tagline or publication.name,
            issues=[
                (one.id, labels.get(one.edition, one.edition), long_date(one.date, publication.words))
                for one in public_issues(workspace)
            ],
            has_form=bool(workspace.settings.signup.consent),
        )

    @router.get("/issues/{edition}/{day}", response_model=None)
    def issue(edition: str, day: str) -> Response:
        """An issue as the first audience gets it."""
        return read(edition, day, "")

    @router.get("/issues/{edition}/{day}/{audience}", response_model=None)
    def variant(edition: str, day: str, audience: str) -> Response:
        """The same for another audience, by name or number."""
        return read(edition, day, audience)

    def read(edition: str, day: str, audience: str) -> Response:
        html = public_page(workspace, f"{edition}/{day}", audience)
        if html is None:
            return pages.notice("no-issue", status=404)
        return HTMLResponse(html, headers={"Content-Security-Policy": _policy_of_mails(pages)})

    def page_of(name: str) -> None:
        @router.get(f"/{name}", name=name, response_model=None)
        def text() -> Response:
            """One of the publication's own pages."""
            return pages.page("text", texts[name].title, html=texts[name].html)

    for name in PAGES:
        page_of(name)
    return router


def _policy_of_mails(pages: Pages) -> str:
    """A mail brings its styles along, and at most one picture, from the publication's own server."""
    policy = POLICY.replace("style-src 'self'", "style-src 'unsafe-inline'")
    logo = pages.workspace.settings.publication.logo
    if logo is None:
        return policy
    url = urlsplit(logo.url)
    return policy.replace("img-src data:", f"img-src data: {url.scheme}://{url.netloc}")
