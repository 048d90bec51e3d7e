"""A variant as MIME-encoded pieces, and one reader's message as those pieces joined (design: splice many)."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.message.qp import encode
from ranvier.rendering.chunks import Part, Slot, SlotName, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Encoded:
    """A run of wire bytes, shown as its chunk is: when `items` is 0 or shares a bit with the item set."""

    wire: bytes
    items: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where one reader's value goes, and how it is written there."""

    slot: SlotName
    write: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One variant's message for everyone, MIME-encoded, with places for what is personal.

    Each piece of the body, and whatever is written to a place there, is whole lines or nothing.
    """

    header: tuple[Encoded | Place, ...]
    """Ends with the empty line."""
    body: tuple[Encoded | Place, ...]

    @property
    def pieces(self) -> tuple[Encoded | Place, ...]:
        """All of them, in the order of the wire."""
        return self.header + self.body


Run = tuple[bytes | Place, ...]
"""Wire bytes, and places for what is personal."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What all readers with one item set get; split as the template is."""

    header: Run
    body: Run


def boundary(fingerprint: str) -> str:
    """The MIME boundary of an issue. "=_" never occurs in quoted-printable, so no part can hold it (R42)."""
    return f"=_{fingerprint[:40]}"


def message_template(variant: Variant, *, header: Part, boundary: str) -> MessageTemplate:
    """The variant as multipart/alternative, plain text first (R38), under `header`."""
    closing = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    return MessageTemplate(
        header=(*_pieces(header, str.encode, _header_value), Encoded(closing.encode())),
        body=(
            Encoded(_part_header(boundary, "plain")),
            *_pieces(variant.text, encode, encode),
            Encoded(b"\r\n" + _part_header(boundary, "html")),
            *_pieces(variant.html, encode, _html_value),
            Encoded(f"\r\n--{boundary}--\r\n".encode()),
        ),
    )


def for_items(template: MessageTemplate, item_set: int) -> Cut:
    """The template for all readers with this item set: what they do not get is gone, the rest is joined."""
    return Cut(_shown(template.header, item_set), _shown(template.body, item_set))


def splice(cut: Cut, values: Mapping[SlotName, str]) -> bytes:
    """One reader's message, the exact bytes for the wire. `values` are plain text, not yet escaped.

    Raises InputError when a value cannot stand in a header.
    """
    return b"".join(written(cut.header, values) + written(cut.body, values))


def written(run: Run, values: Mapping[SlotName, str]) -> list[bytes]:
    """Piece for piece, with one reader's values in their places; errors as `splice`."""
    return [piece if isinstance(piece, bytes) else piece.write(values[piece.slot]) for piece in run]


def ascii_html(value: str) -> str:
    """Plain text for HTML content or a quoted attribute, in pure ASCII (R175)."""
    # Links and most names are written as they are, and finding that out is quicker than replacing nothing.
    if value.isascii() and not ("&" in value or "<" in value or ">" in value or '"' in value or "'" in value):
        return value
    return escape(value).encode("ascii", "xmlcharrefreplace").decode()


def _shown(pieces: Iterable[Encoded | Place], item_set: int) -> Run:
    shown: list[bytes | Place] = []
    run: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, Place):
            shown += (b"".join(run), piece)
            run = []
        elif not piece.items or piece.items & item_set:
            run.append(piece.wire)
    return (*shown, b"".join(run))


def _part_header(boundary: str, subtype: str) -> bytes:
    return (
        f'--{boundary}\r\nContent-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode()


def _pieces(
    part: Part, code: Callable[[str], bytes], write: Callable[[str], bytes]
) -> Iterator[Encoded | Place]:
    """The part, its chunks encoded by `code` and its slots to be filled by `write`."""
    for piece in part:
        if isinstance(piece, Slot):
            yield Place(piece.name, write)
        else:
            yield Encoded(code(piece.text), piece.items)


def _header_value(value: str) -> bytes:
    """Raw: an address whose local part is not ASCII stands in UTF-8 (RFC 6532); all else is ASCII."""
    if "\r" in value or "\n" in value or "\0" in value:
        raise InputError(f"{value!r} holds a line break and cannot stand in a header", where="message")
    return value.encode()


def _html_value(value: str) -> bytes:
    return encode(ascii_html(value))
