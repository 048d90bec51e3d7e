"""An SMTP connection as a stream of replies, in the order in which they were asked for."""

from __future__ import annotations

import asyncio
import re
import socket
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

LONGEST_LINE = 8192
"""Bytes; RFC 5321 4.5.3.1.5 allows 512, servers write more."""

_REPLY = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?", re.DOTALL)

Answered = tuple[int, str]
"""The code and the words of a reply, one line per line."""


class Connection(asyncio.Protocol):
    """Raises OSError, and nothing else, for whatever the peer or the network does."""

    def __init__(self, *, timeout: float | None) -> None:
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._replies: deque[Answered] = deque()
        self._rest = b""
        self._lines: list[bytes] = []
        self._lost: OSError | None = None
        self._blocked = False
        self._waiter: asyncio.Future[None] | None = None

    # ---- what a session does with it ----

    def write(self, *data: bytes) -> None:
        """Sends, or keeps what the network does not take yet."""
        if self._transport and not self._lost:
            self._transport.writelines(data)

    async def written(self, seconds: float) -> None:
        """Returns when the network has taken all of it, to the last byte. Raises if it has not."""
        while self._blocked and not self._lost:
            await self._wait(seconds)
        if self._lost:
            raise self._lost

    async def reply(self, seconds: float) -> Answered:
        """The next reply. Raises when none comes any more."""
        while not self._replies:
            if self._lost:
                raise self._lost
            await self._wait(seconds)
        return self._replies.popleft()

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """TLS from here on. What the peer has said beyond its go-ahead is an attack (RFC 3207, R78)."""
        if self._rest or self._lines or self._replies:
            raise ConnectionAbortedError("the server spoke before encryption began; is someone in between?")
        if self._transport is None:
            raise ConnectionResetError("the connection is closed")
        upgraded = await self._loop.start_tls(self._transport, self, context, server_hostname=host)
        if upgraded is None:
            raise ConnectionResetError("the connection was closed during encryption")
        self._use(upgraded)

    def abort(self) -> None:
        """Hang up without a word."""
        self._fail(ConnectionAbortedError("we hung up"))

    # ---- what the event loop does with it ----

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As `asyncio.Protocol` says."""
        self._use(transport)  # type: ignore[arg-type]  # a stream's transport can write

    def data_received(self, data: bytes) -> None:
        """As `asyncio.Protocol` says."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self._lost:
                return  # what follows nonsense answers nobody knows what
            self._take(line.removesuffix(b"\r"))
        if len(self._rest) > LONGEST_LINE:
            self._fail(ConnectionAbortedError("the server said a line without end"))
        self._wake()

    def pause_writing(self) -> None:
        """As `asyncio.Protocol` says."""
        self._blocked = True

    def resume_writing(self) -> None:
        """As `asyncio.Protocol` says."""
        self._blocked = False
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """As `asyncio.Protocol` says."""
        closed = ConnectionResetError("the server closed the connection")
        self._fail(exc if isinstance(exc, OSError) else closed)

    # ---- inside ----

    def _use(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        # So that `written` knows about every byte. With TLS 0 would mean "always full"; a record that lacks
        # its last byte says nothing to the peer, so 1 knows as much.
        transport.set_write_buffer_limits(high=1 if transport.get_extra_info("ssl_object") else 0, low=0)
        if raw := transport.get_extra_info("socket"):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _take(self, line: bytes) -> None:
        found = _REPLY.fullmatch(line) if len(line) <= LONGEST_LINE else None
        if not found:
            self._fail(ConnectionAbortedError("the server said something that is no SMTP reply"))
            return
        self._lines.append(found[3] or b"")
        if found[2] != b"-":
            text = b"\n".join(self._lines).decode("utf-8", "replace")
            self._replies.append((int(found[1]), text))
            self._lines = []

    async def _wait(self, seconds: float) -> None:
        self._waiter = self._loop.create_future()
        seconds = self._timeout or seconds
        timer = self._loop.call_later(seconds, self._give_up, seconds)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _give_up(self, seconds: float) -> None:
        self._fail(TimeoutError(f"nothing was heard for {seconds:g} seconds"))

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, error: OSError) -> None:
        self._lost = self._lost or error
        if self._transport:
            self._transport.abort()
        self._wake()
