"""The header: every field once, exact for an independent parser, no address or URL folded or encoded."""

from __future__ import annotations

import email
import email.policy
import re
import unicodedata
from dataclasses import replace
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ranvier.errors import ConfigurationError, InputError
from ranvier.message.headers import header_part, personal_headers, shared_headers, unstructured
from ranvier.message.sender import Sender
from ranvier.rendering.chunks import Slot, SlotName, join
from ranvier.rendering.publication import Disclosures, Links, Publication

PUBLICATION = Publication(
    name="Research Digest",
    tagline="",
    postal_address="12 Example Street",
    contact="editors@news.example.org",
    publisher="",
    links=Links(site="https://news.example.org"),
    disclosures=Disclosures(**dict.fromkeys(Disclosures.__dataclass_fields__, "")),
    audiences=(),
)
SENDER = Sender(
    name="Research Digest",
    address="digest@news.example.org",
    list_id="digest.news.example.org",
    reply_to="editors@news.example.org",
    feedback_id="rdigest01",
)
URL = "https://news.example.org/u/" + "A_-9" * 40
VALUES = {
    SlotName.TO: "ann@example.org",
    SlotName.DATE: "Mon, 23 Nov 2026 09:00:00 +0100",
    SlotName.MESSAGE_ID: "<0123456789abcdef@news.example.org>",
    SlotName.UNSUBSCRIBE_URL: URL,
}
ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=")
SINGLE = "From Reply-To To Subject Date Message-ID List-Id List-Unsubscribe List-Unsubscribe-Post List-Help"
LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120)


def header(subject: str = "Research Digest, 23 November 2026", sender: Sender = SENDER) -> str:
    return join(header_part("weekly/2026-11-23", subject, PUBLICATION, sender), VALUES)


def value(name: str, text: str) -> str:
    return email.message_from_string(text)[name]


def test_every_field_stands_there_once():
    parsed = email.message_from_string(header(), policy=email.policy.default)
    fields = [*SINGLE.split(), "List-Post", "Feedback-ID", "Auto-Submitted"]
    assert sorted(parsed.keys()) == sorted(fields)
    assert not parsed.defects


def test_the_fields_that_mail_clients_act_on_are_exact():
    raw = email.message_from_string(header(), policy=email.policy.compat32)
    assert raw["List-Unsubscribe"] == f"<{URL}>"
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert raw["List-Help"] == "<mailto:editors@news.example.org>"
    assert raw["List-Post"] == "NO"
    assert raw["Auto-Submitted"] == "auto-generated"
    assert raw["List-Id"] == '"Research Digest" <digest.news.example.org>'
    assert raw["From"] == '"Research Digest" <digest@news.example.org>'
    assert raw["To"] == "ann@example.org"


def test_a_url_is_neither_folded_nor_encoded():
    assert f"List-Unsubscribe: <{URL}>\r\n" in header()


def test_feedback_id_is_four_codes_that_name_nothing():
    codes = value("Feedback-ID", header()).split(":")
    assert codes[-1] == "rdigest01"
    assert len(codes) == len(set(codes)) == 4
    assert "weekly" not in "".join(codes)


def test_optional_fields_are_left_out():
    bare = header(sender=replace(SENDER, reply_to="", feedback_id=""))
    assert value("Reply-To", bare) is None
    assert value("Feedback-ID", bare) is None


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        ("https://news.example.org/help", "<https://news.example.org/help>"),
        ("a+b@example.org", "<mailto:a+b@example.org>"),
        ("Room 5, Example House", None),
    ],
)
def test_help_is_an_address_or_a_page(contact, field):
    part = header_part("weekly/1", "x", replace(PUBLICATION, contact=contact), SENDER)
    assert value("List-Help", join(part, VALUES)) == field


@settings(max_examples=200)
@given(LINES)
@example("多発性硬化症の新しい研究 " * 60)
@example("👩🏽‍🔬" * 100)
@example("e\u0301" * 200)
@example("שלום עולם " * 40)
@example("plain words " * 75 + "end")
@example("x" * 900)
@example("  two  spaces  ")
@example("=?utf-8?q?not=20encoded?=")
@example("a" * 66 + " b")
@example("é" + " " * 80 + "é")
def test_any_subject_comes_back_exactly_and_its_lines_are_short(text):
    folded = unstructured("Subject", text)
    assert folded.isascii()
    lines = f"Subject: {folded}".split("\r\n")
    assert all(len(line) <= 76 for line in lines)
    assert all(line.startswith(" ") and line.strip() for line in lines[1:])
    assert all(len(word) <= 75 for word in ENCODED_WORD.findall(folded))
    for word in ENCODED_WORD.findall(folded):
        raw, charset = decode_header(word)[0]
        assert isinstance(raw, bytes)
        raw.decode(charset or "ascii")  # no character is split between two words
    unfolded = folded.replace("\r\n", "")
    assert str(make_header(decode_header(unfolded))) == text


@settings(max_examples=100)
@given(LINES)
@example("多発性硬化症の新しい研究 " * 60)
@example("e\u0301" * 200)
@example("Grüße — 100 %")
def test_the_modern_parser_reads_the_same_subject(text):
    # The modern parser drops white space at both ends, strips U+00A0 with it, and reads "=?" leniently.
    assume(text == " ".join(text.split()) and "=?" not in text)
    parsed = email.message_from_string(header(text), policy=email.policy.default)
    assert parsed["Subject"] == text


@settings(max_examples=100)
@given(LINES)
@example('Dr. "Q" \\ Example, (Editor) <x@y>')
@example("Équipe de recherche " * 5)
@example("=?utf-8?q?x?=")
def test_any_display_name_leaves_one_address(name):
    assume(name == name.strip())
    text = header(sender=replace(SENDER, name=name))
    # The whole field on one line, as it is after unfolding.
    raw = value("From", text).replace("\r\n", "")
    shown, address = parseaddr(str(raw))
    assert address == "digest@news.example.org"
    assert str(make_header(decode_header(shown))) == name or shown == name
    assert "=?" not in address
    for line in text.split("\r\n"):
        assert len(line) <= 76 or "=?" not in line


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.org", "a\nb", "a\rb", "a\0b", "a\x1bb", "a\u2028b"])
def test_a_line_break_in_a_configured_value_is_refused(bad):
    with pytest.raises(InputError, match="line break"):
        header(subject=bad)
    with pytest.raises(ConfigurationError, match="line break"):
        header(sender=replace(SENDER, name=bad))
    for field in ("address", "reply_to", "list_id", "feedback_id"):
        with pytest.raises(ConfigurationError, match=r"newsletter\.toml"):
            header(sender=replace(SENDER, **{field: bad}))


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b@example.org", "a b@example.org", "<a@example.org>", "ä@example.org"]
)
def test_a_sender_address_that_is_not_one_plain_address_is_refused(address):
    with pytest.raises(ConfigurationError, match="plain address"):
        header(sender=replace(SENDER, address=address))


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_no_subject_can_add_a_field(text):
    try:
        made = header(subject=text)
    except InputError:
        assert any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text)
        return
    assert email.message_from_string(made).keys() == email.message_from_string(header()).keys()


def test_a_providers_api_gets_the_shared_fields_and_the_personal_ones_apart():
    part = header_part("weekly/2026-11-23", "Grüße " * 20, PUBLICATION, SENDER)
    shared, personal = shared_headers(part), personal_headers(VALUES)
    assert set(shared) == {
        "List-Id",
        "List-Unsubscribe-Post",
        "List-Help",
        "List-Post",
        "Feedback-ID",
        "Auto-Submitted",
    }
    assert personal == {"List-Unsubscribe": f"<{URL}>", "Message-ID": VALUES[SlotName.MESSAGE_ID]}
    assert not any("\n" in text for text in shared.values())


def test_personal_fields_are_slots():
    slots = [
        piece.name for piece in header_part("weekly/1", "x", PUBLICATION, SENDER) if isinstance(piece, Slot)
    ]
    assert slots == [SlotName.TO, SlotName.DATE, SlotName.MESSAGE_ID, SlotName.UNSUBSCRIBE_URL]
