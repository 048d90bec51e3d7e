"""What people use to send a personalised digest from Python, each as well as it can be used for that.

python bench/peers.py NAME PORT READERS SAMPLE

SAMPLE is a file with one message as Ranvier makes it. Prints the size of the last message.
"""

from __future__ import annotations

import asyncio
import re
import smtplib
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SENDER = "digest@news.example.org"
CONNECTIONS = 4
_PERSONAL = re.compile(rb"reader1@list1\.example\.org|(?<=Message-ID: <)\w+(?=@)|(?<=/[up]/)[\w-]{20,}")
_LINK = re.compile(r"(?<=/[up]/)[\w-]{20,}")


class Sample:
    """One message, taken apart into what all readers share and what is one reader's own."""

    def __init__(self, wire: bytes) -> None:
        parsed = message_from_bytes(wire, policy=SMTP)
        self.subject = str(parsed["Subject"])
        self.headers = {
            name: str(parsed[name]) for name in ("List-Id", "List-Unsubscribe-Post", "Feedback-ID")
        }
        self.unsubscribe = str(parsed["List-Unsubscribe"])
        self.text, self.html = (part.get_content() for part in parsed.iter_parts())
        self._shared = _PERSONAL.split(wire)
        self._own = _PERSONAL.findall(wire)

    def wire(self, reader: int) -> bytes:
        """The ready bytes of a reader's message: pieces joined, nothing encoded."""
        address, token = address_of(reader).encode(), f"{reader:032x}".encode()
        pieces = [self._shared[0]]
        for own, shared in zip(self._own, self._shared[1:], strict=True):
            pieces += (address if b"@" in own else token, shared)
        return b"".join(pieces)

    def personal(self, reader: int) -> tuple[str, str, dict[str, str]]:
        """Text, HTML and headers of one reader."""
        token = f"{reader:032x}"
        headers = {**self.headers, "List-Unsubscribe": _LINK.sub(token, self.unsubscribe)}
        return _LINK.sub(token, self.text), _LINK.sub(token, self.html), headers


def address_of(reader: int) -> str:
    """A reader's address."""
    return f"reader{reader}@list{reader % 500}.example.org"


def email_message(sample: Sample, port: int, readers: range) -> int:
    """smtplib, an EmailMessage built for each reader."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for reader in readers:
            text, html, headers = sample.personal(reader)
            message = EmailMessage(policy=SMTP)
            message["From"], message["To"], message["Subject"] = SENDER, address_of(reader), sample.subject
            for name, value in headers.items():
                message[name] = value
            message.set_content(text)
            message.add_alternative(html, subtype="html")
            server.send_message(message)
    return len(message.as_bytes())


def spliced(sample: Sample, port: int, readers: range) -> int:
    """smtplib, given ready bytes."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for reader in readers:
            wire = sample.wire(reader)
            server.sendmail(SENDER, [address_of(reader)], wire)
    return len(wire)


def django(sample: Sample, port: int, readers: range) -> int:
    """Django's EmailMultiAlternatives over one connection that is kept open."""
    from django.conf import settings  # noqa: PLC0415 - each peer imports its own
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: PLC0415 - as above

    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port)
    with get_connection("django.core.mail.backends.smtp.EmailBackend") as connection:
        for reader in readers:
            text, html, headers = sample.personal(reader)
            message = EmailMultiAlternatives(
                sample.subject, text, SENDER, [address_of(reader)], headers=headers, connection=connection
            )
            message.attach_alternative(html, "text/html")
            message.send()
    return len(message.message().as_bytes())


def aiosmtplib(sample: Sample, port: int, readers: range) -> int:
    """The library aiosmtplib over several connections, given ready bytes."""
    import aiosmtplib as library  # noqa: PLC0415 - each peer imports its own

    async def lane(turns: Iterator[int]) -> None:
        async with library.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as client:
            for reader in turns:
                await client.sendmail(SENDER, [address_of(reader)], sample.wire(reader))

    async def lanes() -> None:
        turns = iter(readers)
        await asyncio.gather(*(lane(turns) for _ in range(CONNECTIONS)))

    try:
        from uvloop import run  # noqa: PLC0415 - the faster loop, as Ranvier has it
    except ImportError:
        run = asyncio.run  # type: ignore[assignment]  # takes fewer options, none of which is used
    run(lanes())
    return len(sample.wire(readers[-1]))


PEERS: dict[str, Callable[[Sample, int, range], int]] = {
    "email-message": email_message,
    "spliced": spliced,
    "django": django,
    "aiosmtplib": aiosmtplib,
}


if __name__ == "__main__":
    name, port, readers, sample = sys.argv[1:]
    print(PEERS[name](Sample(Path(sample).read_bytes()), int(port), range(1, int(readers) + 1)))
