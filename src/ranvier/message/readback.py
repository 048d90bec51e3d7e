"""A message read back from its wire bytes, by the standard library's parser and not by what wrote them."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default


def read_back(wire: bytes) -> tuple[bytes, bytes]:
    """HTML and text of a message as they arrive, their transfer encoding undone; KeyError if one lacks."""
    parts = {
        part.get_content_type(): payload
        for part in message_from_bytes(wire, policy=default).iter_parts()
        if isinstance(payload := part.get_payload(decode=True), bytes)
    }
    return parts["text/html"], parts["text/plain"]
