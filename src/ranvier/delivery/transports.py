"""Opens the transport that a URL names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.delivery.outbox import Outbox
from ranvier.delivery.smtp import Smtp
from ranvier.delivery.urls import OutboxOptions, SmtpOptions, TransportOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ranvier.delivery.compose import Compose
    from ranvier.delivery.handover import Transport
    from ranvier.message.sender import Sender


def open_transport(  # noqa: PLR0913 - what the three of them need, read outside
    options: TransportOptions,
    compose: Compose,
    *,
    sender: Sender,
    issue: str,
    workspace: Path,
    sendgrid_key: str,
    clock: Callable[[], float],
) -> Transport:
    """A transport for one issue; connects to nothing yet. `clock` is epoch seconds.

    Raises ConfigurationError when SendGrid is meant and its key is missing.
    """
    if isinstance(options, OutboxOptions):
        return Outbox(workspace / options.path, compose, sender=sender.address, issue=issue)
    if isinstance(options, SmtpOptions):
        return Smtp(options, compose, sender=sender.address)
    from ranvier.delivery.sendgrid import SendGrid  # noqa: PLC0415 - its client takes 0.1 s to import

    return SendGrid(options, compose, sender=sender, key=sendgrid_key, clock=clock)
