"""`ranvier summaries`: the library."""

from __future__ import annotations

import typer

from ranvier.cli.call import call_of
from ranvier.cli.tables import table


def command(context: typer.Context) -> None:
    """List the library, newest first."""
    from ranvier.pipeline.intake import library

    call = call_of(context)
    found = library(call.workspace())
    document = [
        {
            "slug": one.slug,
            "title": one.title,
            "date": one.date and one.date.isoformat(),
            "topics": list(one.topics),
            "evidence": one.evidence.value,
            "status": one.status,
        }
        for one in found
    ]
    rows = [
        (str(one.date or "no date"), one.slug, one.status, " ".join(one.topics[:1]), one.title)
        for one in found
    ]
    call.answer(document, lambda: table(("date", "slug", "status", "topic", "title"), rows))
