"""`ranvier serve`: the public pages, for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.cli.call import Call, call_of
from ranvier.errors import RanvierError

if TYPE_CHECKING:
    from ranvier.settings.workspace import Workspace


def command(
    context: typer.Context,
    host: Annotated[
        str, typer.Option("--host", help="Where to listen; a proxy in front brings TLS")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="0 takes a free one")] = 8000,
) -> None:
    """Serve unsubscribe and preferences pages until Ctrl-C; put a proxy with TLS in front."""
    from ranvier.web.serving import listen, serve
    from ranvier.web.site import site

    call = call_of(context)
    workspace = call.workspace()
    app = site(workspace, call.clocks())
    workspace.database.settle()  # opened now, so that what is wrong with it is said now
    listening = listen(port, host=host)
    url = f"http://{host}:{listening.getsockname()[1]}"
    public = workspace.settings.publication.links.site
    call.answer(
        {"url": url, "site": public},
        lambda: (f"Serving {public} at {url}; Ctrl-C ends it.",),
    )
    serve(app, listening, chores=lambda: _chores(call, workspace))
    call.note("The pages have ended.")


def _chores(call: Call, workspace: Workspace) -> None:
    """What has to be done now and then; what fails is said and tried again in an hour."""
    from sqlalchemy.exc import OperationalError

    from ranvier.pipeline.joining import ask_again, send_confirmations
    from ranvier.pipeline.provider_lists import erase_waiting
    from ranvier.pipeline.pruning import prune

    try:
        prune(workspace, now=call.now())
        ask_again(workspace, now=call.now())
        send_confirmations(workspace, call.clocks())
        erase_waiting(workspace)
    except (RanvierError, OperationalError) as error:
        call.note(f"not done, tried again in an hour: {error}")
