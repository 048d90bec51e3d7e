"""One run of a send: who is handed over, what became of them, and why it ends."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ranvier.delivery.group_commit import GroupCommit
from ranvier.delivery.guards import Guard
from ranvier.delivery.handover import Answer, Reply
from ranvier.delivery.orders import GO_ON, Hold, Holder
from ranvier.delivery.patience import Patience
from ranvier.delivery.read_ahead import ReadAhead
from ranvier.delivery.retry import UNANSWERED, decide, rest
from ranvier.delivery.waiting import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ranvier.delivery.guards import GuardRules
    from ranvier.delivery.handover import Decided, Delivery
    from ranvier.delivery.ledger import Committed, Ledger
    from ranvier.delivery.orders import Orders
    from ranvier.delivery.pace import PaceRules
    from ranvier.delivery.retry import RetryRules

GLANCE = 0.25
"""Seconds between two looks at who says what: a pause acts within two."""

# A peer that breaks off after every message would make a whole audience uncertain, one by one.
_NOBODY_KNOWS_BETTER = (Answer.NOT_TAKEN, Answer.UNKNOWN)

_LONGEST = 300
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")


class Why(StrEnum):
    """Why a run ended."""

    DONE = "done"
    """Nothing is due now."""
    STOPPED = "stopped"
    """The process was asked to end."""
    REFUSED = "refused"
    """The transport takes nothing."""
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a send goes about it. `deadline` is epoch seconds, `people` how many wait when the run begins."""

    rules: RetryRules
    pace: PaceRules
    guard: GuardRules
    deadline: float
    people: int
    canary: int = 0
    """Hand over to so many and hold then; 0 to everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Why a run ended; the transport's last reply if it takes nothing, the hold if there is one."""

    why: Why
    reply: Reply | None = None
    hold: Hold | None = None


class OneRun:
    """Implements `handover.Run`. Lives in one event loop; the ledger is used from it alone."""

    def __init__(  # noqa: PLR0913 - clock, dice and the wish to stop are read outside
        self,
        ledger: Ledger,
        terms: Terms,
        *,
        batch: int,
        clock: Callable[[], float],
        random: Callable[[], float],
        stop: Callable[[], bool],
        on_progress: Callable[[Sequence[Decided]], None],
    ) -> None:
        self.ended: Ended | None = None
        self._ledger = ledger
        self._terms = terms
        self._batch = batch
        self._clock = clock
        self._random = random
        self._stop = stop
        self._on_progress = on_progress
        self._now = asyncio.get_running_loop().time
        self._guard = Guard(terms.guard, people=terms.people)
        self._next = ReadAhead(ledger, terms.pace, batch=batch, clock=clock)
        self._patience = Patience()
        self._commits = GroupCommit(self._commit, self._tell)
        self._handed = 0

    # ---- what a lane asks for ----

    async def take(self, *, wait: bool = True) -> tuple[Delivery, ...]:
        """As `handover.Run` says."""
        while self._goes_on() and self._room():
            now = self._now()
            if now >= self._patience.rest_until:
                if group := self._next.take(min(self._batch, self._room()), now=now):
                    self._handed += len(group)
                    self._patience.taken(one.id for one in group)
                    return group
                if self._next.turn() == NEVER:
                    break
            if not wait:
                break
            turn = max(self._patience.rest_until, self._next.turn())
            await asyncio.sleep(min(GLANCE, max(0.0, turn - now)))
        return ()

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """As `handover.Run` says."""
        self._handed -= len(deliveries)
        self._next.give_back(deliveries)

    async def start(
        self, deliveries: Sequence[Delivery], replies: Sequence[Reply] = ()
    ) -> tuple[Delivery, ...]:
        """As `handover.Run` says."""
        replies = [_fit_to_keep(reply) for reply in replies]
        self._obey(replies)
        self._patience.settled(reply.delivery for reply in replies)
        return await self._commits.ask([self._decide(reply) for reply in replies], deliveries)

    async def record(self, replies: Sequence[Reply]) -> None:
        """As `handover.Run` says."""
        if replies:
            await self.start((), replies)

    async def refused(self, deliveries: Sequence[Delivery], reply: Reply) -> None:
        """As `handover.Run` says."""
        self.give_back(deliveries)
        self._count_refusal(_fit_to_keep(reply), deliveries[0].id)
        if self._goes_on():
            await asyncio.sleep(self._patience.pause)

    # ---- what the engine asks for ----

    async def watch(self) -> None:
        """Sees within `GLANCE` that someone wants the send to stop, and that readers complain."""
        while not self.ended:
            self._heed(self._ledger.orders())
            if self._guard.watches and (complaints := self._ledger.complaints()):
                self._object(self._guard.objection((), complaints=complaints))
            self._goes_on()
            await asyncio.sleep(GLANCE)

    async def close(self) -> Ended:
        """When the lanes have ended: nobody is left in doubt that could be told. Returns why they ended."""
        silent = sorted(self._commits.on_the_wire)
        await self.record([Reply(delivery=one, answer=Answer.UNKNOWN, text="no reply") for one in silent])
        if self._terms.canary and not self._room() and not self.ended:
            self._hold(Hold(by=Holder.CANARY, why=f"the first {self._handed} were handed over"))
        return self.ended or Ended(why=Why.DONE)

    def rescue(self) -> None:
        """When a lane has failed: outcomes that wait to be written are written, and nobody starts."""
        self.ended = self.ended or Ended(why=Why.STOPPED)
        self._commits.flush()

    # ---- inside ----

    def _goes_on(self) -> bool:
        if self._commits.failure:
            raise self._commits.failure
        if not self.ended and self._stop():
            self.ended = Ended(why=Why.STOPPED)
        return not self.ended

    def _room(self) -> int:
        """How many more may be handed over; with no canary there is always more."""
        return self._terms.canary - self._handed if self._terms.canary else self._batch

    def _decide(self, reply: Reply) -> Decided:
        return decide(
            self._next[reply.delivery],
            reply,
            now=self._clock(),
            deadline=self._terms.deadline,
            rules=self._terms.rules,
            jitter=self._random() if reply.answer is Answer.TEMPORARY else 0.0,
        )

    def _obey(self, replies: Sequence[Reply]) -> None:
        """What these replies say about the run and not about a reader."""
        if not replies:
            return
        if ours := next((reply for reply in replies if reply.answer is Answer.SENDER_FAULT), None):
            self._hold(Hold(by=Holder.SENDER, why=f"{ours.code} {ours.text}".strip()), reply=ours)
        elif any(reply.answer not in _NOBODY_KNOWS_BETTER for reply in replies):
            self._patience.rewarded()
        else:
            self._count_refusal(replies[-1], replies[-1].delivery)

    def _count_refusal(self, reply: Reply, delivery: int) -> None:
        self._patience.refused(delivery, wait=reply.retry_after or 0.0, now=self._now())
        if self._patience.is_gone and not self.ended:
            pause = max(rest(reply, self._terms.rules), UNANSWERED)
            self.ended = Ended(why=Why.REFUSED, reply=replace(reply, retry_after=pause))

    def _commit(self, decided: Sequence[Decided], starting: Sequence[Delivery]) -> Committed:
        return self._ledger.commit(decided, starting if self._goes_on() else ())

    def _tell(self, decided: Sequence[Decided], starting: Sequence[Delivery], committed: Committed) -> None:
        """What a commit means for the run, once the lanes know."""
        kept_back = [one.id for one in starting if one.id not in committed.started]
        self._handed -= len(kept_back)
        self._next.settled(one.delivery for one in decided)
        self._patience.settled(kept_back)
        self._next.kept_back(kept_back)
        if told := (*decided, *committed.left):
            self._on_progress(told)
        self._object(self._guard.objection(decided))

    def _object(self, why: str) -> None:
        if why:
            self._hold(Hold(by=Holder.GUARD, why=why))

    def _hold(self, hold: Hold, *, reply: Reply | None = None) -> None:
        self._ledger.hold(hold)
        self.ended = Ended(why=Why.HELD, hold=hold, reply=reply)

    def _heed(self, orders: Orders) -> None:
        if orders != GO_ON and not self.ended:
            self.ended = Ended(why=Why.CANCELLED if orders.cancelled else Why.HELD, hold=orders.hold)


def _fit_to_keep(reply: Reply) -> Reply:
    text = last_words(reply.text)
    return reply if text == reply.text else replace(reply, text=text)


def last_words(text: str) -> str:
    """What a peer said as one printable line of at most 300 characters, fit for the ledger and the log.

    Servers repeat the reader's address; it is masked.
    """
    if "@" not in text and text.isprintable():
        return text[:_LONGEST]
    line = " ".join(_ADDRESS.sub("(address)", text).split())
    return "".join(character for character in line if character.isprintable())[:_LONGEST]
