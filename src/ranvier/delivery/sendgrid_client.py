"""SendGrid's client as it has to be set up (R192)."""

from __future__ import annotations

import logging

from sendgrid import SendGridAPIClient

from ranvier.errors import ConfigurationError

# Without the charset the client would make JSON of it once more, ten times slower than ours was made.
_JSON = "application/json; charset=utf-8"

# The client logs the key and every address at DEBUG.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


def open_client(host: str, key: str, *, timeout: float) -> SendGridAPIClient:
    """A client for a host; `timeout` in seconds. Raises ConfigurationError for a key that is none."""
    api = SendGridAPIClient(_sound_key(key), host=host)
    api.client.timeout = timeout  # the client's own default is to wait for ever
    api.client.request_headers["Content-Type"] = _JSON
    return api


class Body(bytes):
    """A request as it goes out.

    The client calls `encode` on it, and formats it for a log line, written or not: milliseconds a megabyte,
    and everybody's address.
    """

    __slots__ = ()

    def encode(self, _charset: str) -> Body:
        """As it is."""
        return self

    def __format__(self, _spec: str) -> str:
        return f"({len(self)} bytes)"


def _sound_key(key: str) -> str:
    """The key as a header can carry it. http.client would print a bad one in its traceback."""
    stripped = key.strip()
    if not stripped:
        raise ConfigurationError(
            "is empty; sendgrid: needs a key that may send mail", where="SENDGRID_API_KEY"
        )
    if not stripped.isascii() or not stripped.isprintable() or " " in stripped:
        raise ConfigurationError("has characters that no key has; copy it again", where="SENDGRID_API_KEY")
    return stripped
