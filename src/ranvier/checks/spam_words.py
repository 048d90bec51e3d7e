"""Words and habits that filters and tired readers punish in what editors write (R27, R246-R248).

To mend: edit `subject`, `preview` or the note in issue.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_SELLING = re.compile(
    r"\b(act now|buy now|order now|click (?:here|below)|limited time|last chance|don'?t miss|hurry|urgent"
    r"|risk[- ]free|no risk|100 ?% (?:free|safe|natural)|free (?:trial|gift|offer)|special offer|discount"
    r"|cheap(?:est)?|winner|congratulations|cash|earn money|exclusive deal|satisfaction guaranteed"
    r"|viagra|weight loss|secret (?:cure|remedy)|doctors hate)\b",
    re.IGNORECASE,
)
_SHOUTING = re.compile(r"!{2,}|\?{3,}|\${2,}|(?:\b[A-Z]{4,}\b[ ,]*){3,}")


def check_spam_words(proof: Proof) -> Iterator[Finding]:
    """`spam-words`, `shouting`."""
    issue = proof.issue
    places = (
        ("subject", issue.subject),
        ("preview line", issue.preview),
        ("note", issue.note),
        *((f"remark on {item.slug}", item.remark) for item in issue.items),
    )
    for place, text in places:
        if found := _SELLING.search(text):
            yield warning("spam-words", f'the {place} says "{found[0]}"', where=proof.where)
        if found := _SHOUTING.search(text):
            yield warning("shouting", f'the {place} shouts: "{found[0].strip()}"', where=proof.where)
