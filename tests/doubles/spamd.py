"""A spamd of our own: a socket that says what it is told to say."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def spamd(points: float, rules: str) -> Iterator[tuple[str, list[bytes]]]:
    """Its host:port, and the requests that it got."""
    heard: list[bytes] = []
    body = rules.encode()
    answer = (
        b"SPAMD/1.1 0 EX_OK\r\nContent-length: %d\r\nSpam: True ; %.1f / 5.0\r\n\r\n" % (len(body), points)
        + body
    )
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                heard.append(_everything(connection))
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def _everything(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))
