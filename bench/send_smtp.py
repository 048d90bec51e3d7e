"""Budgets D1 and D3: `ranvier send` into smtp-sink, against Postfix's own load generator, smtp-source.

python bench/send_smtp.py [READERS [ROUNDS]]

Personalised messages over 4 connections, ledger on; smtp-source repeats one message of the same size over
as many. Both rates are the sink's: from the first message that it took to the last. The CPU is that of the
sending process less that of a send to one reader, so it is what one more reader costs.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Goal, Ran, Row, in_turns, must, report, run
from relays import Seen, has_postfix, smtp_sink, smtp_source
from workspaces import approved, one_message, send, smtp

if TYPE_CHECKING:
    from collections.abc import Sequence

CONNECTIONS = 4

Measured = tuple[Ran, Seen]


def ours(prepared: Path) -> Measured:
    """A send of everything that is prepared."""
    with smtp_sink() as sink:
        ran = send(prepared, environment=smtp(sink.port, connections=CONNECTIONS), enough=sink.look)
        return ran, sink.seen()


def theirs(size: int, messages: int) -> Measured:
    """The same number of messages from smtp-source."""
    with smtp_sink() as sink:
        source = smtp_source(sink.port, size=size, messages=messages, sessions=CONNECTIONS)
        return must(run(source, enough=sink.look)), sink.seen()


def main(readers: int, rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        one, many = Path(name) / "one", Path(name) / "many"
        size = len(one_message(one))
        approved(many, readers)
        print(f"{readers:,} readers, {size:,} bytes a message, {CONNECTIONS} connections, {rounds} rounds")
        sides = {
            "ours": lambda: ours(many),
            "one": lambda: ours(one),
            "theirs": lambda: theirs(size, readers),
        }
        taken = in_turns(sides, rounds)
    complete = all(seen.messages == readers for _, seen in taken["ours"] + taken["theirs"])
    assert complete, "messages are missing at the sink"
    print_rows(taken["ours"], taken["one"], taken["theirs"], readers)


def print_rows(
    ours: Sequence[Measured], one: Sequence[Measured], theirs: Sequence[Measured], readers: int
) -> None:
    """The rows of a measurement."""
    reference, rates = "smtp-source -d", [seen.rate for _, seen in theirs]
    start = statistics.median(ran.cpu for ran, _ in one)
    report(
        Row(
            budget="D1",
            what="send into smtp-sink, while delivering",
            unit="messages/s",
            ours=[seen.rate for _, seen in ours],
            reference=reference,
            theirs=rates,
            goal=Goal(limit=1.0),
        ),
        Row(
            budget="D1",
            what=f"the same, the whole process with start and freeze, {readers:,} readers",
            unit="messages/s",
            ours=[readers / ran.wall for ran, _ in ours],
            reference=reference,
            theirs=[readers / ran.wall for ran, _ in theirs],
        ),
        Row(
            budget="D3",
            what="sender's CPU for one more message",
            unit="µs",
            ours=[(ran.cpu - start) / (readers - 1) * 1e6 for ran, _ in ours],
            goal=Goal(limit=200, most=True, ratio=False),
        ),
        Row(
            budget="",
            what="a send to one reader, from start to end",
            unit="s",
            ours=[ran.wall for ran, _ in one],
        ),
    )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    if has_postfix("D1 and D3"):
        main(*given, *(5_000, 5)[len(given) :])
