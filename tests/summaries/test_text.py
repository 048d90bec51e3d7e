"""Any bytes become readable text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranvier.summaries.text import clean, decode, one_line

READ = {
    "utf-8": ("naïve “p”".encode(), "naïve “p”"),
    "utf-8 with mark": (b"\xef\xbb\xbfcaf\xc3\xa9", "café"),
    "utf-16 little": ("\ufeffcafé".encode("utf-16-le"), "café"),
    "utf-16 big": ("\ufeffcafé".encode("utf-16-be"), "café"),
    "utf-16 cut in a character": ("\ufeffab".encode("utf-16-le")[:-1], "a\ufffd"),
    "windows-1252": ("It\u2019s 5 % naïve".encode("cp1252"), "It\u2019s 5 % naïve"),
    "windows-1252 hole": (b"a\x81b \xe9", "a\ufffdb é"),
    "utf-8 with one broken byte keeps the rest": ("“é” ü ö ä ".encode() + b"\xff", "“é” ü ö ä \ufffd"),
    "crlf and cr": (b"a\r\nb\rc\n", "a\nb\nc\n"),
    "unicode line ends": ("a\u2028b\x85c".encode(), "a\nb\nc"),
    "decomposed": ("e\u0301".encode(), "é"),
    "nul and control": (b"a\x00b\x07c\x1b[0m\td", "abc[0m\td"),
}


@pytest.mark.parametrize(("data", "text"), READ.values(), ids=READ)
def test_bytes_are_read_as_what_they_are(data, text):
    assert decode(data) == text


HIDDEN = {
    "bidi override": ("pay \u202elamron\u202c", "pay lamron"),
    "bidi isolate": ("\u2066a\u2069", "a"),
    "zero-width space": ("can\u200bcer", "cancer"),
    "word joiner and inner mark": ("a\u2060b\ufeffc", "abc"),
    "soft hyphen": ("re\xadlapse", "relapse"),
    "joiner in a latin word": ("re\u200dlapse", "relapse"),
    "direction mark in a latin word": ("re\u200elapse", "relapse"),
    "private use": ("a\ue000\U000f0000b", "ab"),
    "tag characters": ("a\U000e0041\U000e0042", "a"),
    "lone surrogate": ("a\ud800b", "ab"),
}


@pytest.mark.parametrize(("text", "shown"), HIDDEN.values(), ids=HIDDEN)
def test_what_a_reader_cannot_see_is_removed(text, shown):
    assert clean(text) == shown


KEPT = {
    "hebrew": "טרשת נפוצה (MS)\u200f: מחקר",
    "arabic": "التصلب المتعدد",
    "persian joiner": "\u0645\u06cc\u200c\u062e\u0648",
    "devanagari joiner": "क्\u200dष",
    "emoji of three": "👩\u200d⚕\ufe0f and 🧠🚴",
    "new emoji": "\U0001fae8",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_ordinary_writing_is_left_alone(text):
    assert clean(text) == unicodedata.normalize("NFC", text)


@given(st.binary(max_size=200))
def test_decoding_never_raises_and_cleaning_twice_changes_nothing(data):
    text = decode(data)
    assert clean(text) == text


@given(st.text(max_size=60))
def test_one_line_is_one_line(text):
    line = one_line(text)
    assert line == " ".join(line.split()) == one_line(line)
