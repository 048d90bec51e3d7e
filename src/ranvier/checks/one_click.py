"""The mail program's own unsubscribe button needs two headers, letter by letter (RFC 8058 3.1; R1, R2, R45).

Nothing that an editor writes can break them; this reads them back from the final bytes. To mend: report it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_ONE_HTTPS = re.compile(r"<https://[!-;=?-~]+>(\s*,\s*<mailto:[!-;=?-~]+>)?")
_ONCE = ("from", "to", "subject", "date", "message-id", "mime-version", "list-id", "list-unsubscribe")


def check_one_click(proof: Proof) -> Iterator[Finding]:
    """`no-one-click`, `header-not-once`."""
    for variant in proof.variants:
        copy = proof.copies.get(variant.audience)
        if copy is None:
            continue
        fields = [(name.lower(), value) for name, value in copy.headers]
        link = dict(fields).get("list-unsubscribe", "")
        post = dict(fields).get("list-unsubscribe-post", "")
        if not _ONE_HTTPS.fullmatch(link.strip()) or post.strip() != "List-Unsubscribe=One-Click":
            message = "its headers do not give mail programs an unsubscribe button"
            yield error("no-one-click", message, where=variant.audience)
        names = [name for name, _ in fields]
        for name in _ONCE:
            if names.count(name) != 1:
                message = f"its header has {name} {names.count(name)} times"
                yield error("header-not-once", message, where=variant.audience)
