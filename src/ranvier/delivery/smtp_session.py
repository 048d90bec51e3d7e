"""One SMTP session: greeted, encrypted, signed in, then transactions (RFC 5321, 2920, 3030, 3207, 4954)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.delivery.smtp_connection import Answered, Connection
from ranvier.delivery.urls import Tls

if TYPE_CHECKING:
    from ranvier.delivery.envelope import Letter
    from ranvier.delivery.urls import SmtpOptions

COMMAND = 300.0
DATA_INIT = 120.0
BODY = 180.0
FINAL_DOT = 600.0
GOODBYE = 5.0
"""Seconds to wait (R70). Hanging up early on the final dot would make deliveries uncertain."""


CLOSING = 421
"""The server hangs up after this reply, whatever the question was (R75)."""

GO_AHEAD = 354

_RSET, _DATA = b"RSET\r\n", b"DATA\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The first command of an envelope that was refused: RSET, MAIL, RCPT or DATA."""

    command: str
    code: int
    text: str


class RefusedError(OSError):
    """The server answered, and the answer was no."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class NotOfferedError(OSError):
    """The server does not offer what the transport URL asks of it."""


class Session:
    """A session that can take mail. What may go wrong crosses this class as OSError."""

    def __init__(self, connection: Connection, offers: dict[str, str]) -> None:
        stated = offers.get("SIZE", "").strip()
        self.size_limit = int(stated) if stated.isascii() and stated.isdigit() else 0
        """Bytes that the server takes at most (RFC 1870); 0 when it does not say."""
        self._connection = connection
        self._offers = offers
        self._pipelining = "PIPELINING" in offers
        self._chunking = "CHUNKING" in offers
        self._reset = False
        self._offered: list[bytes] = []
        self._end = b""

    def offers(self, extension: str) -> bool:
        """Whether the last EHLO answer, the one after STARTTLS, named it (R78)."""
        return extension in self._offers

    def offer(self, letter: Letter | None) -> None:
        """Makes this envelope the next one, None for no more.

        Where that is allowed it leaves in one go, and together with the end of the message that was written
        before (RFC 2920 3.1): a server that gets them apart answers them apart, and each answer may wait for
        an acknowledgement of the one before.
        """
        self._offered = self._commands(letter) if letter else []
        at_once = self._offered if self._pipelining else []
        self._connection.write(self._end, *at_once)
        self._end = b""

    async def accepted(self) -> Refusal | None:
        """Who refused the offered envelope and why, or None: the body may come."""
        answers: list[Answered] = []
        for command in self._offered:
            if not self._pipelining:
                self._connection.write(command)
            answers.append(await self._connection.reply(DATA_INIT if command == _DATA else COMMAND))
            if answers[-1][0] == CLOSING or (answers[-1][0] >= 400 and not self._pipelining):
                break
        return await self._judge(answers)

    async def write(self, letter: Letter) -> None:
        """The message but for its end, which leaves with the next `offer`; if this raises, it never will."""
        # After BDAT the state of a transaction that failed is anyone's guess (RFC 3030 4.2); RSET settles it.
        self._reset = self._chunking
        if self._chunking:
            self._connection.write(b"BDAT %d LAST\r\n" % len(letter.message), letter.message[:-2])
        else:
            # `Compose` promises that no line begins with a dot: that was seen to once per chunk (R68).
            self._connection.write(letter.message)
        self._end = letter.message[-2:] if self._chunking else b".\r\n"
        await self._connection.written(BODY)

    async def outcome(self) -> Answered:
        """What the server says about the message. When this raises, nobody knows."""
        return await self._connection.reply(FINAL_DOT)

    def withdraw(self) -> bool:
        """Take back an accepted envelope; whether the session lives on. After 354 only hanging up helps."""
        self._reset = self._chunking
        if not self._chunking:
            self.hang_up()
        return self._chunking

    async def quit(self) -> None:
        """Says goodbye if the server still listens; hangs up in any case."""
        with contextlib.suppress(OSError):
            await self._command("QUIT", GOODBYE)
        self._connection.abort()

    def hang_up(self) -> None:
        """Closes the connection without a word."""
        self._connection.abort()

    async def _command(self, line: str, seconds: float = COMMAND) -> Answered:
        self._connection.write(f"{line}\r\n".encode())
        return await self._connection.reply(seconds)

    def _commands(self, letter: Letter) -> list[bytes]:
        """The envelope, one command each; the body of DATA is no part of it, BDAT brings its own."""
        commands = [_RSET] if self._reset else []
        commands.append(f"MAIL FROM:<{letter.return_path}>{self._of_message(letter)}\r\n".encode())
        commands.append(f"RCPT TO:<{letter.address.email}>{self._of_reader(letter)}\r\n".encode())
        if not self._chunking:
            commands.append(_DATA)
        return commands

    def _of_message(self, letter: Letter) -> str:
        size = f" SIZE={len(letter.message)}" if "SIZE" in self._offers else ""
        # RFC 6531 3.4: an address beyond ASCII makes the header 8-bit, too.
        utf8 = " BODY=8BITMIME SMTPUTF8" if letter.address.smtputf8 else ""
        # RFC 3461: a bounce names this delivery by our own id, and brings back headers only.
        return f"{size}{utf8} RET=HDRS ENVID={letter.delivery}" if "DSN" in self._offers else f"{size}{utf8}"

    def _of_reader(self, letter: Letter) -> str:
        if "DSN" not in self._offers:
            return ""
        original = "" if letter.address.smtputf8 else f" ORCPT=rfc822;{_xtext(letter.address.email)}"
        return f" NOTIFY=FAILURE,DELAY{original}"

    async def _judge(self, answers: list[Answered]) -> Refusal | None:
        """The first refusal, or None. Raises for answers that leave the session nobody knows where."""
        refusals = [
            Refusal(command=command[:4].decode(), code=code, text=text)
            for command, (code, text) in zip(self._offered, answers, strict=False)
            if code >= 400
        ]
        code, text = answers[-1]
        if not refusals and code // 100 != (2 if self._chunking else 3):
            raise ConnectionAbortedError(f"the server is confused: {code} {text}")
        self._reset = bool(refusals)
        if refusals and code == GO_AHEAD:
            # RFC 2920 3.1: nobody is to get it, but the server waits for a message.
            await self._command(".", FINAL_DOT)
        return refusals[0] if refusals else None


async def open_session(options: SmtpOptions, *, name: str) -> Session:
    """A session that can take mail; `name` is what we call ourselves. Raises OSError with the reason."""
    connection = await _connected(options)
    try:
        _expect(await connection.reply(COMMAND), 220)
        offers = await _ehlo(connection, name)
        if options.tls is Tls.STARTTLS:
            offers = await _starttls(connection, options, offers, name)
        if options.user:
            await _sign_in(connection, options, offers)
    except BaseException:
        connection.abort()
        raise
    return Session(connection, offers)


async def _connected(options: SmtpOptions) -> Connection:
    trust = _trust(options) if options.tls is Tls.IMPLICIT else None
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(options.timeout or COMMAND):
            _, connection = await loop.create_connection(
                lambda: Connection(timeout=options.timeout), options.host, options.port, ssl=trust
            )
    except TimeoutError:
        raise TimeoutError("the server cannot be reached in time") from None
    return connection


async def _ehlo(connection: Connection, name: str) -> dict[str, str]:
    """What the server offers, by upper-case keyword; nothing where it knows HELO only."""
    connection.write(f"EHLO {name}\r\n".encode())
    code, text = await connection.reply(COMMAND)
    if code == 250:
        lines = (line.partition(" ") for line in text.split("\n")[1:])
        return {keyword.upper(): rest for keyword, _, rest in lines}
    connection.write(f"HELO {name}\r\n".encode())
    _expect(await connection.reply(COMMAND), 250)
    return {}


async def _starttls(
    connection: Connection, options: SmtpOptions, offers: dict[str, str], name: str
) -> dict[str, str]:
    """What is offered in TLS; what was offered in clear does not count (R78)."""
    if "STARTTLS" not in offers:
        raise NotOfferedError("the server does not offer STARTTLS, and nothing is sent in clear")
    connection.write(b"STARTTLS\r\n")
    _expect(await connection.reply(COMMAND), 220)
    await connection.encrypt(_trust(options), options.host)
    return await _ehlo(connection, name)


async def _sign_in(connection: Connection, options: SmtpOptions, offers: dict[str, str]) -> None:
    """RFC 4954: PLAIN in one command where it is offered, else the older LOGIN."""
    known = offers.get("AUTH", "").upper().split()
    user, password = options.user.encode(), options.password.encode()
    if "PLAIN" in known:
        steps = [b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + password)]
    elif "LOGIN" in known:
        steps = [b"AUTH LOGIN", base64.b64encode(user), base64.b64encode(password)]
    else:
        raise NotOfferedError("the server offers neither AUTH PLAIN nor AUTH LOGIN")
    for step in steps:
        connection.write(step + b"\r\n")
        answer = await connection.reply(COMMAND)
        if step is not steps[-1]:
            _expect(answer, 334)
    _expect(answer, 235)


def _expect(answer: Answered, code: int) -> None:
    if answer[0] != code:
        raise RefusedError(*answer)


def _trust(options: SmtpOptions) -> ssl.SSLContext:
    """Certificates and names are verified; TLS 1.2 is the least (R67)."""
    trust = ssl.create_default_context(cafile=options.cafile or None)
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    return trust


def _xtext(address: str) -> str:
    """An ASCII address as RFC 3461 section 4 writes it in a parameter."""
    return address.replace("+", "+2B").replace("=", "+3D")
