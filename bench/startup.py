"""Budget C1: `--help` and `status` against a hello-world Typer application on the same interpreter."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    """Interleave the three and print medians and ratios."""
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
        rounds = [{label: spent(command) for label, command in commands.items()} for _ in range(ROUNDS)]
    for label in commands:
        times = [one[label] for one in rounds]
        ratio = statistics.median(one[label] / one["hello --help"] for one in rounds)
        spread = f"{min(times):.3f} to {max(times):.3f} s"
        print(f"{label}: median {statistics.median(times):.3f} s, {spread}, ratio {ratio:.2f}")
    print("budget C1: --help at most 1.3, status at most 2.5")


if __name__ == "__main__":
    main()
