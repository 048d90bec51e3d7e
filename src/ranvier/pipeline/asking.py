"""What others are asked about an issue: a spam filter, if [checks] names one, and the links, if wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from ranvier.message.identity import date_header, slot_values
from ranvier.message.template import boundary, for_items, message_template, splice
from ranvier.pipeline.following import follow
from ranvier.pipeline.spamd import spam_score
from ranvier.rendering.greeting import greeting
from ranvier.tokens import Secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ranvier.checks.proof import SpamScore
    from ranvier.pipeline.rendered import Rendered
    from ranvier.rendering.chunks import Variant
    from ranvier.settings.workspace import Workspace

_LINK = re.compile(r'href="(https://[^"]+)"')
_SAMPLE = Secrets((b"of a copy that nobody gets",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Scores by audience; addresses with what is wrong there."""

    spam: Mapping[str, SpamScore | None] = field(default_factory=dict)
    followed: Mapping[str, str] = field(default_factory=dict)


NOBODY = Asked()


def ask(workspace: Workspace, made: Rendered, *, now: datetime, links: bool = False) -> Asked:
    """The answers; without spamd in [checks] and without `links`, nobody is asked."""
    spamd = workspace.settings.checks.spamd
    copies = {variant.audience: _sample(variant, made, now) for variant in made.frozen.variants if spamd}
    return Asked(
        spam={audience: spam_score(wire, spamd=spamd) for audience, wire in copies.items()},
        followed=follow(_links(made)) if links else {},
    )


def _links(made: Rendered) -> Iterator[str]:
    """Where the copies lead, without the personal pages, which nobody has yet."""
    for copy in made.copies.values():
        for found in _LINK.finditer(copy.html.decode("ascii")):
            if not unescape(found[1]).startswith(f"{made.frozen.site}/"):
                yield unescape(found[1])


def _sample(variant: Variant, made: Rendered, now: datetime) -> bytes:
    """A whole message to a reader who does not exist."""
    template = message_template(variant, header=made.frozen.header, boundary=boundary(made.fingerprint))
    values = slot_values(
        _SAMPLE,
        issue_id=made.issue.id,
        subscriber_id=1,
        address=f"reader@{made.frozen.sender.domain}",
        greeting=greeting(""),
        site=made.frozen.site,
        domain=made.frozen.sender.domain,
        date=date_header(now),
    )
    return splice(for_items(template, -1), values)
