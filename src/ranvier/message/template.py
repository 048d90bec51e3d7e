"""A variant as MIME-encoded pieces, and one reader's message as those pieces joined (design: splice many)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from html import escape
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.message.qp import encode
from ranvier.rendering.chunks import Chunk, Part, Slot, SlotName, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class Form(Enum):
    """Where a value stands, which decides how it is written."""

    HEADER = "header"
    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Encoded:
    """A run of wire bytes, shown as its chunk is: when `items` is 0 or shares a bit with the item set."""

    wire: bytes
    items: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where one reader's value goes, and in which form."""

    slot: SlotName
    form: Form


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One variant's message for everyone, MIME-encoded, with places for what is personal."""

    pieces: tuple[Encoded | Place, ...]


Cut = tuple[bytes | Place, ...]
"""What all readers with one item set get: wire bytes, and places for what is personal."""


def boundary(fingerprint: str) -> str:
    """The MIME boundary of an issue. "=_" never occurs in quoted-printable, so no part can hold it (R42)."""
    return f"=_{fingerprint[:40]}"


def message_template(variant: Variant, *, header: Part, boundary: str) -> MessageTemplate:
    """The variant as multipart/alternative, plain text first (R38), under `header`."""
    opening = (
        f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n'
        f"\r\n{_part_header(boundary, 'plain')}"
    )
    between = f"\r\n{_part_header(boundary, 'html')}"
    return MessageTemplate(
        (
            *_pieces(header, Form.HEADER),
            Encoded(opening.encode()),
            *_pieces(variant.text, Form.TEXT),
            Encoded(between.encode()),
            *_pieces(variant.html, Form.HTML),
            Encoded(f"\r\n--{boundary}--\r\n".encode()),
        )
    )


def for_items(template: MessageTemplate, item_set: int) -> Cut:
    """The template for all readers with this item set: what they do not get is gone, the rest is joined."""
    pieces: list[bytes | Place] = []
    run: list[bytes] = []
    for piece in template.pieces:
        if isinstance(piece, Place):
            pieces += (b"".join(run), piece)
            run = []
        elif not piece.items or piece.items & item_set:
            run.append(piece.wire)
    return (*pieces, b"".join(run))


def splice(cut: Cut, values: Mapping[SlotName, str]) -> bytes:
    """One reader's message, the exact bytes for the wire. `values` are plain text, not yet escaped.

    Raises InputError when a value cannot stand in a header.
    """
    return b"".join(
        [piece if isinstance(piece, bytes) else _WRITE[piece.form](values[piece.slot]) for piece in cut]
    )


def ascii_html(value: str) -> str:
    """Plain text for HTML content or a quoted attribute, in pure ASCII (R175)."""
    return escape(value).encode("ascii", "xmlcharrefreplace").decode()


def _part_header(boundary: str, subtype: str) -> str:
    return (
        f'--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )


def _pieces(part: Part, form: Form) -> Iterator[Encoded | Place]:
    for piece in part:
        if isinstance(piece, Slot):
            yield Place(piece.name, form)
        else:
            yield _encoded(piece, form)


def _encoded(chunk: Chunk, form: Form) -> Encoded:
    return Encoded(chunk.text.encode() if form is Form.HEADER else encode(chunk.text), chunk.items)


def _header_value(value: str) -> bytes:
    """Raw: an address whose local part is not ASCII stands in UTF-8 (RFC 6532); all else is ASCII."""
    if "\r" in value or "\n" in value or "\0" in value:
        raise InputError(f"{value!r} holds a line break and cannot stand in a header", where="message")
    return value.encode()


def _html_value(value: str) -> bytes:
    return encode(ascii_html(value))


_WRITE: dict[Form, Callable[[str], bytes]] = {
    Form.HEADER: _header_value,
    Form.TEXT: encode,
    Form.HTML: _html_value,
}
