"""What `serve` takes: events of a provider's webhook, and one-click POSTs of 50 clients at once.

The references do only what has to be durable: the same rows into SQLite by executemany, one commit a batch;
and one UPDATE and one commit for each reader who leaves, from one thread.

python bench/serving.py [READERS]
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from email import message_from_bytes
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import measure
import workspaces
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 5
CLIENTS = 50
BATCH = 1500
"""Events of one request: about as many as 768 kB hold."""
KINDS = ("processed", "deferred", "delivered", "open")

Request = tuple[bytes, dict[str, str]]


@contextmanager
def served(folder: Path, key: str) -> Iterator[int]:
    """`ranvier serve` in a workspace; gives its port."""
    environment = {**os.environ, **workspaces.NOW, "SENDGRID_WEBHOOK_KEY": key}
    words = workspaces.command(folder, "--json", "serve", "--port", "0")
    with subprocess.Popen([str(word) for word in words], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        lines = b""
        while b"}" not in lines:
            lines += process.stdout.readline()
        try:
            yield int(json.loads(lines)["url"].rpartition(":")[2])
        finally:
            process.terminate()


def signed_batches(key: ec.EllipticCurvePrivateKey, readers: int, name: str) -> list[Request]:
    """Four events about each reader, each one with an id of its own."""
    events = [
        {
            "email": f"reader{number}@list.example.org",
            "timestamp": 1_795_000_000,
            "event": kind,
            "category": ["digest"],
            "sg_event_id": f"{name}-{kind}-{number}-abcdefghijklmnop",
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
            "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
            "ranvier_delivery": str(number),
            "response": "250 OK" if kind == "delivered" else "",
        }
        for number in range(1, readers + 1)
        for kind in KINDS
    ]
    made = []
    for start in range(0, len(events), BATCH):
        body, stamp = json.dumps(events[start : start + BATCH]).encode(), str(int(time.time()))
        signature = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))).decode()
        prefix = "X-Twilio-Email-Event-Webhook-"
        made.append((body, {f"{prefix}Signature": signature, f"{prefix}Timestamp": stamp}))
    return made


def post_events(port: int, batches: list[Request]) -> None:
    """As SendGrid does: one request after another, each answered 2xx."""
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        for body, headers in batches:
            connection.request("POST", "/webhooks/sendgrid", body, headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 204, answer.status


def insert_events(folder: Path, batches: list[Request]) -> None:
    """The reference: the same rows, durable."""
    with closing(sqlite3.connect(folder / "reference.db", isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, delivery INTEGER, kind TEXT, text TEXT)"
        )
        for body, _ in batches:
            rows = [
                (one["sg_event_id"], int(one["ranvier_delivery"]), one["event"], one["response"])
                for one in json.loads(body)
            ]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)", rows)
            connection.execute("COMMIT")


def unsubscribe_paths(folder: Path) -> list[str]:
    """Where the List-Unsubscribe of each message in the outbox leads."""
    mails = (folder / "digests" / "outbox" / "new").glob("*.eml")
    urls = (message_from_bytes(mail.read_bytes())["List-Unsubscribe"] for mail in mails)
    return ["/" + url.strip("<>").partition("://")[2].partition("/")[2] for url in urls]


def post_clicks(port: int, paths: list[str]) -> list[int]:
    """The status of each POST; CLIENTS take turns at one list."""
    waiting: SimpleQueue[str] = SimpleQueue()
    statuses: list[int] = []
    for path in paths:
        waiting.put(path)

    def client() -> None:
        with closing(HTTPConnection("127.0.0.1", port)) as connection:
            while True:
                try:
                    path = waiting.get_nowait()
                except Empty:
                    return
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", path, b"List-Unsubscribe=One-Click", kind)
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def commit_each(folder: Path, count: int) -> None:
    """The reference: a durable commit for each."""
    with closing(sqlite3.connect(folder / "commits.db", isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY, status TEXT)"
        )
        for number in range(count):
            connection.execute("INSERT OR REPLACE INTO people VALUES (?, 'unsubscribed')", (number,))


def main(readers: int) -> None:
    """Print both rows."""
    key = ec.generate_private_key(ec.SECP256R1())
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    with tempfile.TemporaryDirectory() as name:
        folder = workspaces.approved(Path(name) / "publication", readers)
        workspaces.ranvier(folder, "send", workspaces.ISSUE)
        paths, share = unsubscribe_paths(folder), readers // ROUNDS
        with served(folder, base64.b64encode(der).decode()) as port:
            made = [signed_batches(key, readers, f"round{number}") for number in range(ROUNDS)]
            told = readers * len(KINDS)
            ours, theirs, clicks, commits, statuses = [], [], [], [], []
            for number, batches in enumerate(made):
                ours.append(told / measure.seconds(lambda b=batches: post_events(port, b)))
                theirs.append(told / measure.seconds(lambda b=batches: insert_events(Path(name), b)))
                part = paths[number * share : (number + 1) * share]
                clicks.append(share / measure.seconds(lambda p=part: statuses.extend(post_clicks(port, p))))
                commits.append(share / measure.seconds(lambda: commit_each(Path(name), share)))
        with closing(sqlite3.connect(folder / ".ranvier" / "ranvier.db")) as connection:
            kept = connection.execute("SELECT count(*) FROM events").fetchone()[0]
            gone = connection.execute(
                "SELECT count(*) FROM subscribers WHERE status='unsubscribed'"
            ).fetchone()[0]
    assert kept == told * ROUNDS, kept
    assert set(statuses) == {200}, set(statuses)
    assert gone == share * ROUNDS, gone
    measure.report(
        measure.Row(
            budget="W1",
            what=f"signed webhook events, {BATCH} a request, verified, told apart and durable",
            unit="events/s",
            ours=ours,
            reference="the rows alone into SQLite",
            theirs=theirs,
            goal=measure.Goal(limit=5000, ratio=False),
        ),
        measure.Row(
            budget="W2",
            what=f"one-click POSTs of {CLIENTS} clients at once, none refused",
            unit="requests/s",
            ours=clicks,
            reference="a commit for each, one thread",
            theirs=commits,
            goal=measure.Goal(limit=300, ratio=False),
        ),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
