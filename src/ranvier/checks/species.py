"""Work in animals, cells or the laboratory says so in its first sentence, not only in its title (R256).

The title and the label say so by themselves. To mend: write "in mice" into the key takeaway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import warning
from ranvier.rendering.words import says_where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_species(proof: Proof) -> Iterator[Finding]:
    """`species-unsaid`."""
    for summary in proof.chosen:
        if not says_where(summary, summary.takeaway):
            message = "the key takeaway does not say that this was not in people"
            yield warning("species-unsaid", message, where=summary.slug)
