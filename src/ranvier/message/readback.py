"""A message read back from its wire bytes, by the standard library's parser and not by what wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """HTML and text with their transfer encoding undone, and the header's names and values, unfolded."""

    html: bytes
    text: bytes
    headers: tuple[tuple[str, str], ...]


def read_back(wire: bytes) -> Arrived:
    """A message as it arrives; KeyError if a part lacks."""
    message = message_from_bytes(wire, policy=default)
    parts = {
        part.get_content_type(): payload
        for part in message.iter_parts()
        if isinstance(payload := part.get_payload(decode=True), bytes)
    }
    headers = tuple((name, str(value)) for name, value in message.items())
    return Arrived(html=parts["text/html"], text=parts["text/plain"], headers=headers)
