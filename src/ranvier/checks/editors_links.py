"""An editor's link that is no https address is left out of the mail (R217), and the editor should know.

To mend: link to the https address, or write the address out in words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_LINK = re.compile(r"\]\(\s*<?(?!https://)(?P<target>[^)\s>]+)", re.IGNORECASE)


def check_editors_links(proof: Proof) -> Iterator[Finding]:
    """`link-left-out`."""
    for words in (proof.issue.note, *(item.remark for item in proof.issue.items)):
        for link in _LINK.finditer(words):
            message = f"the link to {link['target']} is left out, because only https addresses are safe"
            yield warning("link-left-out", message, where=proof.where)
