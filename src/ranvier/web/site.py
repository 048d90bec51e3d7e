"""The public site: what readers do by themselves, server-rendered, without cookies and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response

from ranvier.errors import RanvierError
from ranvier.web import hooks
from ranvier.web.choosing import choosing_routes
from ranvier.web.headers import StrictHeaders
from ranvier.web.joining import joining_routes
from ranvier.web.leaving import leaving_routes
from ranvier.web.limits import BodyLimit, HeadAsGet, UnderPath
from ranvier.web.pages import Pages
from ranvier.web.reading import reading_routes

if TYPE_CHECKING:
    from starlette.requests import Request

    from ranvier.pipeline.transport import Clocks
    from ranvier.settings.workspace import Workspace

MOST_BYTES = 64 * 1024
"""Of a form: all fields of the longest one take a few kB."""


def site(workspace: Workspace, clocks: Clocks) -> FastAPI:
    """The site of a workspace, which stays open as long as it serves."""
    pages = Pages(workspace, clocks.now)
    guards = [
        Middleware(StrictHeaders),
        Middleware(HeadAsGet),
        Middleware(UnderPath, path=pages.path),
        Middleware(BodyLimit, most=MOST_BYTES, at={hooks.SENDGRID: hooks.MOST_BYTES}),
    ]
    app = FastAPI(
        title="Ranvier",
        middleware=guards,
        openapi_url=None,
        redirect_slashes=False,  # R7: a mail program's POST is never sent elsewhere
    )
    app.include_router(leaving_routes(pages))
    app.include_router(choosing_routes(pages))
    app.include_router(reading_routes(pages))
    app.include_router(joining_routes(pages, clocks))
    app.include_router(hooks.hook_routes(workspace, clocks))

    @app.get("/pages.css", response_model=None)
    def style() -> Response:
        """Colours, type and spacing."""
        return pages.style()

    @app.get("/health", response_class=PlainTextResponse)
    def health() -> str:
        """Whether links in mails work (R15): asks the database."""
        with workspace.database.read():
            return "well"

    @app.exception_handler(RanvierError)
    @app.exception_handler(OperationalError)
    def later(_: Request, error: Exception) -> Response:
        # The database is lost or held: nothing was done, and the same request may be made again.
        del error
        answer = pages.notice("busy", status=503)
        answer.headers["Retry-After"] = "60"
        return answer

    @app.exception_handler(RequestValidationError)
    @app.exception_handler(HTTPException)
    def refuse(_: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 422
        if status == 404:
            return pages.notice("unknown", status=404)
        return pages.notice("wrong", status=status)

    return app
