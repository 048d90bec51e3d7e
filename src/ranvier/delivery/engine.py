"""Delivers: claim durably, hand over, record; a row that died in between is never sent again by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from ranvier.delivery.handover import Answer, Decided, Delivery, Reply, State, Transport
from ranvier.delivery.retry import UNANSWERED, RetryRules, decide, rest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PATIENCE = 3
"""So many hand-overs in a row of which nothing was taken, and the run stops."""

_LONGEST = 300
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")


class Ledger(Protocol):
    """The durable account of one issue. Its errors rise: without a ledger nothing may leave."""

    def step(self, decided: Sequence[Decided], *, limit: int, now: float) -> tuple[Delivery, ...]:
        """Record what was decided and claim at most `limit` due rows as `sending`, in one durable commit.

        The claimed rows share audience and item set. People who have left since become `excluded` in the same
        commit and are not returned. Rows that were never tried come first, then the longest due. An empty
        result means that nothing is due.
        """
        ...

    def sending(self) -> tuple[int, ...]:
        """Rows that a dead process left in flight."""
        ...


def recover(ledger: Ledger, transport: Transport, *, now: float, claimed_by: str) -> tuple[Decided, ...]:
    """Decides what a dead process left in flight: by the transport's evidence, else `uncertain`.

    `claimed_by` names the transport that had them. Another one knows nothing of them: that a folder is
    empty does not prove that a relay took nothing. Only whoever holds the issue alone may call this, before
    `deliver`.
    """
    same = claimed_by == transport.name
    decided = tuple(
        _recovered(row, transport.evidence(row) if same else None, now=now) for row in ledger.sending()
    )
    if decided:
        ledger.step(decided, limit=0, now=now)
    return decided


def deliver(  # noqa: PLR0913 - clock, dice and the wish to stop are read outside
    ledger: Ledger,
    transport: Transport,
    *,
    rules: RetryRules,
    deadline: float,
    clock: Callable[[], float],
    random: Callable[[], float],
    stop: Callable[[], bool],
    on_progress: Callable[[Sequence[Decided]], None] | None = None,
) -> Reply | None:
    """Hands over until nothing is due or `stop()` is true; what was handed over is always recorded.

    Gives up early when the transport takes nothing `PATIENCE` times running, and returns its last reply then,
    `retry_after` being the seconds for which it should be left alone; otherwise None. `clock` and `deadline`
    are epoch seconds, `random` gives 0 to 1.
    """
    decided: tuple[Decided, ...] = ()
    refused: tuple[Reply, ...] = ()
    while True:
        given_up = len(refused) == PATIENCE
        claimed = ledger.step(decided, limit=0 if given_up or stop() else transport.batch, now=clock())
        if not claimed:
            return _given_up(refused[-1], rules) if given_up else None
        replies = _hand_over(transport, claimed)
        now = clock()
        decided = tuple(
            decide(delivery, reply, now=now, deadline=deadline, rules=rules, jitter=random())
            for delivery, reply in zip(claimed, replies, strict=True)
        )
        refused = () if any(one.attempted for one in decided) else (*refused, replies[-1])
        if on_progress:
            on_progress(decided)


def last_words(text: str) -> str:
    """What a peer said as one printable line of at most 300 characters, fit for the ledger and the log.

    Servers repeat the reader's address; it is masked.
    """
    line = " ".join(_ADDRESS.sub("(address)", text).split())
    return "".join(character for character in line if character.isprintable())[:_LONGEST]


def _given_up(reply: Reply, rules: RetryRules) -> Reply:
    return replace(reply, retry_after=max(rest(reply, rules), UNANSWERED))


def _hand_over(transport: Transport, claimed: Sequence[Delivery]) -> tuple[Reply, ...]:
    """One reply for each claimed row, in order. A row that the transport is silent about may have left."""
    replies = {
        reply.delivery: replace(reply, text=last_words(reply.text)) for reply in transport.hand_over(claimed)
    }
    silence = {row.id: Reply(delivery=row.id, answer=Answer.UNKNOWN, text="no reply") for row in claimed}
    return tuple(replies.get(row.id, silence[row.id]) for row in claimed)


def _recovered(row: int, evidence: Reply | None, *, now: float) -> Decided:
    if evidence is None:
        text = "the process died while this was in flight"
        return Decided(delivery=row, state=State.UNCERTAIN, text=text, attempted=True)
    text = last_words(evidence.text)
    if evidence.answer is Answer.ACCEPTED:
        return Decided(delivery=row, state=State.ACCEPTED, text=text, attempted=True)
    return Decided(delivery=row, state=State.PENDING, text=text, again_at=now, attempted=False)
