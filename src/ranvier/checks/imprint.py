"""How to read research, that this is no advice, who is behind it, where to reach them (R112, R140, R276).

To mend: fill the key in newsletter.toml, or put its text back into the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_imprint(page: Page, proof: Proof) -> Iterator[Finding]:
    """`no-how-to-read`, `no-advice-notice`, `no-how-made`, `no-publisher`, `no-postal-address`, `no-contact`.

    They stand outside the items, so that every copy has them.
    """
    publication, said = proof.publication, proof.publication.disclosures
    required = {
        "no-how-to-read": ("how to read research", said.how_to_read),
        "no-advice-notice": ("that this is not medical advice", said.not_advice),
        "no-how-made": ("how the digest is made", said.how_made),
        "no-publisher": ("who is behind it", publication.publisher),
        "no-postal-address": ("the postal address", publication.postal_address),
        "no-contact": ("the contact", publication.contact),
    }
    for code, (what, text) in required.items():
        if not text.strip() or not page.shows(text):
            yield error(code, f"does not say {what}", where=page.where)
