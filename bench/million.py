"""Budget D7: one million readers, on SQLite and PostgreSQL: the time of the freeze, and the memory of a send.

python bench/million.py [READERS [ROUNDS [SECONDS]]]

The readers are written by one INSERT ... SELECT into Ranvier's own table; they follow different topics, and
one in fifty has unsubscribed. A send to bench/sink.py is stopped (SIGTERM) SECONDS after its first message.
Its freeze is the time from the start of the process to the first message at the sink, less the same with
10,000 readers; its memory is the peak of the process (maximum resident set size), against that with 10,000
readers.

The reference is a bare INSERT ... SELECT of as many rows into a table with the columns of a delivery, with a
key and nothing else. The budget, 10 s, was measured where that took 0.6 s on SQLite and 2.6 s on PostgreSQL:
the goals here are those ratios.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from measure import Goal, Row, in_turns, report
from postgres import postgresql
from relays import fast_sink
from sqlalchemy import ColumnElement, MetaData, UniqueConstraint, case, cast, insert, literal, select, text
from sqlalchemy import String as Words
from workspaces import ISSUE, approve, copied, make_workspace, send, smtp

from ranvier.settings.workspace import Environment, Workspace
from ranvier.store.schema import deliveries, subscribers
from ranvier.store.topic_bits import bits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from postgres import Server
    from sqlalchemy import Connection

FEW = 10_000
CONNECTIONS = 4
STOPPED = (0, 75)
"""A send that was stopped is not finished; one of few readers may be done before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of database, and the seconds of the reference where the budget was measured."""

    name: str
    bare: float


SQLITE = Kind(name="SQLite", bare=0.6)
POSTGRESQL = Kind(name="PostgreSQL", bare=2.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A workspace with so many readers and an approved issue; in a database of `server`, if there is one."""

    folder: Path
    readers: int
    server: Server | None = None

    @property
    def database(self) -> str:
        """Its name on the server."""
        return f"prepared{self.readers}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """A send that was stopped: seconds to its first message, bytes of memory at most, messages until then."""

    first: float
    peak: int
    messages: int


def insert_readers(folder: Path, readers: int, url: str) -> None:
    """So many people in the workspace's database."""
    workspace = Workspace(folder, Environment(database=url))
    slugs = workspace.taxonomy.slugs
    with workspace.database.write() as connection:
        masks = list(bits(connection, slugs).values())
        _insert(connection, readers, masks)
        if url:
            # As autovacuum does within a minute of an import; SQLite does it by itself never.
            connection.execute(text("analyze subscribers"))
    workspace.close()


def _insert(connection: Connection, readers: int, masks: list[int]) -> None:
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < readers))
    n: ColumnElement[int] = numbers.c.n
    email = "reader" + cast(n, Words) + "@list" + cast(n % 500, Words) + ".example.org"
    audiences = {0: "people-with-ms", 1: "caregivers"}
    # No topic means all; the others follow two.
    topics = {0: 0, **{turn: masks[turn % 9] | masks[turn * 5 % 9] for turn in range(1, 20)}}
    values: dict[str, object] = {
        "email": email,
        "key": email,
        "name": "Ann Example",
        "audience": case(audiences, value=n % 3, else_="clinicians"),
        "topics": case(topics, value=n % 20, else_=0),
        "frequency": "weekly",
        "locale": "en-US",
        "timezone": "Europe/Berlin",
        "status": case({0: "unsubscribed"}, value=n % 50, else_="active"),
        "consent_date": date(2024, 1, 1),
        "joined": date(2024, 1, 1),
        "tags": "",
    }
    rows = select(*(_labelled(value, name) for name, value in values.items())).select_from(numbers)
    connection.execute(insert(subscribers).from_select(list(values), rows))


def _labelled(value: object, name: str) -> ColumnElement[object]:
    expression = value if isinstance(value, ColumnElement) else literal(value)
    return expression.label(name)


def prepare(folder: Path, readers: int, server: Server | None = None) -> Prepared:
    """A workspace with so many readers and an approved issue, in SQLite or on a server."""
    prepared = Prepared(folder=folder, readers=readers, server=server)
    url = server.create(prepared.database) if server else ""
    make_workspace(folder)
    insert_readers(folder, readers, url)
    approve(folder, RANVIER_DATABASE=url)
    return prepared


@contextmanager
def database_of(prepared: Prepared) -> Iterator[str]:
    """The URL of a copy of the database; empty for SQLite's, which is copied with its workspace."""
    if prepared.server is None:
        yield ""
        return
    yield prepared.server.create("run", like=prepared.database)
    prepared.server.drop("run")


def bare_insert(prepared: Prepared) -> float:
    """Seconds that the reference takes, in a copy of the database."""
    with copied(prepared.folder) as folder, database_of(prepared) as url:
        workspace = Workspace(folder, Environment(database=url))
        with workspace.database.write() as connection:
            bare = deliveries.to_metadata(MetaData(), name="bare")
            bare.constraints -= {one for one in bare.constraints if isinstance(one, UniqueConstraint)}
            bare.primary_key.name = "pk_bare"
            bare.indexes.clear()
            bare.create(connection)
        person = subscribers.c
        values: dict[str, object] = {
            "issue": ISSUE,
            "subscriber": person.id,
            "audience": person.audience,
            "item_set": person.topics,
            "state": "pending",
        }
        rows = select(*(_labelled(value, name) for name, value in values.items()))
        started = monotonic()
        with workspace.database.write() as connection:
            connection.execute(insert(bare).from_select(list(values), rows))
        ended = monotonic()
        workspace.close()
    return ended - started


def begin(prepared: Prepared, wait: float) -> Began:
    """Starts a send, and stops it so many seconds after its first message."""
    with database_of(prepared) as url, fast_sink() as sink:
        environment = {**smtp(sink.port, connections=CONNECTIONS), "RANVIER_DATABASE": url}
        ran = send(
            prepared.folder,
            environment=environment,
            enough=lambda: bool(sink.first()) and monotonic() > sink.first() + wait,
            codes=STOPPED,
        )
        seen = sink.seen()
    return Began(first=seen.first - ran.started, peak=ran.peak, messages=seen.messages)


def compare(kind: Kind, many: Prepared, few: Prepared, *, rounds: int, wait: float) -> None:
    """The rows of one kind of database."""
    bare: list[float] = []

    def measure(prepared: Prepared) -> Began:
        if prepared is many:
            bare.append(bare_insert(many))
        return begin(prepared, wait)

    sides: dict[str, Callable[[], Began]] = {"many": lambda: measure(many), "few": lambda: measure(few)}
    taken = in_turns(sides, rounds)
    before = statistics.median(began.first for began in taken["few"])
    sent = statistics.median(began.messages for began in taken["many"])
    memory = {name: [began.peak / 1e6 for began in side] for name, side in taken.items()}
    what = f"peak memory of a send to {many.readers:,} readers, {kind.name}, {sent:,.0f} messages"
    report(
        Row(
            budget="D7",
            what=f"freeze of {many.readers:,} readers, {kind.name}",
            unit="s",
            ours=[began.first - before for began in taken["many"]],
            reference="a bare INSERT ... SELECT",
            theirs=bare,
            goal=Goal(limit=10 / kind.bare, most=True),
        ),
        Row(
            budget="D7",
            what=what,
            unit="MB",
            ours=memory["many"],
            goal=Goal(limit=200, most=True, ratio=False),
        ),
        Row(
            budget="D7",
            what=f"the same against {FEW:,} readers",
            unit="MB",
            ours=memory["many"],
            reference=f"{FEW:,} readers",
            theirs=memory["few"],
            goal=Goal(limit=1.1, most=True),
        ),
    )


def main(readers: int, rounds: int, wait: int) -> None:
    """Measure and print."""
    print(f"{readers:,} readers, {rounds} rounds, stopped {wait} s after the first message")
    with tempfile.TemporaryDirectory() as name:
        many, few = (prepare(Path(name) / str(number), number) for number in (readers, FEW))
        compare(SQLITE, many, few, rounds=rounds, wait=wait)
    with tempfile.TemporaryDirectory() as name, postgresql() as server:
        many, few = (prepare(Path(name) / str(number), number, server) for number in (readers, FEW))
        compare(POSTGRESQL, many, few, rounds=rounds, wait=wait)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(1_000_000, 3, 5)[len(given) :])
