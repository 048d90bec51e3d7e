"""Stands in for SendGrid's v3 mail/send in a process of its own: takes every request, counts the readers.

python bench/sendgrid_double.py

Prints its port, then when the first request was complete, and on SIGTERM what it saw; one JSON object a
line. The keys are those of bench/sink.py: `messages` are readers, `before` those of the first request.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
from time import monotonic, time

try:
    from uvloop import run
except ImportError:
    from asyncio import run  # type: ignore[assignment]  # takes fewer options, none of which is used

READER = b'"to":'
"""Stands once in each personalization, and nowhere else: quotes inside of texts are escaped in JSON."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Api:
    """What all connections share."""

    def __init__(self) -> None:
        self.requests = self.messages = self.before = self.bytes = 0
        self.first = self.last = 0.0

    def take(self, body: bytes) -> bytes:
        """The answer to a request."""
        self.last = monotonic()
        self.requests += 1
        self.bytes += len(body)
        self.messages += body.count(READER)
        if self.requests == 1:
            self.first, self.before = self.last, self.messages
            print(json.dumps({"first": self.first}), flush=True)
        return (
            "HTTP/1.1 202 Accepted\r\nServer: double\r\nContent-Length: 0\r\n"
            f"X-Message-Id: double-{self.requests}\r\nX-RateLimit-Limit: 10000\r\n"
            f"X-RateLimit-Remaining: 9999\r\nX-RateLimit-Reset: {int(time()) + 60}\r\n\r\n"
        ).encode()


class Connection(asyncio.Protocol):
    """Requests one after another, each with a Content-Length."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._parts: list[bytes] = []
        self._had = 0
        self._needed = 0  # bytes of head and body; 0 until the head is there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As `asyncio.Protocol` says."""
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]  # TCP can write

    def data_received(self, data: bytes) -> None:
        """As `asyncio.Protocol` says."""
        self._parts.append(data)
        self._had += len(data)
        if not self._needed:
            self._read_head()
        while self._needed and self._had >= self._needed:
            whole = b"".join(self._parts)
            request, rest = whole[: self._needed], whole[self._needed :]
            self._parts, self._had, self._needed = [rest], len(rest), 0
            self._transport.write(self._api.take(request[request.index(b"\r\n\r\n") + 4 :]))
            self._read_head()

    def _read_head(self) -> None:
        came = b"".join(self._parts)
        head, end, _ = came.partition(b"\r\n\r\n")
        if end:
            found = _LENGTH.search(head)
            self._needed = len(head) + len(end) + (int(found[1]) if found else 0)


async def serve() -> None:
    """Until SIGTERM."""
    api = Api()
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    server = await loop.create_server(lambda: Connection(api), "127.0.0.1", 0, backlog=100)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await ended.wait()
    print(json.dumps(vars(api)), flush=True)


if __name__ == "__main__":
    run(serve())
