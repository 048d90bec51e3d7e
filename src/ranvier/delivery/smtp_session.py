"""One SMTP connection: greeted, encrypted and signed in as the options say (RFC 5321, 3207, 4954)."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from typing import TYPE_CHECKING

from ranvier.delivery.urls import Tls

if TYPE_CHECKING:
    from ranvier.delivery.urls import SmtpOptions

COMMAND = 300.0
BODY = 180.0
FINAL_DOT = 600.0
"""Seconds to wait (R70). Hanging up early on the final dot would make deliveries uncertain."""

_DATA_INIT = 120.0


class Session:
    """What may go wrong crosses this class as OSError (which smtplib's own errors are)."""

    def __init__(self, smtp: smtplib.SMTP, *, timeout: float | None) -> None:
        self._smtp = smtp
        self._timeout = timeout

    @property
    def size_limit(self) -> int:
        """Bytes that the server takes at most (RFC 1870); 0 when it does not say."""
        stated = self._smtp.esmtp_features.get("size", "").strip()
        return int(stated) if stated.isascii() and stated.isdigit() else 0

    def offers(self, extension: str) -> bool:
        """Whether the last EHLO answer, the one after STARTTLS, named it (R78)."""
        return self._smtp.has_extn(extension)

    def command(self, line: str) -> tuple[int, str]:
        """The answer to one command."""
        self._wait(_DATA_INIT if line == "DATA" else COMMAND)
        self._smtp.send(f"{line}\r\n".encode())
        return self._answer()

    def write(self, content: bytes) -> None:
        """Writes all of it, or raises and has not written the end of it."""
        self._wait(BODY)
        self._smtp.send(content)

    def final_answer(self) -> tuple[int, str]:
        """The answer to the final dot."""
        self._wait(FINAL_DOT)
        return self._answer()

    def quit(self) -> None:
        """Says goodbye if the server still listens; hangs up in any case."""
        with contextlib.suppress(OSError):
            self.command("QUIT")
        self.hang_up()

    def hang_up(self) -> None:
        """Closes the connection without a word."""
        self._smtp.close()

    def _answer(self) -> tuple[int, str]:
        code, text = self._smtp.getreply()
        if not 200 <= code <= 599:
            raise smtplib.SMTPServerDisconnected("the server said something that is no SMTP reply")
        return code, text.decode("utf-8", "replace")

    def _wait(self, seconds: float) -> None:
        # Once smtplib has hung up there is no socket; its next use says so in an error of its own.
        if self._smtp.sock:
            self._smtp.sock.settimeout(self._timeout or seconds)


def open_session(options: SmtpOptions, *, name: str) -> Session:
    """A session that can take mail; `name` is what we call ourselves. Raises OSError with the reason."""
    smtp = _connect(options, name)
    try:
        _encrypt(smtp, options)
        if options.user:
            smtp.login(options.user, options.password)
    except UnicodeError:
        smtp.close()
        raise smtplib.SMTPException("the user or password has characters that SMTP cannot carry") from None
    except OSError:
        smtp.close()
        raise
    return Session(smtp, timeout=options.timeout)


def _connect(options: SmtpOptions, name: str) -> smtplib.SMTP:
    timeout = options.timeout or COMMAND
    if options.tls is Tls.IMPLICIT:
        trust = _trust(options)
        return smtplib.SMTP_SSL(options.host, options.port, name, timeout=timeout, context=trust)
    return smtplib.SMTP(options.host, options.port, name, timeout=timeout)


def _encrypt(smtp: smtplib.SMTP, options: SmtpOptions) -> None:
    smtp.ehlo_or_helo_if_needed()
    if options.tls is Tls.STARTTLS:
        smtp.starttls(context=_trust(options))
        smtp.ehlo_or_helo_if_needed()  # what was offered in clear does not count (R78)


def _trust(options: SmtpOptions) -> ssl.SSLContext:
    """Certificates and names are verified; TLS 1.2 is the least (R67)."""
    trust = ssl.create_default_context(cafile=options.cafile or None)
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    return trust
