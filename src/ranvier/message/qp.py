"""Quoted-printable whose pieces can be joined at any place (RFC 2045 section 6.7, R40)."""

from __future__ import annotations

import re
from binascii import b2a_qp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINE = 76
"""Characters of an encoded line, its soft break included."""

# b2a_qp makes lines of up to 78 when it encodes a space at the end of one, hence the length.
_TO_MEND = re.compile(rb"^(?:\.|From |.{77})", re.MULTILINE)
# What every reader's slots hold: one short line that needs no encoding. Three times as fast as b2a_qp.
_AS_IT_IS = re.compile(r"(?!\.|From )[!-<>-~](?:[ !-<>-~]{0,73}[!-<>-~])?")
_ESCAPED = {b".": b"=2E", b"F": b"=46"}


def encode(text: str) -> bytes:
    r"""UTF-8 text as quoted-printable with CRLF, lines of at most 76.

    The result ends at a line end or at a soft break (`=\r\n`), so pieces encoded apart may be joined and
    decode to the joined text. No line begins with a dot: DATA needs no dot-stuffing (RFC 5321 section
    4.5.2), and the bytes are the same on every transport. None begins with "From ", which mailboxes in
    mbox format would change. Line ends of any kind become CRLF.
    """
    if _AS_IT_IS.fullmatch(text):
        return text.encode() + b"=\r\n"
    lines = text.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoded = b2a_qp(lines)
    if encoded and not encoded.endswith(b"\n"):
        encoded += b"=\n"
    if _TO_MEND.search(encoded):
        encoded = b"".join(mended for line in encoded.splitlines() for mended in _mend(line))
    return encoded.replace(b"\n", b"\r\n")


def _mend(line: bytes) -> Iterator[bytes]:
    """The line as one or more lines that keep what `encode` promises."""
    while True:
        if line.startswith((b".", b"From ")):
            line = _ESCAPED[line[:1]] + line[1:]
        if len(line) <= MAX_LINE:
            yield line + b"\n"
            return
        escape = line.rfind(b"=", MAX_LINE - 3, MAX_LINE - 1)
        cut = MAX_LINE - 1 if escape < 0 else escape
        yield line[:cut] + b"=\n"
        line = line[cut:]
