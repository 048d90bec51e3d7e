"""Every copy has a visible link to unsubscribe and one to preferences, in both parts (R12, R112, R237).

To mend: put the slots back into the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error
from ranvier.checks.page import INERT, parse, squash, text_seen
from ranvier.rendering.chunks import SlotName, join

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_CODES = {
    SlotName.UNSUBSCRIBE_URL: ("no-unsubscribe", "no visible unsubscribe link"),
    SlotName.PREFERENCES_URL: ("no-preferences", "no visible link to preferences"),
}
_NO_ITEMS = 0
"""The smallest copy: what is in it is in all of them."""


def check_unsubscribe(proof: Proof) -> Iterator[Finding]:
    """`no-unsubscribe`, `no-preferences`."""
    for variant in proof.variants:
        html = join(variant.html, INERT, item_set=_NO_ITEMS)
        text = join(variant.text, INERT, item_set=_NO_ITEMS)
        for slot, (code, message) in _CODES.items():
            if not _links(html, INERT[slot]):
                yield error(code, message, where=f"{variant.audience}, html")
            if INERT[slot] not in text.split():
                yield error(code, message, where=f"{variant.audience}, text")


def _links(html: str, url: str) -> bool:
    """Whether a link with visible words leads to the address."""
    root = parse(html)
    links = () if root is None else root.iter("a")
    return any(link.get("href") == url and squash(text_seen(link)) for link in links)
