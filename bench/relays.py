"""The SMTP sinks that benches send to, each in a process of its own, and what they saw."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
POSTFIX = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
"""Where Debian's postfix puts smtp-source and smtp-sink."""

MISSING = "smtp-sink and smtp-source are missing (Debian: apt install postfix; nothing of it is started)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a sink saw. `first` is when the first message came (monotonic), `rate` is messages a second.

    The rate is that from the first message to the last: what a sender does before and after does not count.
    """

    messages: int
    first: float
    rate: float
    bytes: int = 0


class SmtpSink:
    """smtp-sink, observed through the counters that it prints after each message."""

    def __init__(self, port: int, counters: IO[bytes]) -> None:
        self.port = port
        self._counters = counters
        self._size = 0
        self._looks: list[tuple[float, int]] = []

    def look(self) -> bool:
        """Notes how many messages there are now. Called often; never says that it is enough."""
        size = os.fstat(self._counters.fileno()).st_size
        if size != self._size:
            self._size = size
            tail = os.pread(self._counters.fileno(), 80, max(0, size - 80))
            counts = re.findall(rb"mesg=(\d+)\D", tail)
            if counts and int(counts[-1]):
                self._looks.append((time.monotonic(), int(counts[-1])))
        return False

    def seen(self) -> Seen:
        """Everything so far."""
        self.look()
        (first, before), (last, messages) = self._looks[0], self._looks[-1]
        return Seen(messages=messages, first=first, rate=(messages - before) / (last - first or 1))


@contextmanager
def smtp_sink() -> Iterator[SmtpSink]:
    """A fresh smtp-sink. Raises FileNotFoundError where it is not installed."""
    program = postfix_tool("smtp-sink")
    port = free_port()
    as_nobody = [] if os.getuid() else ["-u", "nobody"]  # it refuses to serve as root
    command = [program, *as_nobody, "-c", f"127.0.0.1:{port}", "1000"]
    with (
        tempfile.TemporaryFile() as counters,
        subprocess.Popen(command, stdout=counters, stderr=subprocess.DEVNULL) as process,
    ):
        try:
            _wait_until_open(port, process)
            yield SmtpSink(port, counters)
        finally:
            process.terminate()


class OwnServer:
    """bench/sink.py or another server of ours that says the same about itself, a line of JSON at a time."""

    def __init__(self, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
        self._process = process
        self._said = said
        self.port = int(self._line("port")["port"])

    def look(self) -> bool:
        """Nothing has to be noted: it counts by itself."""
        return False

    def first(self) -> float:
        """When the first message came; 0 until then."""
        return next((line["first"] for line in self._lines() if "first" in line), 0.0)

    def seen(self) -> Seen:
        """Ends the server, and returns what it says."""
        self._process.terminate()
        self._process.wait()
        said = self._line("messages")
        if not said["messages"]:
            raise RuntimeError("nothing came to the sink")
        rate = (said["messages"] - said.get("before", 1)) / (said["last"] - said["first"] or 1)
        return Seen(messages=int(said["messages"]), first=said["first"], rate=rate, bytes=int(said["bytes"]))

    def _line(self, key: str) -> dict[str, float]:
        for _ in range(500):
            if found := [line for line in self._lines() if key in line]:
                return found[0]
            time.sleep(0.02)
        raise TimeoutError(f"the server did not say {key}")

    def _lines(self) -> list[dict[str, float]]:
        said = os.pread(self._said.fileno(), 4096, 0)
        return [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n")]


@contextmanager
def fast_sink(*options: str) -> Iterator[OwnServer]:
    """A fresh sink of our own; the options are those of bench/sink.py."""
    with own_server("sink.py", *options) as server:
        yield server


@contextmanager
def own_server(program: str, *options: str) -> Iterator[OwnServer]:
    """A server of this folder, in a process of its own."""
    command = [sys.executable, str(HERE / program), *options]
    with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdout=said) as process:
        try:
            yield OwnServer(process, said)
        finally:
            process.terminate()


def smtp_source(port: int, *, size: int, messages: int, sessions: int) -> list[str]:
    """The command of Postfix's own load generator. Raises FileNotFoundError where it is not installed."""
    tool = postfix_tool("smtp-source")
    options = ["-d", "-s", str(sessions), "-l", str(size), "-m", str(messages)]
    return [tool, *options, f"127.0.0.1:{port}"]


def postfix_tool(name: str) -> str:
    """Where a tool of Postfix lies. Raises FileNotFoundError with what to install."""
    found = shutil.which(name, path=POSTFIX)
    if not found:
        raise FileNotFoundError(MISSING)
    return found


def has_postfix(without: str) -> bool:
    """Whether Postfix's tools are there; if not, says what is left out and what to install."""
    try:
        postfix_tool("smtp-source")
    except FileNotFoundError as missing:
        print(f"left out, {without}: {missing}")
        return False
    return True


def free_port() -> int:
    """A port of loopback that was free just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if process.poll() is not None:
                raise
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("the sink did not start")
