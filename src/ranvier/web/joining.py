"""The sign-up form, also for people who come from another site's, and the page that confirms (R107-R114)."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import ceil
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, BackgroundTasks, Form
from fastapi.responses import HTMLResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ranvier.addresses import normalise
from ranvier.errors import InputError
from ranvier.pipeline.choosing import read_choices
from ranvier.pipeline.joining import ask_to_join, confirm, send_confirmations, waiting
from ranvier.web.choosing import offered
from ranvier.web.errand import Errand
from ranvier.web.forms import form_token, is_ours
from ranvier.web.rates import RateLimit

if TYPE_CHECKING:
    from ranvier.pipeline.transport import Clocks
    from ranvier.web.pages import Pages

FORM = "/subscribe"
TRIES = 10
"""So many sign-ups one client may make at once, and then one in EVERY seconds."""
EVERY = 360.0

Text = Annotated[str, Form(max_length=400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """What a form held, for showing it again; nothing is chosen before somebody chooses (R109)."""

    email: str = ""
    topics: tuple[str, ...] = ()
    audience: str | None = None
    frequency: str = ""
    people_only: bool = False


def joining_routes(pages: Pages, clocks: Clocks) -> APIRouter:
    """`/subscribe` and `/c/TOKEN`. A publication without words of consent has no form."""
    router = APIRouter(default_response_class=HTMLResponse)
    workspace = pages.workspace
    if not workspace.settings.signup.consent:
        return router
    mail = Errand(lambda: send_confirmations(workspace, clocks))
    limit = RateLimit(most=TRIES, every=EVERY, clock=clocks.clock)

    def form(filled: _Filled, *, wrong: str = "", status: int = 200) -> Response:
        return pages.page(
            "subscribe",
            pages.words["join-title"],
            status=status,
            chosen=filled,
            wrong=wrong,
            consent=workspace.settings.signup.consent,
            here=f"{pages.path}{FORM}",
            csrf=form_token(workspace.secrets, FORM, now=pages.now()),
            **offered(pages),
        )

    @router.get(FORM, response_model=None)
    def show() -> Response:
        """The form, with nothing chosen."""
        return form(_Filled())

    @router.get(f"{FORM}/snippet", response_class=PlainTextResponse)
    def snippet() -> str:
        """What another site may put into a page of its own; it sends nothing but an address."""
        action = escape(f"{workspace.settings.publication.links.site}{FORM}")
        label, button = escape(pages.words["your-address"]), escape(pages.words["join"])
        return (
            f'<form method="post" action="{action}">\n'
            f'  <label for="ranvier-email">{label}</label>\n'
            '  <input id="ranvier-email" type="email" name="email" autocomplete="email" required>\n'
            f"  <button>{button}</button>\n</form>\n"
        )

    @router.post(FORM, response_model=None)
    def join(  # noqa: PLR0913 - one for each field of the form
        request: Request,
        later: BackgroundTasks,
        email: Text = "",
        csrf: Text = "",
        consent: Text = "",
        topics: Annotated[list[str] | None, Form(max_length=100)] = None,
        audience: Annotated[str | None, Form(max_length=100)] = None,
        frequency: Text = "",
        people_only: Text = "",
    ) -> Response:
        """A sign-up. What comes from elsewhere only fills the form in: nothing was agreed to there."""
        filled = _Filled(
            email=email,
            topics=tuple(topics or ()),
            audience=audience,
            frequency=frequency,
            people_only=bool(people_only),
        )
        if pages.is_foreign(request) or not is_ours(workspace.secrets, FORM, csrf, now=pages.now()):
            return form(filled)
        try:
            address = normalise(email)
            choices = read_choices(
                workspace,
                topics=topics or [],
                audience=audience or "",
                frequency=frequency,
                people_only=bool(people_only),
                paused_until=None,
            )
        except InputError as error:
            return form(filled, wrong=error.message, status=422)
        if not consent:
            return form(filled, wrong=pages.words["consent-missing"], status=422)
        if wait := limit.wait(request.client.host if request.client else ""):
            answer = pages.notice("too-often", status=429)
            answer.headers["Retry-After"] = str(ceil(wait))
            return answer
        ask_to_join(workspace, address, choices, now=pages.now())
        later.add_task(mail.run)
        return pages.notice("look-at-your-mail")

    @router.get("/c/{token}", response_model=None)
    def ask(token: str) -> Response:
        """What the link is about; a scanner that follows it confirms nothing."""
        found = waiting(workspace, token, now=pages.now())
        if found is None:
            return pages.notice("over", status=404)
        csrf = form_token(workspace.secrets, f"c {token}", now=pages.now())
        return pages.page("confirm", pages.words["confirm-title"], waiting=found, csrf=csrf)

    @router.post("/c/{token}", response_model=None)
    def agree(token: str, csrf: Text = "") -> Response:
        """On the list, from now on."""
        if not is_ours(workspace.secrets, f"c {token}", csrf, now=pages.now()):
            return pages.notice("again", status=403)
        preferences = confirm(workspace, token, now=pages.now())
        if preferences is None:
            return pages.notice("over", status=404)
        return pages.page("confirmed", pages.words["welcome-title"], preferences=preferences)

    return router
