"""Runs every bench, one after another, and writes bench/results.md.

python bench [SCRIPT...]

Each script is runnable on its own; here its rows go into one table as well. A script that fails is named at
the end, and its rows are missing. A budget that is not met fails nothing: it is a figure of one machine at
one time.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from measure import ROWS

HERE = Path(__file__).parent
TABLE = HERE / "results.md"

SCRIPTS = (
    "startup.py",
    "rendering.py",
    "splice.py",
    "dkim.py",
    "import_rows.py",
    "import_people.py",
    "serving.py",
    "send_smtp.py",
    "send_against_peers.py",
    "slow_relay.py",
    "million.py",
    "send_sendgrid.py",
)

COLUMNS = {
    "budget": "",
    "measured": "what",
    "ours": "Ranvier: median (minimum to maximum)",
    "reference": "reference in the same run",
    "ratio": "ratio",
    "asked": "budget",
    "met": "",
}


def main(names: list[str]) -> int:
    """How many scripts failed."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows"
        rows.touch()
        failed = [name for name in names or SCRIPTS if not passes(name, rows)]
        lines = [json.loads(line) for line in rows.read_text(encoding="utf-8").splitlines()]
    TABLE.write_text(page(lines, failed), encoding="utf-8")
    print(f"\n{TABLE} has the table." + (f" Failed: {', '.join(failed)}" if failed else ""))
    return len(failed)


def passes(name: str, rows: Path) -> bool:
    """Runs one script; one that is not there (yet) does not fail."""
    if not (HERE / name).exists():
        return True
    print(f"\n== {name}", flush=True)
    ended = subprocess.run([sys.executable, HERE / name], env={**os.environ, ROWS: str(rows)}, check=False)
    return ended.returncode == 0


def page(lines: list[dict[str, str]], failed: list[str]) -> str:
    """The table, and on what kind of machine it was made."""
    heads = " | ".join(COLUMNS.values())
    cells = [" | ".join(line[key].replace("|", "/") for key in COLUMNS) for line in lines]
    missing = f"\nMissing, because the script failed: {', '.join(failed)}.\n" if failed else ""
    loop = "uvloop" if find_spec("uvloop") else "asyncio's own event loop"
    return (
        "# Speed, measured\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, {loop}; "
        "made by `make bench`. Reference and Ranvier take turns within one run, so read the ratios: "
        "another machine has other figures.\n\n"
        f"| {heads} |\n|{'---|' * len(COLUMNS)}\n" + "".join(f"| {line} |\n" for line in cells) + missing
    )


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
