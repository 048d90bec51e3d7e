"""How much a stranger may send: larger requests are refused before they are read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

PATIENCE = 30.0
"""Seconds that a request may take to arrive."""

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """Answers 413 to a body of more than `most` bytes, declared or not; some paths may have more."""

    def __init__(self, app: ASGIApp, *, most: int, at: Mapping[str, int]) -> None:
        self._app = app
        self._most = most
        self._at = at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, which is small, and pass it on whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, most = bytearray(), self._at.get(scope["path"], self._most)
        latest = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                async with asyncio.timeout_at(latest):
                    message = await receive()
            except TimeoutError:
                await PlainTextResponse("too slow", 408)(scope, receive, send)
                return
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if len(body) > most:
                await PlainTextResponse("too large", 413)(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def given() -> Message:
            return whole.pop() if whole else await receive()

        await self._app(scope, given, send)


class UnderPath:
    """Lets the pages stand under a path behind a proxy, whether it takes the path off or not."""

    def __init__(self, app: ASGIApp, *, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the path off."""
        asked = scope.get("path", "")
        if self._path and scope["type"] == "http" and f"{asked}/".startswith(f"{self._path}/"):
            scope = {**scope, "path": asked.removeprefix(self._path) or "/", "raw_path": None}
        await self._app(scope, receive, send)


class HeadAsGet:
    """Answers HEAD as GET without its body: link checkers and monitors ask so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the body out of the answer."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)
