"""A label that does not say AI labels nothing (AI Act Art. 50, R142).

To mend: write `issue_label` and `item_label` in newsletter.toml so that they name AI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_AI = frozenset({"AI", "KI", "IA"})
"""As English, German and the Romance languages write it."""


def names_ai(words: str) -> bool:
    """Whether a text says AI."""
    return not _AI.isdisjoint(re.findall(r"\w+", words))


def check_ai_named(proof: Proof) -> Iterator[Finding]:
    """`label-without-ai`."""
    said = proof.publication.disclosures
    for key, label in (("issue_label", said.issue_label), ("item_label", said.item_label)):
        if not names_ai(label):
            message = f'{key} = "{label}" does not say that AI wrote the text'
            yield error("label-without-ai", message, where="newsletter.toml: [disclosures]")
