"""What SpamAssassin makes of the whole message, if [checks] names a spamd (R242).

To mend: the names in the finding are SpamAssassin's tests; its documentation says what each looks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

SPAM = 5.0
"""SpamAssassin's own threshold (`required_score`)."""
CLEAN = 0.5
"""What an issue should stay below."""


def check_spam_score(proof: Proof) -> Iterator[Finding]:
    """`spam-score`, `spam-unknown` when the filter did not answer."""
    for audience, score in proof.spam.items():
        if score is None:
            message = "the spam filter of [checks] spamd did not answer; this copy has no score"
            yield warning("spam-unknown", message, where=audience)
        elif score.points > CLEAN:
            say = error if score.points >= SPAM else warning
            rules = ", ".join(score.rules) or "no rule named"
            yield say("spam-score", f"SpamAssassin gives it {score.points:g} points: {rules}", where=audience)
