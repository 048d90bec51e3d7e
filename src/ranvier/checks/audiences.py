"""An item that no audience is shown was chosen in vain. To mend: raise `max_items`, or drop the item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_audiences(proof: Proof) -> Iterator[Finding]:
    """`not-shown`."""
    for index, item in enumerate(proof.issue.items):
        if not any(variant.items & 1 << index for variant in proof.variants):
            yield warning("not-shown", "no audience is shown this item", where=item.slug)
