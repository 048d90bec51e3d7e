"""Where providers tell what became of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ranvier.events.sendgrid_signature import SIGNATURE, TIMESTAMP, is_signed, webhook_key
from ranvier.pipeline.provider_news import take_in

if TYPE_CHECKING:
    from ranvier.pipeline.transport import Clocks
    from ranvier.settings.workspace import Workspace

SENDGRID = "/webhooks/sendgrid"

MOST_BYTES = 4 * 1024 * 1024
"""Of a request: SendGrid's batches reach 768 kB (R184)."""


def hook_routes(workspace: Workspace, clocks: Clocks) -> APIRouter:
    """`/webhooks/sendgrid`, if the workspace says whose signature to believe.

    Raises ConfigurationError for a key that is none.
    """
    router = APIRouter()
    given, where = workspace.webhook_key
    if not given:
        return router
    key = webhook_key(given, where=where)

    @router.post(SENDGRID, response_class=PlainTextResponse)
    async def sendgrid(request: Request) -> Response:
        """A batch of events: kept before the answer, and counted once however often it comes (R185)."""
        body, now = await request.body(), clocks.now()
        headers = request.headers
        signed = is_signed(
            key,
            body,
            signature=headers.get(SIGNATURE, ""),
            timestamp=headers.get(TIMESTAMP, ""),
            clocks=(clocks.clock(), now.timestamp()),  # one and the same, but where RANVIER_NOW is set
        )
        if not signed:
            return PlainTextResponse("the signature does not verify", 403)
        await run_in_threadpool(take_in, workspace, body, now=now)
        return Response(status_code=204)

    return router
