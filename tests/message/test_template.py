"""A whole message, read back by independent parsers."""

from __future__ import annotations

import email
import email.policy
import mailbox
from contextlib import closing
from typing import TYPE_CHECKING

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.errors import InputError
from ranvier.message.headers import header_part
from ranvier.message.sender import Sender
from ranvier.message.template import (
    MessageTemplate,
    Place,
    ascii_html,
    boundary,
    for_items,
    message_template,
    splice,
)
from ranvier.rendering.chunks import Chunk, Slot, SlotName, Variant, join
from ranvier.rendering.publication import Disclosures, Links, Publication

if TYPE_CHECKING:
    from email.message import EmailMessage, Message
    from pathlib import Path

SENDER = Sender(name="Équipe", address="digest@news.example.org", list_id="digest.news.example.org")
PUBLICATION = Publication(
    name="Research Digest",
    tagline="",
    postal_address="",
    contact="editors@news.example.org",
    publisher="",
    links=Links(site="https://news.example.org"),
    disclosures=Disclosures(**dict.fromkeys(Disclosures.__dataclass_fields__, "")),
    audiences=(),
)
HEADER = header_part("weekly/2026-11-23", "多発性硬化症 — 23 November", PUBLICATION, SENDER)
VALUES = {
    SlotName.TO: "ann@example.org",
    SlotName.DATE: "Mon, 23 Nov 2026 09:00:00 +0100",
    SlotName.MESSAGE_ID: "<0123456789abcdef@news.example.org>",
    SlotName.GREETING: "Hello Zoë <O'Hara> & “Co”,",
    SlotName.UNSUBSCRIBE_URL: "https://news.example.org/u/" + "tOk3n-_" * 10,
    SlotName.PREFERENCES_URL: "https://news.example.org/p/" + "tOk3n-_" * 10,
}
VARIANT = Variant(
    audience="people",
    items=0b11,
    html=(
        Chunk("<!doctype html><html><head><title>Digest</title></head><body>\n<p>"),
        Slot(SlotName.GREETING),
        Chunk("</p>\n"),
        Chunk("<h2>Topic</h2>\n", 0b11),
        Chunk("<p>First &#8211; item</p>\n", 0b01),
        Chunk("<p>Second item</p>\n", 0b10),
        Chunk('<a href="'),
        Slot(SlotName.UNSUBSCRIBE_URL),
        Chunk('">Unsubscribe</a> <a href="'),
        Slot(SlotName.PREFERENCES_URL),
        Chunk('">Preferences</a></body></html>\n'),
    ),
    text=(
        Slot(SlotName.GREETING),
        Chunk("\n\n"),
        Chunk("TOPIC\n", 0b11),
        Chunk("First — item\n.\n..dots\nFrom the first\n", 0b01),
        Chunk("Second item " + "w" * 2000 + "\n", 0b10),
        Chunk("-- \nUnsubscribe: "),
        Slot(SlotName.UNSUBSCRIBE_URL),
        Chunk("\nPreferences: "),
        Slot(SlotName.PREFERENCES_URL),
        Chunk("\n"),
    ),
)
BOUNDARY = boundary("5f" * 32)
TEMPLATE = message_template(VARIANT, header=HEADER, boundary=BOUNDARY)


def read(wire: bytes) -> EmailMessage:
    return email.message_from_bytes(wire, policy=email.policy.default)


def bodies(wire: bytes) -> tuple[str, str]:
    """HTML and text as an independent parser decodes them."""
    text, html = (decoded_payload(part) for part in read(wire).iter_parts())
    return html, text


def as_rendered(variant: Variant, item_set: int) -> tuple[str, str]:
    """HTML and text of the variant before any transfer encoding."""
    escaped = {slot: ascii_html(value) for slot, value in VALUES.items()}
    html = join(variant.html, escaped, item_set=item_set)
    return html, join(variant.text, VALUES, item_set=item_set)


def decoded_payload(part: Message) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def test_a_message_is_what_the_standard_parser_expects():
    message = read(splice(for_items(TEMPLATE, 0b11), VALUES))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for part in message.walk():
        assert not part.defects
        if not part.is_multipart():
            assert part.get_content_charset() == "utf-8"
            assert part["Content-Transfer-Encoding"] == "quoted-printable"
    assert message["Subject"] == "多発性硬化症 — 23 November"
    assert message["From"].addresses[0].display_name == "Équipe"
    assert [str(address) for address in message["To"].addresses] == ["ann@example.org"]
    assert len(message.keys()) == len({name.lower() for name in message})
    assert message["MIME-Version"] == "1.0"
    assert message["Bcc"] is None


def test_the_wire_has_short_lines_crlf_only_and_no_dot_or_from_at_a_line_start():
    wire = splice(for_items(TEMPLATE, 0b11), VALUES)
    head, _, body = wire.partition(b"\r\n\r\n")
    assert wire.isascii()
    assert b"\0" not in wire
    assert wire.count(b"\r") == wire.count(b"\n") == wire.count(b"\r\n")
    assert all(len(line) <= 998 for line in head.split(b"\r\n"))
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))
    assert not any(line.startswith((b".", b"From ")) for line in wire.split(b"\r\n"))


@pytest.mark.parametrize("item_set", [0, 0b01, 0b10, 0b11, -1])
def test_the_wire_carries_exactly_the_decoded_parts(item_set):
    wire = splice(for_items(TEMPLATE, item_set), VALUES)
    assert bodies(wire) == as_rendered(VARIANT, item_set)


def test_an_item_that_a_reader_does_not_get_is_in_neither_part():
    for part in bodies(splice(for_items(TEMPLATE, 0b01), VALUES)):
        assert "First" in part
        assert "Second" not in part


def test_a_heading_without_items_is_gone():
    html, text = bodies(splice(for_items(TEMPLATE, 0), VALUES))
    assert "Topic" not in html
    assert "TOPIC" not in text


def test_a_cut_template_joins_all_that_stands_between_two_places():
    places = sum(isinstance(piece, Place) for piece in TEMPLATE.pieces)
    cut = for_items(TEMPLATE, 0b10)
    assert len(cut.header) + len(cut.body) == 2 * places + 2 < len(TEMPLATE.pieces)


@settings(max_examples=80)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_greeting_is_harmless_and_exact(name):
    values = {**VALUES, SlotName.GREETING: name}
    wire = splice(for_items(TEMPLATE, 0b11), values)
    html, text = bodies(wire)
    assert text.startswith(name.replace("\r\n", "\n").replace("\r", "\n"))
    assert html.isascii()
    assert read(wire).keys() == read(splice(for_items(TEMPLATE, 0b11), VALUES)).keys()


def test_a_name_with_markup_is_text_in_html():
    values = {**VALUES, SlotName.GREETING: 'Hello <script>alert(1)</script> & "co",'}
    html, _ = bodies(splice(for_items(TEMPLATE, 0b11), values))
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    assert tree.find(".//script") is None
    assert tree.findtext(".//p") == values[SlotName.GREETING]


def test_html_is_well_formed_and_its_links_are_whole():
    html, _ = bodies(splice(for_items(TEMPLATE, 0b11), VALUES))
    parser = html5lib.HTMLParser(namespaceHTMLElements=False, strict=True)
    hrefs = [link.get("href") for link in parser.parse(html).iter("a")]
    assert hrefs == [VALUES[SlotName.UNSUBSCRIBE_URL], VALUES[SlotName.PREFERENCES_URL]]


@pytest.mark.parametrize("slot", [SlotName.TO, SlotName.DATE, SlotName.MESSAGE_ID, SlotName.UNSUBSCRIBE_URL])
@pytest.mark.parametrize("bad", ["a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\0b"])
def test_a_line_break_in_a_header_value_is_refused(slot, bad):
    with pytest.raises(InputError, match="line break"):
        splice(for_items(TEMPLATE, 0b11), {**VALUES, slot: bad})


def test_a_local_part_beyond_ascii_stands_in_utf8():
    wire = splice(for_items(TEMPLATE, 0b11), {**VALUES, SlotName.TO: "用户@example.org"})
    assert "\r\nTo: 用户@example.org\r\n".encode() in wire
    assert read(wire).get_content_type() == "multipart/alternative"


def test_the_boundary_is_in_no_part_even_if_the_text_holds_it():
    hostile = Variant(
        audience="people",
        items=0,
        html=(Chunk(f"<p>--{BOUNDARY}</p>\n--{BOUNDARY}--\n"),),
        text=(Chunk(f"--{BOUNDARY}\n--{BOUNDARY}--\n"),),
    )
    template = message_template(hostile, header=HEADER, boundary=BOUNDARY)
    wire = splice(for_items(template, 0), VALUES)
    assert bodies(wire) == as_rendered(hostile, 0)
    assert wire.count(BOUNDARY.encode()) == 4
    assert len(BOUNDARY) <= 70


def test_the_same_inputs_give_the_same_bytes():
    again: MessageTemplate = message_template(VARIANT, header=HEADER, boundary=BOUNDARY)
    assert splice(for_items(again, 0b11), VALUES) == splice(for_items(TEMPLATE, 0b11), VALUES)


def test_a_mailbox_file_keeps_the_body_as_it_is(tmp_path: Path):
    wire = splice(for_items(TEMPLATE, 0b11), VALUES)
    with closing(mailbox.mbox(tmp_path / "box")) as box:
        box.add(wire)
    with closing(mailbox.mbox(tmp_path / "box")) as box:
        [stored] = box.values()
    [text, _] = [decoded_payload(part) for part in stored.walk() if not part.is_multipart()]
    assert "From the first" in text
    assert ">From" not in text
