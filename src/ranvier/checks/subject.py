"""A subject that is there, honest and quiet; filters and readers punish the others (R27, R34, R244).

To mend: edit `subject` in issue.md.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

LONGEST = 150
"""Characters; inboxes show about 60 of them."""

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Controls, line ends, and marks such as direction overrides, which make a subject read as another."""

_JOINER = "\N{ZERO WIDTH JOINER}"  # emoji are made with it

_REPLY = re.compile(r"\s*(re|fwd?|aw|wg)\s*:", re.IGNORECASE)
_SHORTEST_SHOUT = 8
"""Letters; "MS" or "FDA" alone is an abbreviation."""


def check_subject(proof: Proof) -> Iterator[Finding]:
    """`no-subject`, `long-subject`, `subject-control`, `subject-shouts`, `subject-reply`."""
    subject = proof.issue.subject
    letters = [char for char in subject if char.isalpha()]
    if not subject.strip():
        yield error("no-subject", "the subject is empty; write one", where=proof.where)
    if len(subject) > LONGEST:
        yield error(
            "long-subject",
            f"the subject has {len(subject)} characters; {LONGEST} are the limit",
            where=proof.where,
        )
    if any(unicodedata.category(char) in _UNSEEN and char != _JOINER for char in subject):
        yield error(
            "subject-control", "the subject holds a line break or a control character", where=proof.where
        )
    if len(letters) >= _SHORTEST_SHOUT and all(char.isupper() for char in letters):
        yield error(
            "subject-shouts", "the subject is all capitals; write it as a sentence", where=proof.where
        )
    if _REPLY.match(subject):
        yield error(
            "subject-reply", "the subject pretends to be a reply; take the prefix out", where=proof.where
        )
