"""Serves pages on this machine until Ctrl-C."""

from __future__ import annotations

import signal
import socket
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import uvicorn

from ranvier.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from starlette.applications import Starlette

LOOPBACK = "127.0.0.1"
HOUR = 3600.0
"""Seconds."""


def listen(port: int, *, host: str = LOOPBACK) -> socket.socket:
    """A socket, of this machine alone unless a host is named; port 0 takes a free one.

    Raises UsageError for an address that cannot be had.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        raise UsageError(f"{host} port {port} cannot be used: {error}", where="--port") from error


def serve(app: Starlette, listening: socket.socket, *, chores: Callable[[], None] | None = None) -> None:
    """Answer until SIGINT or SIGTERM, which `app.state.ending` tells those who wait.

    `chores` are done at once and every hour, beside the answers.
    """
    app.state.ending = False
    config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=5)
    ended = Event()
    worker = Thread(target=_work, args=(chores, ended)) if chores else None
    if worker:
        worker.start()
    try:
        _Server(config, app).run(sockets=[listening])
    finally:
        ended.set()
        if worker:
            worker.join()


def _work(chores: Callable[[], None], ended: Event) -> None:
    while not ended.is_set():
        chores()
        ended.wait(HOUR)


class _Server(uvicorn.Server):
    """Ends quietly: uvicorn's own would raise the signal once more, and Ctrl-C is how a preview ends."""

    def __init__(self, config: uvicorn.Config, pages: Starlette) -> None:
        super().__init__(config)
        self._pages = pages

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._pages.state.ending = True  # who waits for changes looks at it

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
