"""`subscribers import` of a whole list, and of the same list again, against sqlite3's own .import.

The reference is the program sqlite3: the same file into a table whose addresses are UNIQUE, nothing
checked, nothing normalised.

python bench/import_people.py [ROWS]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import measure
import workspaces
from import_rows import people

ROUNDS = 3


def load(list_of_people: Path, database: Path) -> None:
    """The reference."""
    columns = "email TEXT UNIQUE, name, audience, topics, frequency, locale, timezone, status, consent_date"
    script = f"CREATE TABLE people ({columns});\n.import --csv --skip 1 {list_of_people} people\n"
    subprocess.run(["/usr/bin/sqlite3", database], input=script, text=True, check=True)


def main(rows: int) -> None:
    """Print how long each takes, as ratios, and the memory."""
    first, again, theirs, memory = [], [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listed = folder / "people.csv"
        listed.write_text("".join(people(rows)), newline="")
        for number in range(ROUNDS):
            workspace = workspaces.make_workspace(folder / f"publication-{number}")
            done = workspaces.ranvier(workspace, "subscribers", "import", listed, "--json")
            assert json.loads(done.output)["added"] == rows
            first.append(done.wall)
            memory.append(done.peak / 1e6)
            theirs.append(measure.seconds(lambda n=number: load(listed, folder / f"reference-{n}.db")))
            done = workspaces.ranvier(workspace, "subscribers", "import", listed, "--json")
            assert json.loads(done.output)["unchanged"] == rows
            again.append(done.wall)
    reference = "sqlite3 .import into a UNIQUE column"
    measure.report(
        measure.Row(
            budget="I1",
            what=f"import of {rows:,} people",
            unit="s",
            ours=first,
            reference=reference,
            theirs=theirs,
            goal=measure.Goal(limit=5, most=True),
        ),
        measure.Row(
            budget="I1",
            what="the same list again, which changes nothing",
            unit="s",
            ours=again,
            reference="the first time",
            theirs=first,
            goal=measure.Goal(limit=1.0, most=True),
        ),
        measure.Row(
            budget="I1",
            what="memory of the import at most",
            unit="MB",
            ours=memory,
            goal=measure.Goal(limit=300, most=True, ratio=False),
        ),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
