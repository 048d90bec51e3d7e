"""The transport that a workspace names, loaded with an issue; an option that it lacks is an error."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ranvier.approval.frozen import from_json
from ranvier.delivery.frozen_copy import FrozenCopy
from ranvier.delivery.outbox import Outbox
from ranvier.delivery.transports import open_transport
from ranvier.delivery.urls import SendGridOptions, parse_transport
from ranvier.errors import ConfigurationError
from ranvier.message.dkim import open_signer
from ranvier.settings import FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ranvier.approval.frozen import Frozen
    from ranvier.delivery.compose import Compose
    from ranvier.delivery.handover import Transport
    from ranvier.delivery.urls import TransportOptions
    from ranvier.message.dkim import Signer
    from ranvier.message.sender import Sender
    from ranvier.settings.workspace import Workspace
    from ranvier.store.issues import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Editorial time, which messages bear, and Unix seconds, by which waits are counted."""

    now: Callable[[], datetime]
    clock: Callable[[], float]


def issue_transport(workspace: Workspace, record: Record, clocks: Clocks) -> Transport:
    """For an approved issue; connects to nothing yet."""
    frozen = from_json(record.frozen or "")
    copy = _copy(workspace, record, frozen, clocks, signer(workspace))
    return workspace_transport(workspace, copy, sender=frozen.sender, issue=record.id, clocks=clocks)


def workspace_transport(
    workspace: Workspace, compose: Compose, *, sender: Sender, issue: str, clocks: Clocks
) -> Transport:
    """For anything that can be composed; connects to nothing yet."""
    options = parse_transport(workspace.transport_url, where="RANVIER_TRANSPORT")
    _refuse_what_it_lacks(workspace, options, sender)
    return open_transport(
        options,
        compose,
        sender=sender,
        issue=issue,
        workspace=workspace.root,
        sendgrid_key=workspace.environment.sendgrid_key,
        clock=clocks.clock,
    )


def issue_outbox(workspace: Workspace, record: Record, clocks: Clocks) -> Outbox | None:
    """The folder to which an issue was handed over; None if it went anywhere else."""
    scheme, _, path = (record.transport or "").partition(":")
    if scheme != "outbox":
        return None
    frozen = from_json(record.frozen or "")
    copy = _copy(workspace, record, frozen, clocks)
    return Outbox(Path(path), copy, sender=frozen.sender.address, issue=record.id)


def signer(workspace: Workspace) -> Signer | None:
    """What signs with DKIM, if the publication says so."""
    dkim = workspace.settings.dkim
    if dkim is None:
        return None
    try:
        key = (workspace.root / dkim.key_file).read_bytes()
    except OSError as error:
        message = f'key_file = "{dkim.key_file}" cannot be read: {error.strerror}'
        raise ConfigurationError(message, where=f"{FILE}: [dkim]") from error
    return open_signer(dkim, key)


def _copy(
    workspace: Workspace, record: Record, frozen: Frozen, clocks: Clocks, signer: Signer | None = None
) -> FrozenCopy:
    return FrozenCopy(
        frozen,
        issue=record.id,
        fingerprint=record.fingerprint or "",
        secrets=workspace.secrets,
        now=clocks.now,
        signer=signer,
    )


def _refuse_what_it_lacks(workspace: Workspace, options: TransportOptions, sender: Sender) -> None:
    if not isinstance(options, SendGridOptions):
        return
    if workspace.settings.dkim:
        message = "SendGrid signs by itself; take the table out, and verify the domain at SendGrid"
        raise ConfigurationError(message, where=f"{FILE}: [dkim]")
    if sender.bounce_domain:
        message = "SendGrid has no return path of ours; take bounce_domain out (its events tell of bounces)"
        raise ConfigurationError(message, where=f"{FILE}: [sender]")
    if workspace.settings.delivery.pace.by_domain:
        message = "SendGrid paces domains by itself; take per_domain and domains out, rate may stay"
        raise ConfigurationError(message, where=f"{FILE}: [delivery.pace]")
