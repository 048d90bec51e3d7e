"""`ranvier draft`: select, group and write issue.md."""

from __future__ import annotations

from datetime import date as Date
from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.cli.call import call_of
from ranvier.errors import UsageError
from ranvier.issue.issue import issue_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.pipeline.drafting import Drafted


def command(
    context: typer.Context,
    edition: Annotated[
        str, typer.Argument(metavar="EDITION", help="An edition of newsletter.toml, such as weekly")
    ],
    date: Annotated[str, typer.Option(metavar="DATE", help="The issue's date; default: today")] = "",
    again: Annotated[
        bool,
        typer.Option("--again", help="Draft anew; the old file is kept as a backup"),
    ] = False,
) -> None:
    """Choose what is new, group it by topic, and write the issue for you to edit."""
    from ranvier.pipeline.drafting import draft

    call = call_of(context)
    day = _day(date) if date else None
    drafted = draft(call.workspace(), edition, day, again=again, now=call.now())
    if drafted.library_empty:
        call.note("the library is empty; `ranvier ingest` reads summaries/")
    call.answer(drafted.as_json(), lambda: _lines(drafted))


def _day(given: str) -> Date:
    day = issue_date(given)
    if day is None:
        raise UsageError(f'"{given}" is not a date such as 2026-11-23', where="--date")
    return day


def _lines(drafted: Drafted) -> Iterator[str]:
    for section in drafted.issue.sections:
        yield f"{drafted.labels[section.topic]}:"
        yield from (f"  {item.slug}" for item in section.items)
    for verdict in drafted.left_out:
        yield f"left out: {verdict.slug}: {verdict.detail or verdict.reason}"
    yield f"{len(drafted.issue.items)} items in {drafted.path}"
    if drafted.issue.items:
        yield f"Next: edit that file, then run: ranvier build {drafted.issue.id}"
    else:
        yield "Nothing new, so no issue is needed; or add lines to that file by hand."
