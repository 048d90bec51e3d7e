"""A fast SMTP sink in a process of its own: takes every message, keeps none, counts them.

python bench/sink.py [--delay SECONDS] [--chunking]

Prints its port, then when the first message came, and on SIGTERM what it saw; one JSON object a line. Times
are of the monotonic clock. With --delay each answer to the end of a message (the final dot, or BDAT with
LAST) leaves that long after it was due. No other answer is late: what was pipelined behind it only waits
its turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from collections import deque
from time import monotonic

try:
    from uvloop import run
except ImportError:
    from asyncio import run  # type: ignore[assignment]  # takes fewer options, none of which is used

ROOM = 1 << 18
"""Bytes that one read may bring."""

END = b"\r\n.\r\n"
TAKEN = b"250 2.0.0 taken\r\n"
ANSWERS = {
    b"HELO": b"250 sink\r\n",
    b"MAIL": b"250 2.1.0 ok\r\n",
    b"RSET": b"250 2.0.0 ok\r\n",
    b"NOOP": b"250 2.0.0 ok\r\n",
}


class Sink:
    """What all connections share: the counts, and the answers that are held back."""

    def __init__(self, *, delay: float, chunking: bool) -> None:
        extensions = [b"PIPELINING", b"8BITMIME", b"SMTPUTF8", *([b"CHUNKING"] if chunking else ())]
        lines = [b"sink", *extensions]
        self.greeting = b"".join(b"250-%s\r\n" % line for line in lines[:-1]) + b"250 %s\r\n" % lines[-1]
        self.delay = delay
        self.chunking = chunking
        self.messages = self.bytes = self.connections = 0
        self.first = self.last = 0.0
        self._held: deque[tuple[float, Session]] = deque()
        self._loop = asyncio.get_running_loop()

    def count(self) -> None:
        """One more message is complete."""
        self.last = monotonic()
        self.messages += 1
        if self.messages == 1:
            self.first = self.last
            print(json.dumps({"first": self.first}), flush=True)

    def hold(self, due: float, session: Session) -> None:
        """Wake `session` when its answer is due."""
        if not self._held:
            self._loop.call_at(due, self._wake)
        self._held.append((due, session))

    def release(self, now: float) -> None:
        """Let go of the answers that are due; the loop's own timers are a millisecond coarse."""
        while self._held and self._held[0][0] <= now:
            self._held.popleft()[1].flush(now)

    def _wake(self) -> None:
        self.release(self._loop.time())
        if self._held:
            self._loop.call_at(self._held[0][0], self._wake)


class Session(asyncio.BufferedProtocol):
    """One connection. What is read lies in one buffer; `_kept` bytes of it are not understood yet."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._loop = asyncio.get_running_loop()
        self._buffer = bytearray(ROOM)
        self._view = memoryview(self._buffer)
        self._kept = 0
        self._understand = self._command
        self._recipients = 0
        self._missing = 0  # bytes of a BDAT chunk that are still to come
        self._last_chunk = False
        self._answers: deque[tuple[float, bytes]] = deque()
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greets."""
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]  # TCP can write
        self._sink.connections += 1
        self._transport.write(b"220 sink ESMTP\r\n")

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where the next bytes go."""
        del sizehint
        return self._view[self._kept :]

    def buffer_updated(self, nbytes: int) -> None:
        """Understands as much as came, and answers all of it in one write."""
        self._sink.bytes += nbytes
        end = self._kept + nbytes
        start = 0
        while True:
            understand = self._understand
            position = understand(start, end)
            if position == start and understand == self._understand:
                break
            start = position
        self._kept = end - start
        if start and self._kept:
            self._buffer[: self._kept] = self._buffer[start:end]
        now = self._loop.time()
        self._sink.release(now)
        self.flush(now)
        if self._kept == ROOM:
            self._transport.abort()  # a line without end

    def flush(self, now: float) -> None:
        """Sends the answers that are due, in the order of the commands."""
        ready = []
        while self._answers and self._answers[0][0] <= now:
            ready.append(self._answers.popleft()[1])
        if ready:
            self._transport.write(b"".join(ready))

    # ---- each takes what it understands of buffer[start:end], and returns where the rest begins ----

    def _command(self, start: int, end: int) -> int:
        newline = self._buffer.find(b"\n", start, end)
        if newline < 0:
            return start
        line = bytes(self._view[start:newline]).upper()
        verb = line[:4].rstrip()
        if verb == b"DATA" and self._recipients:
            self._answer(b"354 go on\r\n")
            self._understand = self._body
            # An empty message is a dot right behind this line's own CRLF.
            return newline - 1
        if verb == b"BDAT" and self._recipients and self._sink.chunking:
            self._missing = int(line.split()[1])
            self._last_chunk = b"LAST" in line
            self._understand = self._chunk
        else:
            self._obey(verb, line)
        return newline + 1

    def _body(self, start: int, end: int) -> int:
        # From the end: nothing but the next envelope can follow a body that is not answered yet.
        found = self._buffer.rfind(END, start, end)
        if found < 0:
            return max(start, end - len(END) + 1)
        self._complete()
        return found + len(END)

    def _chunk(self, start: int, end: int) -> int:
        taken = min(self._missing, end - start)
        self._missing -= taken
        if not self._missing:
            if self._last_chunk:
                self._complete()
            else:
                self._answer(b"250 2.0.0 more\r\n")
                self._understand = self._command
        return start + taken

    def _complete(self) -> None:
        self._sink.count()
        self._recipients = 0
        self._understand = self._command
        if not self._sink.delay:
            self._answer(TAKEN)
            return
        # A relay takes one message of a connection after the other.
        self._due = max(self._loop.time(), self._due) + self._sink.delay
        self._answers.append((self._due, TAKEN))
        self._sink.hold(self._due, self)

    def _obey(self, verb: bytes, line: bytes) -> None:
        if verb == b"RCPT":
            self._recipients += 1
            self._answer(b"250 2.1.5 ok\r\n")
        elif verb == b"EHLO":
            self._answer(self._sink.greeting)
        elif verb == b"QUIT":
            self._answer(b"221 2.0.0 bye\r\n")
            self.flush(self._loop.time())
            self._transport.close()
        elif verb in (b"DATA", b"BDAT"):
            self._answer(b"503 5.5.1 no recipient\r\n")
        else:
            self._recipients = 0
            self._answer(ANSWERS.get(verb, b"500 5.5.2 what is " + line[:40] + b"\r\n"))

    def _answer(self, line: bytes) -> None:
        self._answers.append((0.0, line))


async def serve(*, delay: float, chunking: bool) -> None:
    """Until SIGTERM."""
    sink = Sink(delay=delay, chunking=chunking)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    server = await loop.create_server(lambda: Session(sink), "127.0.0.1", 0, backlog=1000)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await ended.wait()
    names = ("messages", "bytes", "connections", "first", "last")
    print(json.dumps({name: getattr(sink, name) for name in names}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A fast SMTP sink")
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--chunking", action="store_true")
    given = parser.parse_args()
    run(serve(delay=given.delay, chunking=given.chunking))
