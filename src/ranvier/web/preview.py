"""The page that shows editors an issue as phones, desktops and text readers will, and follows the files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ranvier.checks.finding import grouped
from ranvier.errors import ConfigurationError
from ranvier.rendering.render import MOST_BYTES
from ranvier.web.headers import StrictHeaders
from ranvier.web.trouble import bare_page, in_words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.datastructures import State
    from starlette.requests import Request

    from ranvier.checks.proof import Copy
    from ranvier.rendering.templates import Templates
    from ranvier.web.followed import FollowedIssue, Look

HOSTS = ("127.0.0.1", "localhost")
"""Any other name in a request's Host is a page elsewhere that tries to read this one (DNS rebinding)."""

_PAGE_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'"
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https:"
_SECONDS = 0.4
"""Between two looks at the files: who saves sees it at once."""


def preview_app(issue: FollowedIssue) -> Starlette:
    """Pages about one issue, for GET and HEAD, under names of this machine only."""
    pages = _Pages(issue)
    routes = [
        Route("/", pages.page),
        Route("/preview.css", pages.style),
        Route("/preview.js", pages.script),
        Route("/changes", pages.changes),
        Route("/{audience}/{palette}.html", pages.mail),
        Route("/{audience}/text", pages.text),
    ]
    # The headers come first, so that a refused Host gets them too.
    guards = [Middleware(StrictHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)]
    return Starlette(routes=routes, middleware=guards)


class _Pages:
    def __init__(self, issue: FollowedIssue) -> None:
        self._issue = issue

    def page(self, request: Request) -> Response:
        now = self._issue.now()
        try:
            _style(now)  # a page that looks broken would not say why
            page = self._filled(now, request.query_params.get("audience", ""))
        except Exception as error:  # noqa: BLE001 - a template may raise anything, and its editor has to read it
            page = bare_page(self._issue.name, now.version, now.trouble or in_words(error, now.folders))
        return HTMLResponse(page, headers={"Content-Security-Policy": _PAGE_POLICY})

    def style(self, _: Request) -> Response:
        try:
            return Response(_style(self._issue.now()), media_type="text/css")
        except Exception as error:  # the page says what is wrong
            raise HTTPException(404) from error

    def script(self, _: Request) -> Response:
        # Not through the templates, which a broken look takes away: the page has to see that it was mended.
        places = (folder / "web" / "preview.js" for folder in self._issue.now().folders)
        return FileResponse(next(place for place in places if place.is_file()), media_type="text/javascript")

    def _filled(self, now: Look, asked: str) -> str:
        shown = now.preview
        audiences = tuple(shown.copies) if shown else ()
        return _templates(now).fill(
            "web/preview.html.j2",
            issue=self._issue.name,
            version=now.version,
            shown=shown,
            trouble=now.trouble,
            most_bytes=MOST_BYTES,
            audience=asked if asked in audiences else next(iter(audiences), ""),
            findings=grouped(shown.findings) if shown else (),
        )

    def mail(self, request: Request) -> Response:
        html = self._copy(request).html.decode("ascii")
        shown = in_palette(html, is_dark=request.path_params["palette"] == "dark")
        return HTMLResponse(shown, headers={"Content-Security-Policy": _MAIL_POLICY})

    def text(self, request: Request) -> Response:
        return PlainTextResponse(self._copy(request).text)

    async def changes(self, request: Request) -> Response:
        versions = self._versions(request.app.state, request.query_params.get("since", ""))
        return StreamingResponse(versions, media_type="text/event-stream")

    async def _versions(self, state: State, since: str) -> AsyncIterator[str]:
        """A server-sent event whenever a file behind the issue has changed, until the server ends.

        `since` is what the page shows: a change while it was being loaded is told at once.
        """
        seen = since or await run_in_threadpool(self._issue.version)
        yield ": listening\n\n"
        while not state.ending:
            version = await run_in_threadpool(self._issue.version)
            if version != seen:
                seen = version
                yield "data: changed\n\n"
            await asyncio.sleep(_SECONDS)

    def _copy(self, request: Request) -> Copy:
        shown = self._issue.now().preview
        copy = shown.copies.get(request.path_params["audience"]) if shown else None
        if copy is None:
            raise HTTPException(404)
        return copy


def _templates(now: Look) -> Templates:
    if now.templates is None:
        raise ConfigurationError("cannot be used", where="templates")
    return now.templates


def _style(now: Look) -> str:
    return _templates(now).fill("web/preview.css.j2")


def in_palette(html: str, *, is_dark: bool) -> str:
    """The mail as readers of one palette get it, whatever the editor's own machine prefers."""
    head, end, body = html.partition("</head>")
    palette = "dark" if is_dark else "light"
    head = head.replace("@media (prefers-color-scheme: dark)", f"@media {'all' if is_dark else 'not all'}")
    return head.replace("light dark", palette) + end + body
