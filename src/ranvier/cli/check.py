"""`ranvier check`: the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ranvier.checks.finding import grouped
from ranvier.cli.call import call_of
from ranvier.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ranvier.checks.finding import Finding
    from ranvier.pipeline.checking import Gate


def command(
    context: typer.Context,
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="edition/date, or edition/latest")] = "",
    links: Annotated[bool, typer.Option("--links", help="Follow the links too; meets the network")] = False,
    explain: Annotated[
        str, typer.Option("--explain", metavar="CODE", help="Say what a code means and how to mend it")
    ] = "",
) -> None:
    """Read the built issue as a reader would and say what is wrong with it."""
    if explain:
        _explain(context, explain)
        return
    if not issue:
        raise UsageError("an issue is missing, such as weekly/latest", where="check")
    from ranvier.pipeline.checking import check

    call = call_of(context)
    gate = check(call.workspace(), issue, now=call.now(), links=links)
    call.answer(gate.as_json(), lambda: (*lines(gate.findings), _verdict(gate)))
    if not gate.ok:
        raise typer.Exit(1)


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Findings for people, as they come; what is said of several places is said once."""
    for said in grouped(findings):
        if len(said.places) == 1:
            yield f"{said.severity}: {said.places[0]}: {said.message} [{said.code}]"
            continue
        yield f"{said.severity}: {said.message} [{said.code}]"
        yield from (f"  {place}" for place in said.places)


def _explain(context: typer.Context, code: str) -> None:
    from ranvier.settings.pages import explanation

    text = explanation(code)
    call_of(context).answer({"code": code, "explanation": text}, lambda: (text,))


def _verdict(gate: Gate) -> str:
    errors = len(gate.errors)
    counted = f"{errors} errors, {len(gate.findings) - errors} warnings."
    if gate.findings:
        counted += " `ranvier check --explain CODE` says more of each."
    if errors:
        return f"{counted} Mend the errors, then run: ranvier build {gate.issue}"
    return f"{counted} Next: ranvier approve {gate.issue} --by NAME"
