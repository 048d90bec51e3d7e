"""A small SMTP server on loopback that takes mail, and misbehaves where it is told to."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.doubles.certificates import Certificate

DROP = "drop"
"""Instead of an answer the connection is closed; at `DOT` the message is not taken."""
TAKE_AND_DROP = "take and drop"
"""At `DOT`: the message is taken, and the connection closed without a word."""
SILENCE = "silence"
"""Nothing is said until the client hangs up."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A message as it came, dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    parameters: str = ""
    encrypted: bool = False


@dataclass(kw_only=True)
class SmtpServer:
    """Answers as a server should, but for what `script` holds for a stage: used once each, in order.

    Stages: GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY (which can only drop), DOT (also the answer
    to BDAT), RSET.
    """

    script: dict[str, Iterable[str]] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME", "PIPELINING", "ENHANCEDSTATUSCODES")
    extensions_in_tls: tuple[str, ...] | None = None
    """What is offered once the connection is encrypted, where that is something else."""
    certificate: Certificate | None = None
    implicit_tls: bool = False
    user: str = ""
    password: str = ""
    mechanisms: str = "PLAIN LOGIN"
    most_messages: int = 0
    """After so many over one connection every MAIL is answered with 421; 0 for any number."""
    most_sessions: int = 0
    """Whoever comes when so many are open is sent away with 421; 0 for any number."""
    whisper: bytes = b""
    """Said right behind the answer to STARTTLS, by someone in between."""
    on_taken: Callable[[Taken], None] | None = None
    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    sessions: int = 0
    most_open: int = 0

    def __enter__(self) -> Self:
        self._script = {stage: deque(answers) for stage, answers in self.script.items()}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):  # it hung up by itself
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    @property
    def recipients(self) -> list[str]:
        """Everybody who got something, as often as they got it."""
        return [recipient for taken in self.taken for recipient in taken.recipients]

    def context(self) -> ssl.SSLContext:
        """The server's side of TLS."""
        assert self.certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate.certificate, self.certificate.key)
        return context

    def planned(self, stage: str, usual: str) -> str:
        """The next scripted answer of a stage, else the usual one."""
        answers = self._script.get(stage)
        return answers.popleft() if answers else usual

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            # Answers to pipelined commands are small segments, which Nagle's algorithm would hold back.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sessions += 1
            self._open.add(connection)
            self.most_open = max(self.most_open, len(self._open))
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        talk: _Conversation | None = None
        try:
            wrapped = self._wrapped(connection)
            talk = _Conversation(self, wrapped)
            talk.run()
        except (OSError, _HungUpError):
            pass  # the client or the script hung up
        finally:
            self._open.discard(connection)
            if talk:
                talk.close()
            connection.close()

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        if not self.implicit_tls:
            return connection
        wrapped = self.context().wrap_socket(connection, server_side=True)
        self._open.add(wrapped)
        return wrapped


class _HungUpError(Exception):
    """The conversation is over."""


class _Conversation:
    def __init__(self, server: SmtpServer, connection: socket.socket) -> None:
        self.server = server
        self.connection = connection
        self.lines = connection.makefile("rb")
        self.encrypted = server.implicit_tls
        self.signed_in = not server.user
        self.forget()

        self.carried = 0

    def forget(self) -> None:
        self.sender = ""
        self.parameters = ""
        self.recipients: list[str] = []

    def close(self) -> None:
        self.lines.close()
        self.connection.close()

    def run(self) -> None:
        crowded = 0 < self.server.most_sessions < len(self.server._open)  # noqa: SLF001 - a part of it
        self.answer("GREETING", "421 4.7.0 too many" if crowded else "220 double.example ESMTP")
        while True:
            line = self.line()
            self.server.commands.append(line)
            verb = line.split(" ")[0].upper()
            {
                "EHLO": self.ehlo,
                "STARTTLS": self.starttls,
                "AUTH": self.auth,
                "MAIL": self.mail,
                "RCPT": self.rcpt,
                "DATA": self.data,
                "BDAT": self.bdat,
                "RSET": self.rset,
                "QUIT": self.quit,
            }.get(verb, self.unknown)(line)

    def line(self) -> str:
        raw = self.lines.readline()
        if not raw.endswith(b"\r\n"):
            raise _HungUpError
        return raw[:-2].decode()

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def answer(self, stage: str, usual: str) -> bool:
        """Says what the script has for the stage; True if that agrees."""
        text = self.server.planned(stage, usual)
        if text in (DROP, TAKE_AND_DROP):
            raise _HungUpError
        if text == SILENCE:
            self.lines.read()
            raise _HungUpError
        goodbye = text.startswith("421")
        if goodbye:
            self.server._open.discard(self.connection)  # noqa: SLF001 - before the client can come back
        self.say(text)
        if goodbye:
            raise _HungUpError
        return text[0] in "23"

    def ehlo(self, _line: str) -> None:
        in_tls = self.server.extensions_in_tls if self.encrypted else None
        offers = ["double.example", *(self.server.extensions if in_tls is None else in_tls)]
        if self.server.certificate and not self.encrypted:
            offers.append("STARTTLS")
        if self.server.user and self.encrypted:
            offers.append(f"AUTH {self.server.mechanisms}")
        usual = "\r\n".join([*(f"250-{offer}" for offer in offers[:-1]), f"250 {offers[-1]}"])
        self.answer("EHLO", usual)

    def starttls(self, _line: str) -> None:
        if self.server.whisper:
            self.connection.sendall(b"220 go on\r\n" + self.server.whisper)
        elif self.answer("STARTTLS", "220 go on"):
            self.lines.close()
            self.connection = self.server.context().wrap_socket(self.connection, server_side=True)
            self.server._open.add(self.connection)  # noqa: SLF001 - the conversation is a part of the server
            self.lines = self.connection.makefile("rb")
            self.encrypted = True

    def auth(self, line: str) -> None:
        given = line.split(" ")
        if given[1] == "LOGIN":
            parts = [self.ask("VXNlcm5hbWU6"), self.ask("UGFzc3dvcmQ6")]
        else:
            parts = base64.b64decode(given[2]).decode().split("\0")[1:]
        right = parts == [self.server.user, self.server.password]
        self.signed_in = self.answer("AUTH", "235 welcome" if right else "535 5.7.8 wrong user or password")

    def ask(self, question: str) -> str:
        self.say(f"334 {question}")
        return base64.b64decode(self.line()).decode()

    def mail(self, line: str) -> None:
        usual = "250 2.1.0 ok" if self.signed_in else "530 5.7.0 sign in first"
        if 0 < self.server.most_messages <= self.carried:
            usual = "421 4.7.0 enough over this connection"
        if self.answer("MAIL", usual):
            address, _, self.parameters = line.partition("<")[2].partition(">")
            self.sender = address

    def rcpt(self, line: str) -> None:
        if self.answer("RCPT", "250 2.1.5 ok" if self.sender else "503 5.5.1 MAIL first"):
            self.recipients.append(line.partition("<")[2].rpartition(">")[0])

    def data(self, _line: str) -> None:
        if not self.answer("DATA", "354 go on" if self.recipients else "503 5.5.1 RCPT first"):
            return
        if self.server.planned("BODY", "") == DROP:
            self.lines.read(1000)
            # Reset, so that the client notices while it is still writing.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            raise _HungUpError
        content = self.body()
        self.server.commands.append(".")
        if self.recipients or content:
            self.dot(content)
        else:
            self.say("554 5.5.1 nobody is to get it")
        self.forget()

    def bdat(self, line: str) -> None:
        if self.server.planned("BODY", "") == DROP:
            raise _HungUpError
        content = self.lines.read(int(line.split(" ")[1]))
        self.dot(content)
        self.forget()

    def body(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.lines.readline()) != b".\r\n":
            if not line:
                raise _HungUpError
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def dot(self, content: bytes) -> None:
        text = self.server.planned("DOT", "250 2.0.0 taken")
        if text.startswith("2") or text == TAKE_AND_DROP:
            taken = Taken(
                sender=self.sender,
                recipients=tuple(self.recipients),
                content=content,
                parameters=self.parameters.strip(),
                encrypted=self.encrypted,
            )
            self.carried += 1
            self.server.taken.append(taken)
            if self.server.on_taken:
                self.server.on_taken(taken)
        self.server._script.setdefault("DOT", deque()).appendleft(text)  # noqa: SLF001 - as above
        self.answer("DOT", text)

    def rset(self, _line: str) -> None:
        self.forget()
        self.answer("RSET", "250 2.0.0 ok")

    def quit(self, _line: str) -> None:
        self.say("221 bye")
        raise _HungUpError

    def unknown(self, _line: str) -> None:
        self.say("502 5.5.2 what?")
