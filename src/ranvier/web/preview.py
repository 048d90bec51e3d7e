"""The page that shows editors an issue as phones, desktops and text readers will, and follows the files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ranvier.checks.finding import grouped
from ranvier.rendering.render import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.datastructures import State
    from starlette.requests import Request

    from ranvier.checks.proof import Copy
    from ranvier.web.followed import FollowedIssue

HOSTS = ("127.0.0.1", "localhost")
"""Any other name in a request's Host is a page elsewhere that tries to read this one (DNS rebinding)."""

_PAGE_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'"
_MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https:"
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_SECONDS = 0.4
"""Between two looks at the files: who saves sees it at once."""


def preview_app(issue: FollowedIssue) -> Starlette:
    """Pages about one issue, for GET and HEAD, under names of this machine only."""
    routes = [
        Route("/", _Pages(issue).page),
        Route("/preview.css", _Pages(issue).style),
        Route("/preview.js", _Pages(issue).script),
        Route("/changes", _Pages(issue).changes),
        Route("/{audience}/{palette}.html", _Pages(issue).mail),
        Route("/{audience}/text", _Pages(issue).text),
    ]
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)])


class _Pages:
    def __init__(self, issue: FollowedIssue) -> None:
        self._issue = issue

    def page(self, request: Request) -> Response:
        now = self._issue.now()
        shown = now.preview
        asked = request.query_params.get("audience", "")
        audiences = tuple(shown.copies) if shown else ()
        page = now.templates.fill(
            "web/preview.html.j2",
            issue=self._issue.name,
            shown=shown,
            trouble=now.trouble,
            most_bytes=MOST_BYTES,
            audience=asked if asked in audiences else next(iter(audiences), ""),
            findings=grouped(shown.findings) if shown else (),
        )
        return HTMLResponse(page, headers={**_HEADERS, "Content-Security-Policy": _PAGE_POLICY})

    def style(self, _: Request) -> Response:
        return Response(
            self._issue.now().templates.fill("web/preview.css.j2"), media_type="text/css", headers=_HEADERS
        )

    def script(self, _: Request) -> Response:
        source = self._issue.now().templates.source("web/preview.js")
        return Response(source, media_type="text/javascript", headers=_HEADERS)

    def mail(self, request: Request) -> Response:
        html = self._copy(request).html.decode("ascii")
        shown = in_palette(html, is_dark=request.path_params["palette"] == "dark")
        return HTMLResponse(shown, headers={**_HEADERS, "Content-Security-Policy": _MAIL_POLICY})

    def text(self, request: Request) -> Response:
        return PlainTextResponse(self._copy(request).text, headers=_HEADERS)

    async def changes(self, request: Request) -> Response:
        return StreamingResponse(
            self._versions(request.app.state), media_type="text/event-stream", headers=_HEADERS
        )

    async def _versions(self, state: State) -> AsyncIterator[str]:
        """A server-sent event whenever a file behind the issue has changed, until the server ends."""
        seen = await run_in_threadpool(self._issue.version)
        yield ": listening\n\n"
        while not state.ending:
            await asyncio.sleep(_SECONDS)
            version = await run_in_threadpool(self._issue.version)
            if version != seen:
                seen = version
                yield "data: changed\n\n"

    def _copy(self, request: Request) -> Copy:
        shown = self._issue.now().preview
        copy = shown.copies.get(request.path_params["audience"]) if shown else None
        if copy is None:
            raise HTTPException(404)
        return copy


def in_palette(html: str, *, is_dark: bool) -> str:
    """The mail as readers of one palette get it, whatever the editor's own machine prefers."""
    head, end, body = html.partition("</head>")
    palette = "dark" if is_dark else "light"
    head = head.replace("@media (prefers-color-scheme: dark)", f"@media {'all' if is_dark else 'not all'}")
    return head.replace("light dark", palette) + end + body
