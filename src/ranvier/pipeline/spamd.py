"""Asks a SpamAssassin daemon about a message (spamd's own protocol, SYMBOLS of SPAMC/1.5)."""

from __future__ import annotations

import re
import socket

from ranvier.checks.proof import SpamScore

_SECONDS = 30.0
_VERDICT = re.compile(rb"^Spam: *\w+ *; *(-?[\d.]+) */", re.MULTILINE | re.IGNORECASE)
_RULE = re.compile(r"[A-Z][A-Z0-9_]+")


def spam_score(wire: bytes, *, spamd: str) -> SpamScore | None:
    """Points and the tests that gave them; None when host:port does not answer as a spamd does."""
    host, _, port = spamd.rpartition(":")
    asked = b"SYMBOLS SPAMC/1.5\r\nContent-length: %d\r\n\r\n" % len(wire)
    try:
        with socket.create_connection((host, int(port)), timeout=_SECONDS) as connection:
            connection.sendall(asked + wire)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    except OSError:
        return None
    head, _, body = answer.partition(b"\r\n\r\n")
    verdict = _VERDICT.search(head)
    if not head.startswith(b"SPAMD/") or verdict is None:
        return None
    return SpamScore(points=float(verdict[1]), rules=tuple(_RULE.findall(body.decode("ascii", "replace"))))
