"""An issue without items is not worth anyone's time. To mend: add items to issue.md, or cancel the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof


def check_empty(proof: Proof) -> Iterator[Finding]:
    """`empty`, and `nothing-for-audience` where only some readers get something."""
    if not proof.issue.items or not any(variant.items for variant in proof.variants):
        yield error("empty", "the issue has no items that anyone is shown", where=proof.where)
        return
    for variant in proof.variants:
        if not variant.items:
            message = "no item is for this audience; its readers get no mail"
            yield warning("nothing-for-audience", message, where=variant.audience)
