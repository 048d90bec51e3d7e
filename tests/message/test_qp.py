"""Quoted-printable: exact, short lines, no dots, joinable."""

from __future__ import annotations

import email
import email.policy
import quopri

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ranvier.message.qp import MAX_LINE, encode

PLAIN = [".", "..", "=", "\t", "\n", "\r\n", "é", "日本語", "👩🏽\u200d🔬", "é", "شلومو"]
RUNS = ("", " ", "  ", "x" * 70, "x" * 74, "x" * 75, "x" * 76, "word " * 30, "y" * 2000)
AWKWARD = st.sampled_from((*PLAIN, "From ", *RUNS))
TEXTS = st.lists(AWKWARD | st.text(max_size=20), max_size=12).map("".join)


def crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def is_fit(line: bytes) -> bool:
    return (
        len(line) <= MAX_LINE and not line.startswith((b".", b"From ")) and not line.endswith((b" ", b"\t"))
    )


@settings(max_examples=150)
@given(TEXTS)
@example("." * 300)
@example("From " * 40)
@example("é" * 400)
@example("x" * 75 + " \n")
@example("x" * 74 + "é")
@example("\0\x0b\x0c\x7f\u2028")
def test_any_text_comes_back_and_every_line_is_fit(text):
    wire = encode(text)
    assert quopri.decodestring(wire) == crlf(text).encode()
    assert wire == b"" or wire.endswith(b"\r\n")
    assert all(is_fit(line) for line in wire.split(b"\r\n"))
    assert b"\r" not in wire.replace(b"\r\n", b"")
    assert b"\n" not in wire.replace(b"\r\n", b"")


@settings(max_examples=100)
@given(st.lists(TEXTS.filter(lambda text: not text.endswith("\r")), max_size=5))
def test_pieces_encoded_apart_join_to_the_whole(texts):
    joined = b"".join(encode(text) for text in texts)
    assert quopri.decodestring(joined) == crlf("".join(texts)).encode()
    assert all(is_fit(line) for line in joined.split(b"\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        "https://news.example.org/u/AbC_-9",
        "Hello Amelia Cooper,",
        "a",
        ".a",
        "From here",
        " a",
        "a ",
        "=",
        "",
    ],
)
def test_short_values_take_the_same_form_as_long_ones(text):
    assert quopri.decodestring(encode(text)) == text.encode()
    assert encode(text) == b"" or encode(text).endswith(b"=\r\n")


def test_the_standard_parser_reads_the_body_back():
    text = "Café — 多発性硬化症\r\n.\r\n..x\r\nFrom me \r\n" + "w" * 2000 + "\r\n"
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    parsed = email.message_from_bytes(head + encode(text), policy=email.policy.default)
    assert parsed.get_payload(decode=True) == text.encode()
