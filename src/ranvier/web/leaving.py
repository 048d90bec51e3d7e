"""The page behind "Unsubscribe", and the one click of a mail program (RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ranvier.pipeline.leaving import farewell, unsubscribe
from ranvier.rendering.render import NOBODY
from ranvier.web.forms import form_token, is_ours

if TYPE_CHECKING:
    from ranvier.pipeline.leaving import Farewell
    from ranvier.web.pages import Pages


def leaving_routes(pages: Pages) -> APIRouter:
    """`/u/TOKEN`: GET shows buttons and changes nothing, POST takes the reader off (R6-R10)."""
    router = APIRouter(default_response_class=HTMLResponse)
    workspace = pages.workspace

    def shown(token: str, found: Farewell | None, *, done: bool) -> Response:
        if found is None:
            return pages.notice("unknown", status=404)
        edition = workspace.settings.editions.get(found.edition or "")
        return pages.page(
            "unsubscribe",
            pages.words["leave-title"],
            farewell=found,
            done=done,
            label=(edition.label or edition.slug) if edition else workspace.settings.publication.name,
            csrf=form_token(workspace.secrets, token, now=pages.now()),
        )

    @router.get("/u/{token}", response_model=None)
    def ask(token: str) -> Response:
        """What the link is about; a scanner that follows it changes nothing (R8)."""
        if token == NOBODY:
            return pages.notice("in-the-mail")
        return shown(token, farewell(workspace, token), done=False)

    @router.post("/u/{token}", response_model=None)
    async def leave(token: str, request: Request) -> Response:
        """Off this edition, at once, and again and again (R6, R7, R9); off everything from the page alone.

        A mail program's form may be broken; that somebody posted to this address is enough.
        """
        form = await _fields(request)
        return await run_in_threadpool(left, token, form.get("everything", ""), form.get("csrf", ""))

    def left(token: str, everything: str, csrf: str) -> Response:
        now = pages.now()
        if everything and not is_ours(workspace.secrets, token, csrf, now=now):
            return pages.notice("again", status=403)
        return shown(token, unsubscribe(workspace, token, everything=bool(everything), now=now), done=True)

    return router


async def _fields(request: Request) -> dict[str, str]:
    """The text fields of a form; none of one that cannot be read."""
    try:
        form = await request.form(max_files=2, max_fields=20)
    except (HTTPException, ValueError, LookupError):
        return {}
    return {name: value for name, value in form.items() if isinstance(value, str)}
