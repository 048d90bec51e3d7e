"""One run of a send: who is next and when, and what became of them, written in group commits."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ranvier.delivery.guards import Guard
from ranvier.delivery.handover import Answer, Reply
from ranvier.delivery.orders import GO_ON, Hold, Holder
from ranvier.delivery.retry import UNANSWERED, decide, rest
from ranvier.delivery.waiting import NEVER, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ranvier.delivery.guards import GuardRules
    from ranvier.delivery.handover import Decided, Delivery
    from ranvier.delivery.ledger import Ledger
    from ranvier.delivery.orders import Orders
    from ranvier.delivery.pace import PaceRules
    from ranvier.delivery.retry import RetryRules

PATIENCE = 3
"""So many hand-overs in a row of which nothing was taken for sure, and the run stops."""

LONGEST_REST = 60.0
"""Seconds that a run waits when a transport asks for it; for longer it ends, to be run again."""

GLANCE = 0.25
"""Seconds between two looks at who says what: a pause acts within two."""

TURNS = 3
"""Turns of the event loop until a commit: answers that have arrived are read, and their lanes ask to join it.

With one turn a commit serves two or three of eight connections; with three, all of them.
"""

AHEAD = 256
"""Rows that are read at once, if one hand-over needs no more."""
MOST_ASIDE = 5000
"""Rows that may wait in memory for their domain. More would be no faster: the domain is what takes time."""

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


@dataclass(frozen=True, slots=True)
class _Request:
    decided: tuple[Decided, ...]
    starting: tuple[Delivery, ...]
    answer: asyncio.Future[tuple[Delivery, ...]]


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
        self._waiting = Waiting(terms.pace)
        self._known: dict[int, Delivery] = {}  # read and not decided: waiting, taken, or in flight
        self._taken_at: dict[int, float] = {}
        self._started: set[int] = set()
        self._last: Delivery | None = None
        self._nothing_until = 0.0
        self._handed = 0
        self._refusals: list[float] = []
        self._rest_until = 0.0
        self._requests: list[_Request] = []
        self._failure: Exception | None = None

    # ---- what a lane asks for ----

    async def take(self, *, wait: bool = True) -> tuple[Delivery, ...]:
        """As `handover.Run` says."""
        while self._goes_on() and self._room():
            now = self._now()
            if now >= self._rest_until:
                if group := self._waiting.take(min(self._batch, self._room()), now=now):
                    self._handed += len(group)
                    self._taken_at.update((one.id, now) for one in group)
                    return group
                if self._read_ahead(now):
                    continue
                if self._waiting.turn() == NEVER:
                    break
            if not wait:
                break
            await asyncio.sleep(min(GLANCE, max(0.0, self._next_turn() - now)))
        return ()

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """As `handover.Run` says."""
        self._handed -= len(deliveries)
        self._waiting.give_back(deliveries)

    async def start(
        self, deliveries: Sequence[Delivery], replies: Sequence[Reply] = ()
    ) -> tuple[Delivery, ...]:
        """As `handover.Run` says."""
        replies = [_fit_to_keep(reply) for reply in replies]
        self._obey(replies)
        decided = tuple(self._decide(reply) for reply in replies)
        answer: asyncio.Future[tuple[Delivery, ...]] = asyncio.get_running_loop().create_future()
        if not self._requests:
            self._commit_after(TURNS)
        self._requests.append(_Request(decided, tuple(deliveries), answer))
        return await answer

    async def record(self, replies: Sequence[Reply]) -> None:
        """As `handover.Run` says."""
        if replies:
            await self.start((), replies)

    async def refused(self, deliveries: Sequence[Delivery], reply: Reply) -> None:
        """As `handover.Run` says."""
        self.give_back(deliveries)
        self._count_refusal(_fit_to_keep(reply), deliveries[0].id)
        await asyncio.sleep(0.05 * 4 ** len(self._refusals))

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
        silence = [Reply(delivery=one, answer=Answer.UNKNOWN, text="no reply") for one in self._started]
        await self.record(silence)
        if self._terms.canary and not self._room() and not self.ended:
            self._hold(Hold(by=Holder.CANARY, why=f"the first {self._handed} were handed over"))
        return self.ended or Ended(why=Why.DONE)

    # ---- inside ----

    def _goes_on(self) -> bool:
        if self._failure:
            raise self._failure
        if not self.ended and self._stop():
            self.ended = Ended(why=Why.STOPPED)
        return not self.ended

    def _room(self) -> int:
        """How many more may be handed over; with no canary there is always more."""
        return self._terms.canary - self._handed if self._terms.canary else self._batch

    def _next_turn(self) -> float:
        return max(self._rest_until, self._waiting.turn())

    def _read_ahead(self, now: float) -> bool:
        """Whether more rows wait than before. Reads on behind the last one, and at the end from the start."""
        if self._waiting.in_line or self._waiting.aside > MOST_ASIDE or now < self._nothing_until:
            return False
        limit = max(AHEAD, 2 * self._batch)
        from_the_start = self._last is None
        while True:
            rows = self._ledger.due(limit=limit, now=self._clock(), after=self._last)
            self._last = rows[-1] if len(rows) == limit else None
            if fresh := [row for row in rows if row.id not in self._known]:
                self._known.update((row.id, row) for row in fresh)
                self._waiting.add(fresh)
                return True
            if self._last is None and from_the_start:
                self._nothing_until = now + 1
                return False
            from_the_start = from_the_start or self._last is None

    def _decide(self, reply: Reply) -> Decided:
        delivery = self._known.pop(reply.delivery)
        self._forget(reply.delivery)
        return decide(
            delivery,
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
            self._refusals.clear()
        else:
            self._count_refusal(replies[-1], replies[-1].delivery)

    def _count_refusal(self, reply: Reply, delivery: int) -> None:
        """Lanes that were refused at the same time were refused once."""
        if self._refusals and self._taken_at.get(delivery, 0.0) < self._refusals[-1]:
            return
        self._refusals.append(self._now())
        wait = reply.retry_after or 0.0
        if wait:
            # A blink longer, so that the rows are due by then.
            self._rest_until = max(self._rest_until, self._now() + wait + 0.05)
        if (len(self._refusals) >= PATIENCE or wait > LONGEST_REST) and not self.ended:
            pause = max(rest(reply, self._terms.rules), UNANSWERED)
            self.ended = Ended(why=Why.REFUSED, reply=replace(reply, retry_after=pause))

    def _commit_after(self, turns: int) -> None:
        loop = asyncio.get_running_loop()
        if turns:
            loop.call_soon(self._commit_after, turns - 1)
        else:
            self._commit()

    def _commit(self) -> None:
        """One commit for all that asked since the last one."""
        requests, self._requests = self._requests, []
        decided = [one for request in requests for one in request.decided]
        starting = [one for request in requests for one in request.starting]
        try:
            committed = self._ledger.commit(decided, starting if self._goes_on() else ())
            for request in requests:
                self._answer(request, committed.started)
            if told := (*decided, *committed.left):
                self._on_progress(told)
            self._object(self._guard.objection(decided))
        except Exception as error:  # noqa: BLE001 - it rises in every lane
            self._failure = error
            for request in requests:
                if not request.answer.done():
                    request.answer.set_exception(error)

    def _answer(self, request: _Request, started: frozenset[int]) -> None:
        may_go = tuple(one for one in request.starting if one.id in started)
        self._started.update(one.id for one in may_go)
        for one in request.starting:
            if one.id not in started:
                del self._known[one.id]
                self._forget(one.id)
                self._handed -= 1
                self._nothing_until = 0.0  # it may be pending still, with another address
        if not request.answer.done():
            request.answer.set_result(may_go)

    def _forget(self, delivery: int) -> None:
        self._started.discard(delivery)
        self._taken_at.pop(delivery, None)

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
