"""Sends an issue of a database in a process of its own, a line on stdout per commit; made to be killed."""

import random
import secrets
import sys
import time
from pathlib import Path

from tests.doubles.composer import HandMade

from ranvier.delivery.engine import deliver, recover
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.retry import RetryRules
from ranvier.delivery.run import Terms
from ranvier.delivery.transports import open_transport
from ranvier.delivery.urls import parse_transport
from ranvier.message.sender import Sender
from ranvier.store.database import open_database
from ranvier.store.ledger import SqlLedger
from ranvier.store.lock import hold

ISSUE = "weekly/2026-11-23"
COMPOSE = HandMade((b"x" * 76 + b"\r\n") * 500)


def main(folder: Path, transport_url: str, database_url: str) -> None:
    """Recovers, then delivers to everybody."""
    database = open_database(database_url)
    transport = open_transport(
        parse_transport(transport_url),
        COMPOSE,
        sender=Sender(name="Digest", address="digest@news.example.org", list_id="digest.example.org"),
        issue=ISSUE,
        workspace=folder,
        sendgrid_key="SG.test",
        clock=time.time,
    )
    terms = Terms(rules=RetryRules(), pace=PaceRules(), guard=GuardRules(), deadline=1e12, people=1)
    with hold(database, ISSUE):
        ledger = SqlLedger(database, ISSUE, holder=secrets.token_hex(16))
        ledger.take_over()
        recover(ledger, transport, now=time.time(), claimed_by=transport.name)
        deliver(
            ledger,
            transport,
            terms,
            clock=time.time,
            random=random.random,
            stop=lambda: False,
            on_progress=lambda decided: print(len(decided), flush=True),  # noqa: T201 - the parent counts
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
