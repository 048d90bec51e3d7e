"""Budget C1: `--help` and `status` against a hello-world Typer application on the same interpreter."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from measure import Goal, Row, in_turns, must, report, run

from ranvier.settings.starter import copy_starter

ROUNDS = 9

HELLO = """
import typer
app = typer.Typer()
@app.command()
def hello(name: str = "world"):
    print(f"hello {name}")
app()
"""


def spent(command: list[str]) -> float:
    """Wall seconds of one run."""
    return must(run(command)).wall


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "publication"
        copy_starter(folder)
        program = [sys.executable, "-m", "ranvier", "-C", str(folder)]
        commands = {
            "hello --help": [sys.executable, "-c", HELLO, "--help"],
            "ranvier --help": [*program, "--help"],
            "ranvier status": [*program, "status"],
        }
        spent(commands["ranvier status"])
        taken = in_turns({label: partial(spent, commands[label]) for label in commands}, ROUNDS)
    for label, limit in (("ranvier --help", 1.3), ("ranvier status", 2.5)):
        report(
            Row(
                budget="C1",
                what=label,
                unit="s",
                ours=taken[label],
                reference="a hello-world Typer application",
                theirs=taken["hello --help"],
                goal=Goal(limit=limit, most=True),
            )
        )


if __name__ == "__main__":
    main()
