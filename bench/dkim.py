"""D4: one reader's signed message, all in, against the bare RSA-2048 signature and against dkimpy.

All use one key, in turns; CPU time counts, for the budget is per core. Ours is composed from its chunks, with
the reader's token, Message-ID and links, then signed; dkimpy signs a message of ours that lies ready, with
the same fields.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from measure import Goal, Row, in_turns, report

from ranvier.approval.frozen import Frozen
from ranvier.delivery.frozen_copy import FrozenCopy
from ranvier.delivery.handover import Delivery
from ranvier.message.dkim import SIGNED, open_signer
from ranvier.message.headers import header_part
from ranvier.message.sender import DkimOptions, Sender
from ranvier.rendering.chunks import Chunk, Part, Slot, SlotName, Variant
from ranvier.rendering.publication import Disclosures, Links, Publication
from ranvier.tokens import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from ranvier.message.dkim import Signer

ROUNDS = 15
SIGNATURES = 60
UNSIGNED = 1_000
REFERENCE_SIGNATURES = 5
ITEMS = 12
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
OPTIONS = DkimOptions(domain="news.example.org", selector="2026a", key_file="")
SENDER = Sender(
    name="Research Digest",
    address="digest@news.example.org",
    list_id="digest.news.example.org",
    feedback_id="rdigest01",
)
PUBLICATION = Publication(
    name="Research Digest",
    tagline="",
    postal_address="",
    contact="editors@news.example.org",
    publisher="",
    links=Links(site="https://news.example.org"),
    disclosures=Disclosures(**dict.fromkeys(Disclosures.__dataclass_fields__, "…")),
    audiences=(),
)


def main() -> None:
    """Measure and print."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    plain, signing = copy_of(None), copy_of(open_signer(OPTIONS, pem))
    readers = map(reader, count(1))
    ready = plain.message(next(readers))
    print(f"message: {ITEMS} items, {len(ready):,} bytes on the wire, unsigned")
    bare = partial(key.sign, ready[:1500], padding.PKCS1v15(), hashes.SHA256())
    theirs = partial(
        dkimpy().sign,
        ready,
        OPTIONS.selector.encode(),
        OPTIONS.domain.encode(),
        pem,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name.encode() for name in SIGNED if f"\n{name}:".encode() in b"\n" + ready],
    )
    sides = {
        "bare": lambda: milliseconds(bare, times=SIGNATURES),
        "signed": lambda: milliseconds(lambda: signing.message(next(readers)), times=SIGNATURES),
        "plain": lambda: milliseconds(lambda: plain.message(next(readers)), times=UNSIGNED),
        "dkimpy": lambda: milliseconds(theirs, times=REFERENCE_SIGNATURES),
    }
    print_rows(in_turns(sides, ROUNDS))


def milliseconds(work: Callable[[], object], *, times: int) -> float:
    """CPU time of one call."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times * 1e3


def print_rows(taken: Mapping[str, Sequence[float]]) -> None:
    """The table's rows."""
    ours = partial(Row, budget="D4", unit="ms of CPU", what="one reader's message, composed and signed")
    report(
        ours(
            ours=taken["signed"],
            reference="the bare RSA-2048 signature (cryptography)",
            theirs=taken["bare"],
            goal=Goal(limit=1.3, most=True, ratio=False),
        ),
        ours(ours=taken["signed"], reference="dkimpy signs a message that is ready", theirs=taken["dkimpy"]),
        ours(ours=taken["signed"], reference="the same, not signed", theirs=taken["plain"]),
    )


def dkimpy() -> ModuleType:
    """The module of dkimpy. It has the name of this file, so it is looked for in other folders only."""
    here = str(Path(__file__).parent)
    sys.path.remove(here)
    try:
        return import_module("dkim")
    finally:
        sys.path.insert(0, here)


def copy_of(signer: Signer | None) -> FrozenCopy:
    """The digest, for readers of everything; a hundred messages leave in a second."""
    frozen = Frozen(
        variants=(Variant(audience="people", items=(1 << ITEMS) - 1, html=html(), text=text()),),
        header=header_part("weekly/2026-11-23", "Research Digest, 23 November 2026", PUBLICATION, SENDER),
        subject="Research Digest, 23 November 2026",
        sender=SENDER,
        site="https://news.example.org",
    )
    times = (START + timedelta(milliseconds=10 * step) for step in count())
    return FrozenCopy(
        frozen,
        issue="weekly/2026-11-23",
        fingerprint="5f" * 32,
        secrets=Secrets((b"benchmark",)),
        now=lambda: next(times),
        signer=signer,
    )


def reader(number: int) -> Delivery:
    """Someone who takes everything."""
    return Delivery(
        id=number,
        subscriber=number,
        address=f"reader{number}@example.org",
        name="Amelia Cooper",
        audience="people",
        item_set=(1 << ITEMS) - 1,
        attempts=0,
    )


def html() -> Part:
    """About 54 kB."""
    style = 'style="margin:0 0 12px;font-family:Georgia,serif;font-size:16px;line-height:1.6;color:#222a33"'
    paragraph = f"  <p {style}>\n    {'Researchers followed people for two years. ' * 12}\n  </p>\n"
    return part("<html><body>\n", f"<h3 {style}>A title</h3>\n{paragraph * 6}", "</body></html>\n")


def text() -> Part:
    """About 14 kB."""
    line = "Researchers followed people for two years.\n"
    return part("Research Digest\n", f"A title\n\n{line * 25}", "-- \n")


def part(opening: str, body: str, closing: str) -> Part:
    """A part with a piece for each item, and the slots that bodies have."""
    return (
        Chunk(opening),
        Slot(SlotName.GREETING),
        *(Chunk(body, 1 << bit) for bit in range(ITEMS)),
        Chunk("\n"),
        Slot(SlotName.UNSUBSCRIBE_URL),
        Chunk("\n"),
        Slot(SlotName.PREFERENCES_URL),
        Chunk(closing),
    )


if __name__ == "__main__":
    main()
