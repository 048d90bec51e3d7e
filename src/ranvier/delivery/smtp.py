"""Hands messages over to an SMTP relay, one reader per transaction (RFC 5321)."""

from __future__ import annotations

import re
import smtplib
from typing import TYPE_CHECKING

from ranvier.delivery.envelope import Letter, letter
from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.delivery.retry import NOT_OFFERED, read_reply
from ranvier.delivery.smtp_session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ranvier.delivery.compose import Compose
    from ranvier.delivery.urls import SmtpOptions

_LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)


class Smtp:
    """One connection, opened when it is first needed and kept as long as the relay likes."""

    batch = 1

    def __init__(self, options: SmtpOptions, compose: Compose, *, sender: str) -> None:
        self.name = f"smtp://{options.host}:{options.port}"
        self._options = options
        self._compose = compose
        self._sender = sender
        self._ehlo = options.ehlo or sender.rpartition("@")[2]
        self._session: Session | None = None

    def hand_over(self, deliveries: Sequence[Delivery]) -> tuple[Reply, ...]:
        """One transaction each."""
        return tuple(self._send(delivery) for delivery in deliveries)

    def evidence(self, _delivery: int) -> None:
        """A relay gives no proof afterwards: None."""

    def close(self) -> None:
        """QUIT, if anyone listens."""
        if self._session:
            self._session.quit()
        self._session = None

    def _send(self, delivery: Delivery) -> Reply:
        made = letter(delivery, self._compose)
        if isinstance(made, Reply):
            return made
        try:
            reply = self._transaction(self._opened(), made)
            if self._session is None and reply.answer is Answer.NOT_TAKEN:
                # R75: a 421 or a lost connection ends the session, not the message.
                reply = self._transaction(self._opened(), made)
        except OSError as error:
            return _no_session(delivery.id, error)
        return reply

    def _opened(self) -> Session:
        """The session; OSError when there is none to be had."""
        self._session = self._session or open_session(self._options, name=self._ehlo)
        return self._session

    def _transaction(self, session: Session, made: Letter) -> Reply:
        """What the relay says about one message. Until its body was begun nothing was taken."""
        try:
            refusal = self._ask(session, made)
        except OSError as error:
            self._hang_up()
            return Reply(delivery=made.delivery, answer=Answer.NOT_TAKEN, text=str(error))
        if refusal:
            self._after_refusal(session, refusal)
            return refusal
        return self._deliver_body(session, made)

    def _ask(self, session: Session, made: Letter) -> Reply | None:
        """The first refusal of size, sender, reader or DATA; None when the body may come."""
        if unfit := _unfit(session, made):
            return unfit
        delivery, address, size = made.delivery, made.address, len(made.message)
        declared = f" SIZE={size}" if session.offers("size") else ""
        utf8 = " SMTPUTF8" if address.smtputf8 else ""
        code, text = session.command(f"MAIL FROM:<{self._sender}>{declared}{utf8}")
        if code // 100 != 2:
            return Reply(delivery=delivery, answer=_sender_refused(code, text), code=str(code), text=text)
        code, text = session.command(f"RCPT TO:<{address.email}>")
        if code // 100 != 2:
            return Reply(delivery=delivery, answer=read_reply(code, text), code=str(code), text=text)
        code, text = session.command("DATA")
        if code != 354:
            answer = read_reply(code, text) if code >= 400 else Answer.TEMPORARY
            return Reply(delivery=delivery, answer=answer, code=str(code), text=text)
        return None

    def _deliver_body(self, session: Session, made: Letter) -> Reply:
        try:
            session.write(_wire(made.message))
        except OSError as error:
            # The final dot is written last, so the relay cannot have seen it. TEMPORARY for the same reason
            # as below.
            self._hang_up()
            return Reply(delivery=made.delivery, answer=Answer.TEMPORARY, text=str(error))
        try:
            code, text = session.final_answer()
        except OSError as error:
            self._hang_up()
            return Reply(
                delivery=made.delivery, answer=Answer.UNKNOWN, text=f"no answer to the final dot: {error}"
            )
        if code == 421:
            self._hang_up()
        # Also 421: it may be this very message that the relay chokes on. So it counts as an attempt; as
        # NOT_TAKEN it would be handed over again at once, and again.
        answer = Answer.TEMPORARY if code // 100 == 4 else read_reply(code, text)
        return Reply(delivery=made.delivery, answer=answer, code=str(code), text=text)

    def _after_refusal(self, session: Session, refusal: Reply) -> None:
        """RSET makes the session fit for the next reader; one that cannot, or said 421, is given up."""
        try:
            usable = refusal.code != "421" and session.command("RSET")[0] // 100 == 2
        except OSError:
            usable = False
        if not usable:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._session:
            self._session.hang_up()
        self._session = None


def _unfit(session: Session, made: Letter) -> Reply | None:
    """A refusal that the relay's EHLO answer makes sure of."""
    if made.address.smtputf8 and not session.offers("smtputf8"):
        code, text = "5.6.7", "the address needs a relay with SMTPUTF8"
    elif 0 < session.size_limit < len(made.message):
        code, text = "5.3.4", f"{len(made.message)} bytes; the relay takes less"
    else:
        return None
    return Reply(delivery=made.delivery, answer=Answer.PERMANENT, code=code, text=text)


def _sender_refused(code: int, text: str) -> Answer:
    """A refusal of MAIL. The relay does not know the reader yet, so it is our matter, unless it is size."""
    too_big = code == 552 or "5.3.4" in text
    return Answer.PERMANENT if too_big else Answer.NOT_TAKEN


def _no_session(delivery: int, error: OSError) -> Reply:
    if not isinstance(error, smtplib.SMTPResponseException):
        code = NOT_OFFERED if isinstance(error, smtplib.SMTPNotSupportedError) else ""
        return Reply(delivery=delivery, answer=Answer.NOT_TAKEN, code=code, text=str(error))
    words = error.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Reply(delivery=delivery, answer=Answer.NOT_TAKEN, code=str(error.smtp_code), text=text)


def _wire(message: bytes) -> bytes:
    """The message as DATA wants it: dots stuffed (R68), ended by the final dot."""
    end = b"" if message.endswith(b"\r\n") else b"\r\n"
    return _LINE_START_DOT.sub(b"..", message) + end + b".\r\n"
