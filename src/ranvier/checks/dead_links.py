"""Links that were followed, if a person asked for it (`check --links`).

Publishers turn programs away (401, 403, 429), so only what says that there is nothing counts as dead.
To mend: correct the address in the summary's file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_dead_links(proof: Proof) -> Iterator[Finding]:
    """`dead-link`."""
    for url, trouble in proof.followed.items():
        if trouble:
            yield warning("dead-link", f"{url}: {trouble}", where=proof.where)
