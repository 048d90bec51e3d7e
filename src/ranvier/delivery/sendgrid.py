"""Hands messages over to SendGrid's v3 API, up to a thousand readers per request (R153-R178, R192)."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from python_http_client.exceptions import HTTPError

from ranvier.delivery.blocking_lane import BlockingLane, blocking_lane
from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.delivery.retry import NOBODY_S_ATTEMPT
from ranvier.delivery.sendgrid_answer import RequestAnswer, Window, read_answer
from ranvier.delivery.sendgrid_client import Body, open_client
from ranvier.delivery.sendgrid_request import (
    MOST_BYTES,
    MOST_READERS,
    Group,
    Personalization,
    encoded,
    group_of,
    request_body,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from ranvier.delivery.compose import Compose
    from ranvier.delivery.handover import Run
    from ranvier.delivery.urls import SendGridOptions
    from ranvier.message.sender import Sender

MOST_REQUESTS = 50
"""For one hand-over. Twenty find a culprit among a thousand; many more mean that something else is wrong."""

LONGEST_PAUSE = 60.0
"""Seconds after its start in which a group still waits for a rate limit, when its search is not over yet."""

_CUT_SHORT = RequestAnswer(
    answer=Answer.NOT_TAKEN,
    text="SendGrid refuses many readers and names none; the search goes on in the next hand-over",
    retry_after=0.0,
)
_TOO_LARGE = RequestAnswer(answer=Answer.PERMANENT, text=f"over {MOST_BYTES} bytes")


class SendGrid:
    """One request for each (audience, item set), one personalization for each reader."""

    batch = MOST_READERS

    def __init__(
        self,
        options: SendGridOptions,
        compose: Compose,
        *,
        sender: Sender,
        key: str,
        clock: Callable[[], float],
    ) -> None:
        self._api = open_client(options.host, key, timeout=options.timeout)
        self.name = f"sendgrid:{options.host}"
        self.lanes = options.requests
        self._compose = compose
        self._window = Window()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = asyncio.Lock()
        self._host = options.host
        self._sender = sender
        self._clock = clock

    async def lane(self, run: Run) -> None:
        """One request after another; each lane has one in flight."""
        with blocking_lane(run) as lane:
            while taken := await lane.take():
                await self._serve(taken, lane)

    def evidence(self, _delivery: int) -> None:
        """Only an event that comes back can prove anything: None."""

    async def _serve(self, taken: tuple[Delivery, ...], lane: BlockingLane) -> None:
        """Refuses whom SendGrid would refuse, and asks it about the others if it can be asked now."""
        group, unfit = await lane.call(group_of, taken, self._compose)
        lane.learn(unfit)
        if not group:
            return
        numbers = {reader.delivery for reader in group.readers}
        fit = tuple(delivery for delivery in taken if delivery.id in numbers)
        async with self._in_turn():
            left = self._window.left(_now())
            if not left:
                lane.learn(await self._handed_over(group, fit, lane))
            if self._window.left(_now()):
                await lane.record()  # before others tell the run that nobody can be asked
        if left:
            await lane.refused(fit, _reply(fit[0].id, _closed(left)))

    async def _handed_over(self, group: Group, fit: tuple[Delivery, ...], lane: BlockingLane) -> list[Reply]:
        """The replies of those who may leave."""
        started = {delivery.id for delivery in await lane.start(fit)}
        readers = tuple(reader for reader in group.readers if reader.delivery in started)
        posted = await self._post_all(replace(group, readers=readers), lane)
        taken = any(outcome.answer is Answer.ACCEPTED for _, outcome in posted)
        return [_reply(reader.delivery, _proved(outcome, taken=taken)) for reader, outcome in posted]

    def _in_turn(self) -> AbstractAsyncContextManager[None]:
        """All lanes at once, or one after another when SendGrid takes fewer requests than there are lanes."""
        remaining = self._window.remaining
        if remaining is None or remaining >= self.lanes:
            return nullcontext()
        if self._loop is not (loop := asyncio.get_running_loop()):
            self._loop, self._turn = loop, asyncio.Lock()  # a lock is of one loop, and a transport is not
        return self._turn

    async def _post_all(
        self, started: Group, lane: BlockingLane
    ) -> list[tuple[Personalization, RequestAnswer]]:
        """An outcome for everybody. The search goes deep first: however short it is cut, it finds someone."""
        waiting = [started] if started.readers else []
        found: list[tuple[Personalization, RequestAnswer]] = []
        rest = _CUT_SHORT
        latest = _now() + LONGEST_PAUSE
        for _ in range(MOST_REQUESTS):
            if not waiting:
                break
            group = waiting.pop()
            outcome = await self._ask(group, lane, latest=latest)
            answered, again = apportion(group.readers, outcome)
            waiting.extend(replace(group, readers=part) for part in again)
            found.extend((reader, outcome) for reader in answered)
            if outcome.answer in NOBODY_S_ATTEMPT:
                rest = outcome
                break
        return found + [(reader, rest) for group in waiting for reader in group.readers]

    async def _ask(self, group: Group, lane: BlockingLane, *, latest: float) -> RequestAnswer:
        """The answer, once the rate limit allows to ask; NOT_TAKEN if that is only after `latest`."""
        while left := self._window.left(_now()):
            if _now() + left > latest:
                return _closed(left)
            await asyncio.sleep(left)
        outcome = await lane.call(self._post, group)
        self._window.obey(outcome, now=_now())
        return outcome

    def _post(self, group: Group) -> RequestAnswer:
        """What SendGrid says to one request. One that is too large for it is not made."""
        content = Body(encoded(request_body(group.parts, self._sender, group.readers)))
        if len(content) > MOST_BYTES and len(group.readers) > 1:
            return _TOO_LARGE
        try:
            response = self._api.client.mail.send.post(request_body=content)
        except HTTPError as refused:
            return read_answer(refused.status_code, refused.headers or {}, refused.body, now=self._clock())
        except URLError as error:
            # urllib raises this one only until the request has been written completely: nothing can be taken.
            return RequestAnswer(answer=Answer.NOT_TAKEN, text=f"{self._host}: {error.reason}")
        except (OSError, HTTPException) as error:
            return RequestAnswer(answer=Answer.UNKNOWN, text=f"no answer to a complete request: {error!r}")
        return read_answer(response.status_code, response.headers, response.body, now=self._clock())


def apportion(
    group: tuple[Personalization, ...], outcome: RequestAnswer
) -> tuple[tuple[Personalization, ...], tuple[tuple[Personalization, ...], ...]]:
    """Whom the outcome answers, and the groups to ask about: all but the named culprits, else halves."""
    if outcome.answer is not Answer.PERMANENT or len(group) == 1:
        return group, ()
    culprits = tuple(reader for place, reader in enumerate(group) if place in outcome.culprits)
    others = tuple(reader for place, reader in enumerate(group) if place not in outcome.culprits)
    if culprits:
        return culprits, (others,) if others else ()
    middle = len(group) // 2
    return (), (group[:middle], group[middle:])


def _now() -> float:
    """The loop's monotonic clock."""
    return asyncio.get_running_loop().time()


def _closed(left: float) -> RequestAnswer:
    text = "SendGrid asked us to wait before the next request"
    return RequestAnswer(answer=Answer.NOT_TAKEN, text=text, retry_after=left)


def _proved(outcome: RequestAnswer, *, taken: bool) -> RequestAnswer:
    """A refusal that names nobody is a reader's own only if the same request without him was taken."""
    doubtful = outcome.answer is Answer.PERMANENT and not outcome.culprits and not taken
    return replace(outcome, answer=Answer.TEMPORARY) if doubtful else outcome


def _reply(delivery: int, outcome: RequestAnswer) -> Reply:
    return Reply(
        delivery=delivery,
        answer=outcome.answer,
        code=outcome.code,
        text=outcome.text,
        retry_after=outcome.retry_after,
    )
