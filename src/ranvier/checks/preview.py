"""Inboxes show the preview line beside the subject, so it says first who wrote what follows (R142, R216).

To mend: begin `preview` in issue.md with words such as "AI-written summaries".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.ai_named import names_ai
from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_FIRST_WORDS = 5


def check_preview(proof: Proof) -> Iterator[Finding]:
    """`no-preview`, `preview-label`."""
    preview = proof.issue.preview
    if not preview.strip():
        yield error("no-preview", "the preview line is empty; write one", where=proof.where)
    elif not names_ai(" ".join(preview.split()[:_FIRST_WORDS])):
        yield error(
            "preview-label",
            'the preview line must begin by naming AI, for example "AI-written summaries of …"',
            where=proof.where,
        )
