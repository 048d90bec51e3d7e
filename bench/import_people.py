"""`subscribers import` of a whole list, and of the same list again, against a bare load into SQLite.

The reference reads the lines with Python's csv and puts the addresses into a UNIQUE column, BATCH rows a
commit; what sqlite3's own .import takes is about as long (budgets: 6.7 and 8.6 s a million).

python bench/import_people.py [ROWS]
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from itertools import islice
from pathlib import Path

import measure
import workspaces
from import_rows import people

ROUNDS = 3
BATCH = 10_000


def load(list_of_people: Path, database: Path) -> None:
    """The reference."""
    with closing(sqlite3.connect(database)) as connection, list_of_people.open(newline="") as file:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE people (email TEXT UNIQUE, name, audience, topics, frequency, rest)")
        rows = ((*row[:5], ",".join(row[5:])) for row in islice(csv.reader(file), 1, None))
        while batch := list(islice(rows, BATCH)):
            with connection:
                connection.executemany("INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?, ?, ?)", batch)


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
    reference = "Python's csv and executemany into a UNIQUE column"
    measure.report(
        measure.Row(
            budget="I1",
            what=f"import of {rows:,} people",
            unit="s",
            ours=first,
            reference=reference,
            theirs=theirs,
            goal=measure.Goal(limit=5 * 6.7 / 8.6, most=True),
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
