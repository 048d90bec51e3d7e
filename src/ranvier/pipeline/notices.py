"""Mails about the list itself, handed over one by one."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from ranvier.approval.frozen import Frozen
from ranvier.delivery.notice_copy import NoticeCopy
from ranvier.message.headers import notice_header
from ranvier.pipeline.one_mail import hand_over, to_address
from ranvier.pipeline.transport import signer
from ranvier.rendering.notice import render_notice
from ranvier.rendering.templates import load_templates

if TYPE_CHECKING:
    from ranvier.delivery.handover import State
    from ranvier.pipeline.transport import Clocks
    from ranvier.rendering.notice import Notice
    from ranvier.settings.workspace import Workspace


def send_notice(workspace: Workspace, notice: Notice, address: str, clocks: Clocks) -> State:
    """What became of it; nothing of it is kept."""
    settings = workspace.settings
    templates = load_templates(*workspace.templates, compiled=workspace.compiled_templates)
    frozen = Frozen(
        variants=(render_notice(notice, settings.publication, templates),),
        header=notice_header(notice.subject, settings.sender),
        subject=notice.subject,
        sender=settings.sender,
        site=settings.publication.links.site,
    )
    compose = NoticeCopy(frozen, unique=token_hex(16), now=clocks.now, signer=signer(workspace))
    one = to_address(address)
    state, _ = hand_over(workspace, one, compose, sender=settings.sender, issue="notice", clocks=clocks)
    return state
