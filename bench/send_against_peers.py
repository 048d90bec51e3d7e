"""Budget D2: `ranvier send` over SMTP against what people use, into smtp-sink and into a fast sink.

python bench/send_against_peers.py [READERS [ROUNDS]]

Everybody sends personalised messages of about the same size (bench/peers.py and bench/peer.cjs say how), as
many as take a few seconds. All rates are the sink's: from the first message that it took to the last.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Goal, Row, in_turns, must, report, run
from peers import Sample
from relays import HERE, OwnServer, SmtpSink, fast_sink, has_postfix, smtp_sink
from workspaces import approved, one_message, send, smtp

if TYPE_CHECKING:
    from collections.abc import Iterable

CONNECTIONS = 4
NODEMAILER = "nodemailer@10.6.1"
CACHE = HERE / ".cache" / "npm"

Sinks = Callable[[], AbstractContextManager[SmtpSink | OwnServer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A reference: so many messages in one run, and by how many times it is to be beaten."""

    name: str
    what: str
    messages: int
    limit: float | None = None


PEERS = (
    Peer(name="django", what="Django, EmailMultiAlternatives, 1 connection", messages=200, limit=12),
    Peer(name="aiosmtplib", what="aiosmtplib, ready bytes, 4 connections", messages=1_000, limit=4),
    Peer(name="spliced", what="smtplib, spliced ready bytes, 1 connection", messages=1_000, limit=2),
    Peer(name="email-message", what="smtplib, EmailMessage for each reader", messages=120),
)
JAVASCRIPT = Peer(name="nodemailer", what="nodemailer, pooled, 4 connections", messages=300, limit=10)
INTO_FAST_SINK = 50.0
"""So many times nodemailer, where the sink is not what limits."""


def ours(prepared: Path, sinks: Sinks) -> float:
    """Messages a second of `ranvier send` while it delivers."""
    with sinks() as sink:
        send(prepared, environment=smtp(sink.port, connections=CONNECTIONS), enough=sink.look)
        return sink.seen().rate


def command(peer: Peer, port: int, sample: Path) -> list[str | Path]:
    """How a peer is started."""
    if peer.name == JAVASCRIPT.name:
        return ["node", HERE / "peer.cjs", str(port), str(peer.messages), sample.with_suffix(".json")]
    return [sys.executable, HERE / "peers.py", peer.name, str(port), str(peer.messages), sample]


def theirs(peer: Peer, sample: Path, sinks: Sinks) -> float:
    """Messages a second of a peer while it delivers."""
    with sinks() as sink:
        must(
            run(
                command(peer, sink.port, sample),
                environment={"NODE_PATH": str(CACHE / "node_modules")},
                enough=sink.look,
            )
        )
        seen = sink.seen()
        assert seen.messages == peer.messages, f"{peer.name}: {seen.messages} messages came"
        return seen.rate


def install_nodemailer() -> bool:
    """Whether nodemailer can be measured; it is installed into a folder that is not committed."""
    if not (shutil.which("node") and shutil.which("npm")):
        print("nodemailer is left out: node and npm are missing (Debian: apt install nodejs npm)")
        return False
    CACHE.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-save", "--no-audit", "--no-fund", "--silent", "--prefix", str(CACHE)]
    must(run(["npm", "install", *quiet, NODEMAILER]))
    return True


def write_samples(wire: bytes, path: Path) -> None:
    """One message for the peers: as it is, and taken apart for nodemailer."""
    path.write_bytes(wire)
    sample = Sample(wire)
    text, html, headers = sample.personal(0)
    shared = {"subject": sample.subject, "text": text, "html": html, "headers": headers, "token": f"{0:032x}"}
    path.with_suffix(".json").write_text(json.dumps(shared))


def compare(prepared: Path, sample: Path, peers: Iterable[Peer], sinks: Sinks, rounds: int) -> list[Row]:
    """A row for each peer."""
    peers = tuple(peers)
    sides: dict[str, Callable[[], float]] = {"ours": lambda: ours(prepared, sinks)}
    for peer in peers:
        sides[peer.name] = lambda peer=peer: theirs(peer, sample, sinks)  # type: ignore[misc]  # its own peer
    taken = in_turns(sides, rounds)
    where = "smtp-sink" if sinks is smtp_sink else "a fast sink"
    return [
        Row(
            budget="D2",
            what=f"send into {where}",
            unit="messages/s",
            ours=taken["ours"],
            reference=peer.what,
            theirs=taken[peer.name],
            goal=Goal(limit=peer.limit) if peer.limit else None,
        )
        for peer in peers
    ]


def main(readers: int, rounds: int) -> None:
    """Measure and print."""
    javascript = (JAVASCRIPT,) if install_nodemailer() else ()
    with tempfile.TemporaryDirectory() as name:
        sample = Path(name) / "sample.eml"
        write_samples(one_message(Path(name) / "one"), sample)
        many = approved(Path(name) / "many", readers)
        print(f"{readers:,} readers, {sample.stat().st_size:,} bytes a message, {rounds} rounds")
        if has_postfix("D2 into smtp-sink"):
            report(*compare(many, sample, (*PEERS, *javascript), smtp_sink, rounds))
        fast = tuple(replace(peer, limit=INTO_FAST_SINK) for peer in javascript)
        report(*compare(many, sample, fast, fast_sink, rounds))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(5_000, 5)[len(given) :])
