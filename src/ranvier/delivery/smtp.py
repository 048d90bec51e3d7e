"""Hands messages over to an SMTP relay, one reader per transaction, over several connections (RFC 5321)."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from ranvier.delivery.envelope import Letter, letter
from ranvier.delivery.handover import Answer, Reply
from ranvier.delivery.retry import NOT_OFFERED, read_reply
from ranvier.delivery.smtp_session import CLOSING, NotOfferedError, RefusedError, open_session

if TYPE_CHECKING:
    from ranvier.delivery.compose import Compose
    from ranvier.delivery.handover import Delivery, Run
    from ranvier.delivery.smtp_session import Refusal, Session
    from ranvier.delivery.urls import SmtpOptions


Offered = tuple["Delivery", Letter]
"""A reader whose envelope was offered, and the message that is to follow it."""


class Smtp:
    """Connections are opened when they are needed, and kept as long as the relay likes."""

    batch = 1

    def __init__(self, options: SmtpOptions, compose: Compose, *, sender: str) -> None:
        self.name = f"smtp://{options.host}:{options.port}"
        self.lanes = options.connections
        self.options = options
        self.compose = compose
        self.ended_one: set[int] = set()  # readers at whose envelope a fresh session ended once
        self._ehlo = options.ehlo or sender.rpartition("@")[2]
        self._door = asyncio.Lock()
        self._admitted = False
        self._open = 0

    async def lane(self, run: Run) -> None:
        """One connection after another, while there is work."""
        while taken := await run.take():
            try:
                session = await self._session()
            except OSError as error:
                if self._open:
                    # So many and no more: the relay limits connections, and the others go on (R83).
                    run.give_back(taken)
                    return
                await run.refused(taken, _no_session(taken[0].id, error))
                continue
            self._open += 1
            try:
                await Conversation(self, session, run).hold(taken[0])
            finally:
                self._open -= 1
                session.hang_up()

    def evidence(self, _delivery: int) -> None:
        """A relay gives no proof afterwards: None."""

    async def _session(self) -> Session:
        """A new session. Until the first is in, one asks at a time: a relay that is down is asked by one."""
        if self._admitted:
            return await open_session(self.options, name=self._ehlo)
        async with self._door:
            session = await open_session(self.options, name=self._ehlo)
            self._admitted = True
            return session


class Conversation:
    """One connection: message after message, the next envelope right behind the end of the one before."""

    def __init__(self, relay: Smtp, session: Session, run: Run) -> None:
        self._relay = relay
        self._session = session
        self._run = run
        self._known: list[Reply] = []  # outcomes that are not recorded yet
        self._offered = 0
        self._handed_over = 0

    async def hold(self, first: Delivery) -> None:
        """Until nothing is due, the relay hangs up, or this connection has carried enough."""
        current = await self._offer(first) or await self._next(wait=True)
        while current:
            current = await self._serve(*current)
        await self._run.record(self._flush())
        await self._session.quit()

    async def _serve(self, delivery: Delivery, made: Letter) -> Offered | None:
        """Hands over one whose envelope was offered; returns the next such one, or None for the end."""
        try:
            refusal = await self._session.accepted()
        except OSError as error:
            self._ended_at(delivery, Reply(delivery=delivery.id, answer=Answer.NOT_TAKEN, text=str(error)))
            return None
        if refusal:
            return await self._refused(delivery, refusal)
        if not await self._run.start((delivery,), self._flush()):
            return await self._next(wait=True) if self._session.withdraw() else None
        try:
            await self._session.write(made)
        except OSError as error:
            # The end of the body was not sent, so the relay cannot have taken it. TEMPORARY, because it may
            # be this very message that the relay chokes on.
            self._known.append(Reply(delivery=delivery.id, answer=Answer.TEMPORARY, text=str(error)))
            return None
        following = await self._next(wait=False)
        if not following:
            self._session.offer(None)
        outcome = await self._outcome(delivery.id)
        self._known.append(outcome)
        self._handed_over += 1
        if outcome.code in ("", str(CLOSING)):
            if following:
                self._run.give_back((following[0],))
            return None
        return following or await self._idle()

    async def _outcome(self, delivery: int) -> Reply:
        try:
            code, text = await self._session.outcome()
        except OSError as error:
            text = f"no answer to the end of the message: {error}"
            return Reply(delivery=delivery, answer=Answer.UNKNOWN, text=text)
        answer = read_reply(code, text)
        # 4xx counts as an attempt, 421 too: it may be this very message that the relay chokes on.
        if code // 100 == 4 and answer is not Answer.SENDER_FAULT:
            answer = Answer.TEMPORARY
        return Reply(delivery=delivery, answer=answer, code=str(code), text=text)

    async def _refused(self, delivery: Delivery, refusal: Refusal) -> Offered | None:
        """Records a refusal, with the next envelope on its way already."""
        reply = Reply(
            delivery=delivery.id, answer=_meaning(refusal), code=str(refusal.code), text=refusal.text
        )
        if refusal.code == CLOSING or refusal.command == "RSET":
            self._ended_at(delivery, reply)
            return None
        self._known.append(reply)
        following = await self._next(wait=False)
        await self._run.record(self._flush())
        return following or await self._next(wait=True)

    def _ended_at(self, delivery: Delivery, reply: Reply) -> None:
        """The session ended before this one's body. If it was fresh, for the second time: because of it."""
        again = delivery.id in self._relay.ended_one
        if self._handed_over or not again:
            self._run.give_back((delivery,))
        else:
            self._known.append(reply)
        if not self._handed_over:
            self._relay.ended_one.symmetric_difference_update({delivery.id})

    async def _idle(self) -> Offered | None:
        """Nothing could be offered at once: what is known is recorded while the next turn is waited for."""
        await self._run.record(self._flush())
        return await self._next(wait=True)

    async def _next(self, *, wait: bool) -> Offered | None:
        """Takes and offers the next one that can be offered."""
        most = self._relay.options.messages
        while not most or self._offered < most:
            taken = await self._run.take(wait=wait)
            if not taken:
                return None
            if offered := await self._offer(taken[0]):
                return offered
        return None

    async def _offer(self, delivery: Delivery) -> Offered | None:
        made = letter(delivery, self._relay.compose)
        if isinstance(made, Letter):
            made = _unfit(self._session, made) or made
        if isinstance(made, Reply):
            await self._run.record([made])
            return None
        self._session.offer(made)
        self._offered += 1
        return delivery, made

    def _flush(self) -> list[Reply]:
        known, self._known = self._known, []
        return known


def _unfit(session: Session, made: Letter) -> Reply | None:
    """A refusal that the relay's EHLO answer makes sure of."""
    if made.address.smtputf8 and not session.offers("SMTPUTF8"):
        code, text = "5.6.7", "the address needs a relay with SMTPUTF8"
    elif 0 < session.size_limit < len(made.message):
        code, text = "5.3.4", f"{len(made.message)} bytes; the relay takes less"
    else:
        return None
    return Reply(delivery=made.delivery, answer=Answer.PERMANENT, code=code, text=text)


def _meaning(refusal: Refusal) -> Answer:
    """What is refused at MAIL is our matter, for the relay does not know the reader yet; but for the size."""
    answer = read_reply(refusal.code, refusal.text)
    if refusal.command != "MAIL" or answer is Answer.SENDER_FAULT:
        return answer
    too_big = refusal.code == 552 or "5.3.4" in refusal.text
    return Answer.PERMANENT if too_big else Answer.NOT_TAKEN


def _no_session(delivery: int, error: OSError) -> Reply:
    code = NOT_OFFERED if isinstance(error, NotOfferedError) else ""
    if isinstance(error, RefusedError):
        code = str(error.code)
    # asyncio words a refused connection as a call that failed, with the address in it.
    number = error.errno if isinstance(error, ConnectionError) else None
    text = os.strerror(number) if number else str(error)
    return Reply(delivery=delivery, answer=Answer.NOT_TAKEN, code=code, text=text)
