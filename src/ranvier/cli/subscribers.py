"""`ranvier subscribers`: people in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.cli.call import call_of
from ranvier.cli.tables import table
from ranvier.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.pipeline.people_import import Imported

app = typer.Typer(help="People: import, list, export.", no_args_is_help=False)


@app.command("import")
def import_people(  # noqa: PLR0913, PLR0917 - Typer takes each option as an argument
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A CSV file; see the README for its columns"),
    ],
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="THEIRS=OURS",
            help='A column by another name: "Mail=email"; repeatable',
        ),
    ] = None,
    consent_source: Annotated[
        str,
        typer.Option(metavar="TEXT", help='Where they consented: "sign-up form of our site"'),
    ] = "",
    consent_date: Annotated[
        str,
        typer.Option(metavar="DATE", help="When they did, for rows without a date of their own"),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing")] = False,
) -> None:
    """Add and update people from a CSV file. Nobody who left comes back by an import.

    The exports of Mailchimp, listmonk and Ghost are recognised by their columns.
    """
    from ranvier.pipeline.people_import import import_people
    from ranvier.subscribers.consent import declared_consent

    call = call_of(context)
    now = call.now()
    imported = import_people(
        call.workspace(),
        file,
        mapping=dict(_pair(column) for column in columns or ()),
        consent=declared_consent(consent_source, consent_date, today=now.date()),
        dry_run=dry_run,
        now=now,
    )
    for note in imported.notes:
        call.note(note)
    call.answer(imported.as_json(), lambda: _lines(imported, file))
    if imported.nothing_usable:
        raise typer.Exit(2)


@app.command("list")
def list_people(context: typer.Context) -> None:
    """List everyone, by address."""
    from ranvier.pipeline.people import people

    call = call_of(context)
    everyone = people(call.workspace())
    document = [
        {
            "email": one.email,
            "status": one.status.value,
            "audience": one.audience,
            "frequency": one.frequency.value,
            "topics": list(one.topics),
        }
        for one in everyone
    ]
    rows = [(one.email, one.status, one.audience, one.frequency, " ".join(one.topics)) for one in everyone]
    call.answer(
        document,
        lambda: table(("email", "status", "audience", "frequency", "topics"), rows),
    )


@app.command("export")
def export_people(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; none: stdout")] = None,
) -> None:
    """Write everyone as CSV that a spreadsheet opens safely and `import` reads back."""
    from ranvier.pipeline.people import export_people, export_to

    call = call_of(context)
    if file is None:
        if call.as_json:
            raise UsageError("with --json an export needs a FILE")
        export_people(call.workspace(), sys.stdout)
        return
    count = export_to(call.workspace(), file)
    call.answer(
        {"file": str(file), "subscribers": count},
        lambda: (f"{count} people written to {file}",),
    )


@app.command("show")
def show_person(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Whose; it is on the list")],
) -> None:
    """Show everything that is known about one person, as they may ask for it."""
    import json

    from ranvier.pipeline.rights import show

    call = call_of(context)
    known = show(call.workspace(), address)
    call.answer(known, lambda: (json.dumps(known, ensure_ascii=False, indent=2),))


@app.command("forget")
def forget_person(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Who is to be erased")],
) -> None:
    """Erase one person: rows, events, consents, messages in an outbox. Only a keyed hash remains."""
    from ranvier.pipeline.rights import forget

    call = call_of(context)
    done = forget(call.workspace(), address, now=call.now())
    for name in done.files:
        call.note(f"{name} still names the address; take it out there too")
    if not done.provider:
        call.note("SendGrid could not be asked to erase them too; run: ranvier subscribers sync")
    words = "is erased" if done.forgotten else "was not on the list"
    call.answer(done.as_json(), lambda: (words,))


@app.command("add")
def add_person(  # noqa: PLR0913, PLR0917 - Typer takes each option as an argument
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Whose")],
    consent_source: Annotated[
        str, typer.Option(metavar="TEXT", help='Where they consented: "asked by letter"')
    ] = "",
    consent_date: Annotated[str, typer.Option(metavar="DATE", help="When they did; without, no mail")] = "",
    name: Annotated[str, typer.Option(help="What they are called")] = "",
    audience: Annotated[str, typer.Option(help="What describes them")] = "",
    topics: Annotated[str, typer.Option(help="Separated by ; and none for all")] = "",
    frequency: Annotated[str, typer.Option(help="daily, weekly or monthly")] = "",
) -> None:
    """Add one person, or change what is known of one, as a list of one row would."""
    from ranvier.pipeline.people_import import add_one
    from ranvier.subscribers.consent import declared_consent

    call = call_of(context)
    now = call.now()
    cells = {
        "email": address,
        "name": name,
        "audience": audience,
        "topics": topics,
        "frequency": frequency,
        "consent_date": consent_date,
    }
    consent = declared_consent(consent_source, consent_date, today=now.date())
    done = add_one(call.workspace(), cells, consent=consent, now=now)
    call.answer(done.as_json(), lambda: _lines(done, Path("subscribers add")))
    if done.nothing_usable:
        raise typer.Exit(2)


@app.command("sync")
def sync_lists(context: typer.Context) -> None:
    """Take over what SendGrid knows: bounces, complaints, unsubscribes; and have forgotten people erased."""
    from ranvier.pipeline.provider_lists import sync

    call = call_of(context)
    done = sync(call.workspace(), now=call.now()).as_json()
    call.answer(done, lambda: (f"{count} {name.replace('_', ' ')}" for name, count in done.items()))


@app.command("prune")
def prune_old(context: typer.Context) -> None:
    """Delete what is older than [retention] in newsletter.toml says; `serve` does it by itself."""
    from ranvier.pipeline.pruning import prune

    call = call_of(context)
    done = prune(call.workspace(), now=call.now()).as_json()
    call.answer(done, lambda: (f"{count} {name.replace('_', ' ')} deleted" for name, count in done.items()))


def _pair(column: str) -> tuple[str, str]:
    theirs, equals, ours = column.rpartition("=")
    if not equals:
        raise UsageError(f'"{column}" has to be THEIRS=OURS, such as "Mail=email"', where="--map")
    return theirs, ours


def _lines(imported: Imported, file: Path) -> Iterator[str]:
    for rejected in imported.rejected:
        yield f"{file.name}: row {rejected.row}: {rejected.reason}"
    if imported.dry_run:
        yield from map(str, imported.changes)
        if more := imported.added + imported.updated - len(imported.changes):
            yield f"and {more} more"
        yield "nothing was changed; the import would be:"
    yield (
        f"{imported.rows} rows: {imported.added} added, {imported.updated} updated, "
        f"{imported.unchanged} unchanged, {len(imported.rejected)} rejected"
    )
    if count := imported.without_consent:
        yield f"{count} {'has' if count == 1 else 'have'} no consent date and will not be mailed"
