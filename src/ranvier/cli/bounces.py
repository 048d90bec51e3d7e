"""`ranvier bounces`: what came back by mail."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.cli.call import call_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.pipeline.bounce_box import Read


def command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="An mbox, a maildir, or one mail")],
) -> None:
    """Read bounces, complaints and unsubscribe mails; whoever cannot be reached is not written to again.

    A mail counts once, however often it is read; the box stays as it is.
    """
    from ranvier.pipeline.bounce_box import read_box

    call = call_of(context)
    found = read_box(call.workspace(), path, now=call.now())
    if codes := ", ".join(f"{code} ({count})" for code, count in found.codes.most_common() if count):
        call.note(f"refused because of the sender or the content: {codes}; look at your sending domain")
    call.answer(found.as_json(), lambda: _lines(found))


def _lines(found: Read) -> Iterator[str]:
    from ranvier.events.kind import Kind

    kinds = found.kinds
    yield f"{found.read} mails read"
    yield (
        f"  {found.bounced} bounced: {kinds[Kind.HARD]} for good, {kinds[Kind.SOFT]} for now, "
        f"{kinds[Kind.BLOCKED]} because of the sender or the content"
    )
    yield f"  {kinds[Kind.COMPLAINT]} complained, {kinds[Kind.UNSUBSCRIBE]} want no more"
    yield (
        f"  {found.ignored} ignored: {found.repeated} read before, {found.unknown} about nobody here, "
        f"{found.forged} not from a message of ours"
    )
