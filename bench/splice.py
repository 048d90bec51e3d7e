"""R2: one reader's message from the chunks, against an EmailMessage built for each reader.

Both sides make the same 12-item digest of about 70 kB with the same personal values, in turns (A B A B …).
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from measure import Goal, Row, in_turns, report, seconds

from ranvier.message.headers import header_part
from ranvier.message.identity import date_header, slot_values
from ranvier.message.sender import Sender
from ranvier.message.template import (
    ascii_html,
    boundary,
    for_items,
    message_template,
    splice,
)
from ranvier.rendering.chunks import Chunk, Part, Slot, SlotName, Variant, join
from ranvier.rendering.publication import Disclosures, Links, Publication
from ranvier.tokens import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROUNDS = 7
MESSAGES = 2_000
REFERENCE_MESSAGES = 10
ITEMS = 12
ALL = (1 << ITEMS) - 1
SECRETS = Secrets((b"benchmark",))
SENDER = Sender(name="Research Digest", address="digest@news.example.org", list_id="digest.news.example.org")
DISCLOSURES = Disclosures(**dict.fromkeys(Disclosures.__dataclass_fields__, "…"))
PUBLICATION = Publication(
    name="Research Digest",
    tagline="",
    postal_address="",
    contact="editors@news.example.org",
    publisher="",
    links=Links(site="https://news.example.org"),
    disclosures=DISCLOSURES,
    audiences=(),
)
DATE = date_header(datetime(2026, 11, 23, 9, tzinfo=UTC))


def main() -> None:
    """Measure and print."""
    variant = Variant(audience="people", items=ALL, html=_html(), text=_text())
    header = header_part("weekly/2026-11-23", "Research Digest, 23 November 2026", PUBLICATION, SENDER)
    template = message_template(variant, header=header, boundary=boundary("5f" * 32))
    cut = for_items(template, ALL)
    values = _values(1)
    size = len(splice(cut, values))
    print(f"message: {ITEMS} items, {len(template.pieces)} pieces, {size:,} bytes on the wire")
    sides: dict[str, Callable[[], float]] = {
        "splice": lambda: _rate(lambda _: splice(cut, values), MESSAGES),
        "cut": lambda: _rate(lambda _: splice(for_items(template, ALL), values), MESSAGES),
        "values": lambda: _rate(lambda reader: splice(cut, _values(reader)), MESSAGES),
        "reference": lambda: _rate(lambda reader: _reference(variant, _values(reader)), REFERENCE_MESSAGES),
    }
    _print_rows(in_turns(sides, ROUNDS))


def _rate(make: Callable[[int], object], count: int) -> float:
    """Messages a second."""
    readers = iter(range(count))
    return 1 / seconds(lambda: make(next(readers)), times=count)


def _print_rows(taken: Mapping[str, Sequence[float]]) -> None:
    what = {
        "splice": "one reader's message from the chunks, cut for the items before",
        "cut": "the same, cut and spliced",
        "values": "the same, cut before, with the reader's token, Message-ID and links",
    }
    spent = [1e6 / rate for rate in taken["splice"]]
    limit = Goal(limit=25, most=True, ratio=False)
    report(Row(budget="R2", what=what["splice"], unit="µs", ours=spent, goal=limit))
    for side, words in what.items():
        report(
            Row(
                budget="R2",
                what=words,
                unit="messages/s",
                ours=taken[side],
                reference="EmailMessage built for each reader, as_bytes",
                theirs=taken["reference"],
                goal=Goal(limit=300) if side == "splice" else None,
            )
        )


def _values(reader: int) -> dict[SlotName, str]:
    return slot_values(
        SECRETS,
        issue_id="weekly/2026-11-23",
        subscriber_id=reader,
        address=f"reader{reader}@example.org",
        greeting="Hello Amelia Cooper,",
        site="https://news.example.org",
        domain="news.example.org",
        date=DATE,
    )


def _reference(variant: Variant, values: dict[SlotName, str]) -> bytes:
    escaped = {slot: ascii_html(value) for slot, value in values.items()}
    html = join(variant.html, escaped, item_set=ALL)
    text = join(variant.text, values, item_set=ALL)
    message = EmailMessage(policy=SMTP)
    message["From"] = "Research Digest <digest@news.example.org>"
    message["To"] = values[SlotName.TO]
    message["Subject"] = "Research Digest, 23 November 2026"
    message["Date"] = values[SlotName.DATE]
    message["Message-ID"] = values[SlotName.MESSAGE_ID]
    message["List-Id"] = "<digest.news.example.org>"
    message["List-Unsubscribe"] = f"<{values[SlotName.UNSUBSCRIBE_URL]}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _html() -> Part:
    style = 'style="margin:0 0 12px;font-family:Georgia,serif;font-size:16px;line-height:1.6;color:#222a33"'
    paragraph = f"<p {style}>{'Researchers followed people for two years. ' * 12}</p>\n"
    return _part("<html><body>\n", f"<h3 {style}>A title</h3>\n{paragraph * 6}", "</body></html>\n")


def _text() -> Part:
    return _part(
        "Research Digest\n", "A title\n\n" + "Researchers followed people for two years.\n" * 25, "-- \n"
    )


def _part(opening: str, body: str, closing: str) -> Part:
    contents = tuple(Chunk(f"<li>A title of item {bit}</li>\n", 1 << bit) for bit in range(ITEMS))
    items = tuple(Chunk(body, 1 << bit) for bit in range(ITEMS))
    return (
        Chunk(opening),
        Slot(SlotName.GREETING),
        *contents,
        *items,
        Chunk("\n"),
        Slot(SlotName.UNSUBSCRIBE_URL),
        Chunk("\n"),
        Slot(SlotName.PREFERENCES_URL),
        Chunk(closing),
    )


if __name__ == "__main__":
    main()
