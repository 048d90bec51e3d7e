"""`ranvier segments`: who would be reached."""

from __future__ import annotations

from dataclasses import asdict

import typer

from ranvier.cli.call import call_of
from ranvier.cli.tables import table


def command(context: typer.Context) -> None:
    """List segments with the number of people who can be mailed in each."""
    from ranvier.pipeline.people import NO_EDITION, segment_sizes

    call = call_of(context)
    sizes = segment_sizes(call.workspace())
    document = [asdict(size) for size in sizes]
    named = {NO_EDITION: f"{NO_EDITION} (reached by no edition)"}
    rows = [
        (named.get(size.segment, size.segment), str(size.subscribers), str(size.left_out)) for size in sizes
    ]
    call.answer(document, lambda: table(("segment", "can be mailed", "cannot"), rows))
