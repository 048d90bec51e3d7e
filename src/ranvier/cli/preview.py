"""`ranvier preview`: the issue in a browser, while it is being edited."""

from __future__ import annotations

from typing import Annotated

import typer

from ranvier.cli.call import IssueArgument, call_of


def command(
    context: typer.Context,
    issue: IssueArgument,
    port: Annotated[int, typer.Option("--port", help="Of this machine; 0 takes a free one")] = 0,
    opens: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser")] = True,
) -> None:
    """Show every variant as phone, desktop, dark and text, and follow the files until Ctrl-C."""
    import webbrowser

    from ranvier.errors import NotFoundError
    from ranvier.settings.workspace import Workspace
    from ranvier.web.followed import FollowedIssue
    from ranvier.web.preview import preview_app
    from ranvier.web.serving import LOOPBACK, listen, serve

    call = call_of(context)
    workspace = call.workspace()
    name = workspace.issue_id(issue)
    if not workspace.issue_file(name).exists():
        edition, _, day = name.partition("/")
        raise NotFoundError(f"there is no such issue; run: ranvier draft {edition} --date {day}", where=name)
    listening = listen(port)
    url = f"http://{LOOPBACK}:{listening.getsockname()[1]}/"
    call.answer(
        {"issue": name, "url": url},
        lambda: (f"{name} is at {url}", "It follows the files; Ctrl-C ends it."),
    )
    if opens:
        webbrowser.open(url)

    def opened() -> Workspace:
        """Not the call's, which would keep each until the command ends."""
        return Workspace(workspace.root, workspace.environment)

    serve(preview_app(FollowedIssue(opened, name)), listening)
    call.note("The preview has ended.")
