"""Sends through a journal in a process of its own, one line on stdout per hand-over; made to be killed."""

import itertools
import sys
from pathlib import Path

from tests.doubles.composer import HandMade, delivery
from tests.doubles.journal import JournalLedger

from ranvier.delivery.engine import deliver, recover
from ranvier.delivery.retry import RetryRules
from ranvier.delivery.transports import open_transport
from ranvier.delivery.urls import parse_transport
from ranvier.message.sender import Sender


def main(folder: Path, url: str, people: int) -> None:
    """Recovers, then delivers to everybody."""
    ledger = JournalLedger(folder / "journal", [delivery(number) for number in range(1, people + 1)])
    transport = open_transport(
        parse_transport(url),
        HandMade((b"x" * 76 + b"\r\n") * 500),
        sender=Sender(name="Digest", address="digest@news.example.org", list_id="digest.example.org"),
        issue="weekly/2026-11-23",
        workspace=folder,
        sendgrid_key="SG.test",
        clock=lambda: 0.0,
    )
    ticks = itertools.count()
    recover(ledger, transport, now=0.0, claimed_by=transport.name)
    deliver(
        ledger,
        transport,
        rules=RetryRules(),
        deadline=1e9,
        clock=lambda: 0.0,
        random=lambda: 0.0,
        stop=lambda: False,
        on_progress=lambda _: print(next(ticks), flush=True),  # noqa: T201 - the parent counts lines
    )
    transport.close()
    ledger.close()


main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
