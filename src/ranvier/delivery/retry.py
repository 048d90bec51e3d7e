"""What a reply means and when to try again (RFC 5321 4.2.1 and 4.5.4.1, RFC 3463)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ranvier.delivery.handover import Answer, Decided, Delivery, Reply, State

UNANSWERED = 60.0
"""Seconds until a peer that did not answer is tried again."""

_ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")

_FINAL = {
    Answer.ACCEPTED: State.ACCEPTED,
    Answer.PERMANENT: State.REJECTED,
    Answer.UNKNOWN: State.UNCERTAIN,
}

NOBODY_S_ATTEMPT = (Answer.NOT_TAKEN, Answer.SENDER_FAULT)
"""Answers that say nothing about the reader."""

_SIGN_IN = frozenset({530, 534, 535, 538})
"""RFC 4954: the relay wants us to authenticate, or does not believe us."""

NOT_OFFERED = "not-offered"
"""Our own code where a relay does not offer what the transport URL asks of it, TLS or AUTH."""

_NEEDS_REPAIR = frozenset({"", NOT_OFFERED, *(str(code) for code in _SIGN_IN), "400", "401", "403", "404"})
"""Codes of a transport that took nothing until a person repairs something; none at all: nobody answered."""

# R96: SPF, DKIM, DMARC, PTR, TLS or reputation of the sender is at fault. To call that the reader's refusal
# would mark a whole audience as rejected because of one DNS record.
_SENDER_FAULT = frozenset({*(f"7.{detail}" for detail in range(20, 33)), "7.40", "7.515"})

_WORDS = (
    # R97: Gmail uses 550 5.2.1 also for a mailbox that receives too fast just now.
    (re.compile(r"at a rate that prevents", re.IGNORECASE), Answer.TEMPORARY),
    (
        re.compile(r"\brelay(ing)?\b.{0,20}\b(denied|not permitted|prohibited)", re.IGNORECASE),
        Answer.NOT_TAKEN,
    ),
    (re.compile(r"unable to relay", re.IGNORECASE), Answer.NOT_TAKEN),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRules:
    """When a temporary refusal is tried again. Pauses are seconds."""

    retry_after: float = 1800.0
    """First pause; RFC 5321 asks for at least half an hour (R72)."""
    factor: float = 2.0
    """Each pause is this many times the one before."""
    longest_pause: float = 14_400.0
    deadline_hours: float = 24.0
    """Counted from the start of the issue's sending; a digest is stale sooner than mail in general (R72)."""

    def deadline(self, started: float) -> float:
        """The moment, in epoch seconds, after which nobody is tried a second time."""
        return started + self.deadline_hours * 3600

    def pause(self, attempts: int, *, jitter: float) -> float:
        """Seconds after the `attempts`-th attempt. `jitter`, 0 to 1, lengthens it by up to a quarter."""
        power = min(attempts - 1, 32)  # one that cannot overflow
        return min(self.longest_pause, self.retry_after * self.factor**power) * (1 + jitter / 4)


def read_reply(code: int, text: str) -> Answer:
    """What an SMTP reply means for one reader: by first digit, then enhanced code, then words (R74)."""
    digit = code // 100
    if digit == 2:
        return Answer.ACCEPTED
    if digit not in (4, 5):
        return Answer.UNKNOWN
    if _enhanced(text) in _SENDER_FAULT:
        return Answer.SENDER_FAULT
    if code == 421 or code in _SIGN_IN:
        return Answer.NOT_TAKEN
    by_words = next((answer for pattern, answer in _WORDS if pattern.search(text)), None)
    return by_words or (Answer.TEMPORARY if digit == 4 else Answer.PERMANENT)


def decide(  # noqa: PLR0913 - everything that may matter is passed in
    delivery: Delivery, reply: Reply, *, now: float, deadline: float, rules: RetryRules, jitter: float
) -> Decided:
    """What becomes of a delivery after this reply. Times are epoch seconds; a pending one has `again_at`.

    Whoever would have the next turn after the deadline is given up at once: a digest is stale by then (R72).
    That holds for a temporary refusal and for what was not taken alike. The latter is nobody's attempt and
    never makes a pause longer, but a fault that no one repairs has to end, and `deferred` is in the account.
    """
    state, again_at = _FINAL.get(reply.answer, State.PENDING), None
    if state is State.PENDING:
        again_at = now + _pause(delivery, reply, rules, jitter=jitter)
        if again_at > deadline:
            state, again_at = State.DEFERRED, None
    return Decided(
        delivery=delivery.id,
        state=state,
        code=reply.code,
        text=reply.text,
        again_at=again_at,
        attempted=reply.answer not in NOBODY_S_ATTEMPT,
    )


def rest(reply: Reply, rules: RetryRules) -> float:
    """Seconds until what was not taken is due again: as the transport asks, else the first pause.

    At once where a person has to act first, whose next `send` should not be told to wait: nobody answered, or
    the transport does not let us in.
    """
    if reply.retry_after is not None:
        return min(max(reply.retry_after, 0.0), rules.longest_pause)
    at_once = reply.code in _NEEDS_REPAIR or reply.answer is Answer.SENDER_FAULT
    return 0.0 if at_once else rules.retry_after


def _pause(delivery: Delivery, reply: Reply, rules: RetryRules, *, jitter: float) -> float:
    if reply.answer in NOBODY_S_ATTEMPT:
        return rest(reply, rules)
    return max(rules.pause(delivery.attempts + 1, jitter=jitter), reply.retry_after or 0.0)


def needs_repair(reply: Reply) -> bool:
    """Whether the transport answered, and will not let us in until a person repairs something."""
    return bool(reply.code) and reply.code in _NEEDS_REPAIR


def _enhanced(text: str) -> str:
    """Subject and detail of the enhanced status code, `7.26` for `550 5.7.26 …`; empty when there is none."""
    found = _ENHANCED.search(text)
    return found.group(1) if found else ""
