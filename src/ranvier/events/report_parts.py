"""A mail that came back, taken apart: what it says, its report, the header of what it is about."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.errors import MessageError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import Message

_MOST_TEXT = 20_000
_MOST_PARTS = 200

_COPY_BEGINS = re.compile(
    r"^[ >|]*(?:-{2,}|_{3,}|={3,}|\*{3,})? *(?:"
    r".*(?:below this line is a copy|copy of (?:the|your) (?:message|mail)|original (?:message|mail)(?! was)|"
    r"unsent message|returned message|message (?:header|text) follows|headers? of (?:the|your)|"
    r"message headers?\b|begin message|undelivered message|message follows)"
    r"|(?:return-path|received|dkim-signature|mime-version|message-id|delivered-to|x-[a-z-]+): .*)",
    re.IGNORECASE | re.MULTILINE,
)
"""Where a report in plain text turns to the message it is about."""

Fields = dict[str, str]
"""Names in small letters; of a repeated field the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`groups` are the blocks of a delivery status (RFC 3464), the per-message one first."""

    header: Fields
    kind: str
    """The type of the whole, with `report-type` where there is one: `multipart/report; delivery-status`."""
    every: dict[str, tuple[str, ...]]
    """All values of each field of the header."""
    text: str
    """What a person would read, up to the returned message."""
    groups: tuple[Fields, ...]
    feedback: Fields
    """Of an abuse report (RFC 5965)."""
    receipt: bool
    """It is about reading, not about delivery (RFC 8098)."""
    original: Fields
    """The header of the message that came back."""


def read_parts(raw: bytes) -> Parts:
    """Take a mail apart. Whatever the bytes are, something is returned."""
    message = message_from_bytes(raw)
    groups: list[Fields] = []
    feedback: Fields = {}
    original: Fields = {}
    texts: list[str] = []
    receipt = False
    for part in _walk(message):
        match part.get_content_type():
            case "message/delivery-status" | "message/global-delivery-status":
                groups += _blocks(part)
            case "message/feedback-report":
                feedback = feedback or next(iter(_blocks(part)), {})
            case "message/disposition-notification" | "message/global-disposition-notification":
                receipt = True
            case "message/rfc822" | "message/global" | "text/rfc822-headers" | "message/global-headers":
                original = original or _inner(part)
            case "text/plain" | "text/html" | "multipart/report" | "multipart/mixed" if not original:
                texts.append(_text(part))
    text = "\n".join(texts)[:_MOST_TEXT]
    begins = _COPY_BEGINS.search(text)
    if begins and not original:
        original = _quoted_header(text[begins.start() :])
    if not groups and "final-recipient:" in text.lower():
        groups = _typed_out(text)
    return Parts(
        header=_fields(message),
        kind=f"{message.get_content_type()}; {_parameter(message, 'report-type')}".lower(),
        every={name.lower(): tuple(_all(message, name)) for name in dict.fromkeys(message.keys())},
        text=text[: begins.start()] if begins else text,
        groups=tuple(group for group in groups if group),
        feedback=feedback,
        receipt=receipt or _parameter(message, "report-type").lower() == "disposition-notification",
        original=original,
    )


def _walk(message: Message) -> Iterator[Message]:
    """The parts, without those of a message that is itself a part."""
    waiting, seen = [message], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
            waiting = [*_inside(part), *waiting]
        else:
            yield part


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return list(payload) if isinstance(payload, list) else []  # type: ignore[arg-type]


def _blocks(part: Message) -> list[Fields]:
    """The blocks of fields in a report, parsed by the library or left as text by it."""
    inside = _inside(part)
    if not inside:
        return [_fields(message_from_string(block)) for block in re.split(r"\n\s*\n", _text(part))]
    found = [_fields(block) for block in inside]
    # A report whose fields follow an empty line is a body to the library.
    loose = [text for block in inside if not block.keys() and (text := _text(block).strip())]
    return [one for one in found if one] or [_fields(message_from_string(text)) for text in loose]


def _typed_out(text: str) -> list[Fields]:
    """A delivery status that stands in the text of a mail."""
    blocks = (message_from_string(block.lstrip()) for block in re.split(r"\n\s*\n", text))
    return [fields for block in blocks if "final-recipient" in (fields := _fields(block))]


def _inner(part: Message) -> Fields:
    inside = _inside(part)
    return _fields(inside[0]) if inside else _fields(message_from_string(_text(part).lstrip()))


def _quoted_header(text: str) -> Fields:
    """The header of a message that is quoted in a text: from its first field to the first empty line."""
    lines = [line.lstrip("> |") for line in text.splitlines()]
    start = next((at for at, line in enumerate(lines) if re.match(r"[A-Za-z][A-Za-z-]+: ", line)), None)
    return {} if start is None else _fields(message_from_string("\n".join(lines[start:])))


def _fields(message: Message) -> Fields:
    found: Fields = {}
    for name in message.keys():  # noqa: SIM118 - the type is no mapping
        if value := next(iter(_all(message, name)), ""):
            found.setdefault(name.lower(), value)
    return found


def _all(message: Message, name: str) -> Iterable[str]:
    return [_decoded(value) for value in message.get_all(name, [])]


def _decoded(value: object) -> str:
    """A header's value on one line, its encoded words read."""
    text = str(value)
    with suppress(ValueError, LookupError, MessageError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.split())


def _parameter(message: Message, name: str) -> str:
    value = message.get_param(name, "")
    return value if isinstance(value, str) else ""


def _text(part: Message) -> str:
    """The text of a part, as well as it can be read."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = _parameter(part, "charset") or "utf-8"
    try:
        text = payload.decode(charset, "replace")
    except (LookupError, ValueError):
        text = payload.decode("utf-8", "replace")
    text = text.replace("\r\n", "\n")
    return _of_html(text) if part.get_content_type() == "text/html" else text


def _of_html(text: str) -> str:
    """The words of a page; each tag ends one."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - few reports are pages alone

    body = LexborHTMLParser(text).body
    return body.text(separator="\n") if body else ""
