"""Budget D5: `ranvier send` over 64 connections to a relay that takes 20 ms to answer the end of a message.

python bench/slow_relay.py [READERS [ROUNDS]]

The relay is bench/sink.py --delay 0.020: only the answers to the final dot are late, the envelope's are
not. So a connection carries at most 1 / 0.020 messages a second, and 64 of them 3,200, if nothing else
takes time. Reference in the same rounds: smtp-source -s 64 into the same relay; it waits for each answer of
the envelope as well.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Goal, Row, in_turns, must, report, run
from relays import fast_sink, has_postfix, smtp_source
from workspaces import approved, one_message, send, smtp

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECTIONS = 64
DELAY = 0.020
THEORY = CONNECTIONS / DELAY


def ours(prepared: Path) -> float:
    """Messages a second of `ranvier send` while it delivers."""
    with fast_sink("--delay", str(DELAY)) as relay:
        send(prepared, environment=smtp(relay.port, connections=CONNECTIONS))
        return relay.seen().rate


def theirs(size: int, messages: int) -> float:
    """Messages a second of smtp-source."""
    with fast_sink("--delay", str(DELAY)) as relay:
        must(run(smtp_source(relay.port, size=size, messages=messages, sessions=CONNECTIONS)))
        return relay.seen().rate


def main(readers: int, rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        size = len(one_message(Path(name) / "one"))
        many = approved(Path(name) / "many", readers)
        print(f"{readers:,} readers, {size:,} bytes a message, {CONNECTIONS} connections, {rounds} rounds")
        sides: dict[str, Callable[[], float]] = {"ours": lambda: ours(many)}
        if has_postfix("the reference of D5"):
            sides["theirs"] = lambda: theirs(size, readers)
        taken = in_turns(sides, rounds)
    print_rows(taken["ours"], taken.get("theirs", []))


def print_rows(ours: list[float], theirs: list[float]) -> None:
    """The rows of a measurement."""
    what = f"send to a relay that takes {DELAY * 1000:.0f} ms, {CONNECTIONS} connections"
    report(
        Row(
            budget="D5",
            what=what,
            unit="messages/s",
            ours=ours,
            reference=f"{CONNECTIONS} / {DELAY} s",
            theirs=[THEORY] * len(ours),
            goal=Goal(limit=0.85),
        )
    )
    if theirs:
        against = f"smtp-source -d -s {CONNECTIONS}"
        report(Row(budget="D5", what=what, unit="messages/s", ours=ours, reference=against, theirs=theirs))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(9_600, 5)[len(given) :])
