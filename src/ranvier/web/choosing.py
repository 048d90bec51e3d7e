"""The page behind "Change what you receive": choices, everything known, and goodbye for ever (R116, R120)."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from ranvier.errors import InputError, UsageError
from ranvier.pipeline.choosing import choose, frequencies, preferences, read_choices
from ranvier.pipeline.rights import export_own, forget_own
from ranvier.rendering.render import NOBODY
from ranvier.web.forms import form_token, is_ours

if TYPE_CHECKING:
    from ranvier.pipeline.choosing import Choices, Preferences
    from ranvier.web.pages import Pages

Text = Annotated[str, Form(max_length=200)]
Csrf = Annotated[str, Form(max_length=200)]


def choosing_routes(pages: Pages) -> APIRouter:
    """`/p/TOKEN`: GET shows, POST with the page's own proof changes."""
    router = APIRouter(default_response_class=HTMLResponse)
    desk = _Desk(pages)

    @router.get("/p/{token}", response_model=None)
    def show(token: str) -> Response:
        """What the person of the link chose."""
        if token == NOBODY:
            return pages.notice("in-the-mail")
        return desk.shown(token, preferences(pages.workspace, token))

    @router.post("/p/{token}", response_model=None)
    def change(  # noqa: PLR0913 - one for each field of the form
        token: str,
        csrf: Csrf = "",
        topics: Annotated[list[str] | None, Form(max_length=100)] = None,
        audience: Text = "",
        frequency: Text = "",
        people_only: Text = "",
        paused_until: Text = "",
    ) -> Response:
        """Write what they chose now."""
        if refused := desk.refused(token, csrf):
            return refused
        now = preferences(pages.workspace, token)
        try:
            choices = read_choices(
                pages.workspace,
                topics=topics or [],
                audience=audience,
                frequency=frequency or (now.choices.frequency if now else ""),
                people_only=bool(people_only),
                paused_until=_day(paused_until),
            )
            return desk.shown(token, desk.chosen(token, choices), saved=True)
        except InputError as error:
            return desk.shown(token, preferences(pages.workspace, token), wrong=error.message, status=422)

    @router.post("/p/{token}/export", response_model=None)
    def export(token: str, csrf: Csrf = "") -> Response:
        """Everything known about them, as JSON."""
        if refused := desk.refused(token, csrf):
            return refused
        found = export_own(pages.workspace, token)
        if found is None:
            return pages.notice("unknown", status=404)
        kept = {"Content-Disposition": 'attachment; filename="my-data.json"'}
        text = json.dumps(found, ensure_ascii=False, indent=2)
        return Response(text, media_type="application/json", headers=kept)

    @router.post("/p/{token}/forget", response_model=None)
    def goodbye(token: str, csrf: Csrf = "", sure: Text = "") -> Response:
        """Erase everything about them."""
        if refused := desk.refused(token, csrf):
            return refused
        if not sure:
            return desk.shown(token, preferences(pages.workspace, token))
        try:
            known = forget_own(pages.workspace, token, now=pages.now())
        except UsageError:
            return pages.notice("wrong", status=409, text=pages.words["in-flight"])
        return pages.notice("forgotten") if known else pages.notice("unknown", status=404)

    return router


class _Desk:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def refused(self, token: str, csrf: str) -> Response | None:
        """The answer to a form that is not from that page of ours."""
        now = self._pages.now()
        if is_ours(self._pages.workspace.secrets, token, csrf, now=now):
            return None
        return self._pages.notice("again", status=403)

    def chosen(self, token: str, choices: Choices) -> Preferences | None:
        return choose(self._pages.workspace, token, choices, now=self._pages.now())

    def shown(
        self,
        token: str,
        found: Preferences | None,
        *,
        saved: bool = False,
        wrong: str = "",
        status: int = 200,
    ) -> Response:
        pages = self._pages
        if found is None:
            return pages.notice("unknown", status=404)
        return pages.page(
            "preferences",
            pages.words["choices-title"],
            status=status,
            preferences=found,
            saved=saved and found.active,
            wrong=wrong,
            here=f"{pages.path}/p/{token}",
            tomorrow=pages.now().date() + timedelta(days=1),
            csrf=form_token(pages.workspace.secrets, token, now=pages.now()),
            **offered(pages),
        )


def offered(pages: Pages) -> dict[str, object]:
    """What there is to choose from, each as value and words."""
    workspace = pages.workspace
    audiences = workspace.settings.publication.audiences
    return {
        "frequencies": [(one.value, pages.words[one]) for one in frequencies(workspace)],
        "topics": [(slug, workspace.taxonomy.label(slug)) for slug in workspace.allowed.topics],
        "audiences": [
            *((audience.slug, audience.label or audience.slug) for audience in audiences),
            ("", pages.words["not-said"]),
        ],
    }


def _day(text: str) -> date | None:
    if not text:
        return None
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise InputError("the day of a pause has to be a date")
