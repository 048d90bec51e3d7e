"""Bytes become text: one encoding, one kind of line end, and no character that a reader cannot see."""

from __future__ import annotations

import codecs
import re
import unicodedata

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]"
)
# Zero-width space and joiner controls, soft hyphen, invisible operators, Hangul fillers, tag characters,
# and the bidi embeddings, overrides and isolates that can show a sentence in another order than it has.
_DISGUISE = re.compile(
    "[\xad\u180e\u200b\u2060-\u206f\u202a-\u202e\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Persian, the Indic scripts and emoji need joiners between two of their characters; no other text does.
_JOINED = "\u0590-\u1fff\u2190-\U0010ffff"
_STRAY_JOINER = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}])")
# Hebrew and Arabic set direction marks beside spaces and punctuation; inside a Latin word they only hide.
_STRAY_MARK = re.compile("(?<=[A-Za-z0-9])[\u061c\u200e\u200f]+(?=[A-Za-z0-9])")


def decode(data: bytes) -> str:
    """The text of `data`, cleaned: by its byte order mark, else UTF-8, else Windows-1252.

    Bytes that are mostly UTF-8 stay UTF-8, with U+FFFD where one is broken; nothing raises.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return clean(data.removeprefix(bom).decode(encoding, errors="replace"))
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    beyond_ascii = sum(character > "\x7f" for character in text)
    if broken * 2 > beyond_ascii:
        return clean(data.decode("cp1252", errors="replace"))
    return clean(text)


def clean(text: str) -> str:
    """`text` in NFC with LF line ends, without control, private-use and disguising characters."""
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    for unwanted in (_UNPRINTABLE, _DISGUISE, _STRAY_JOINER, _STRAY_MARK):
        text = unwanted.sub("", text)
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """`text` cleaned, with every run of white space as one space."""
    return " ".join(clean(text).split())
