"""Transport URLs as options: `outbox:PATH`, `smtp://…`, `sendgrid:` (design: Environment)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ranvier.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


SENDGRID = "https://api.sendgrid.com"


class Tls(StrEnum):
    """How an SMTP connection is encrypted (RFC 8314); the certificate is verified in both cases."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxOptions:
    """A folder; relative to the workspace."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpOptions:
    """A relay. With a user there is TLS, but on this machine: credentials never travel in clear (R67)."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 8
    """At most so many at once; fewer if the relay does not let so many in."""
    messages: int = 0
    """At most so many over one connection, then another is opened; 0 means as many as the relay likes."""
    ehlo: str = ""
    """The name to greet with; empty means the sender's domain."""
    cafile: str = ""
    """PEM file of the authorities to trust instead of the system's."""
    timeout: float | None = None
    """Seconds for every answer, instead of the minutes of RFC 5321 4.5.3.2 (R70)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGridOptions:
    """The v3 API; the key comes from the environment, never from the URL."""

    host: str = SENDGRID
    timeout: float = 60.0
    """Seconds of silence after which the outcome of a request is unknown."""
    requests: int = 4
    """At most so many in flight at once."""


TransportOptions = OutboxOptions | SmtpOptions | SendGridOptions


def parse_transport(url: str, *, where: str = "transport") -> TransportOptions:
    """The options that `url` states. Raises ConfigurationError; no message repeats a password."""
    scheme, _, rest = url.partition(":")
    if scheme not in SCHEMES:
        allowed = ", ".join(f"{name}:" for name in SCHEMES)
        raise ConfigurationError(
            f"a transport is one of {allowed}, for example outbox:digests/outbox", where=where
        )
    try:
        return SCHEMES[scheme](rest)
    except ValueError as error:
        raise ConfigurationError(f"{scheme}: {error}", where=where) from None


def _outbox(rest: str) -> OutboxOptions:
    path, query, _ = rest.partition("?")
    if query:
        raise ValueError("has no options; write outbox:PATH")
    if not path or (path.startswith("//") and not path.startswith("///")):
        raise ValueError("needs a folder: outbox:PATH, with three slashes or one if the path is absolute")
    return OutboxOptions(path=Path(path))


def _smtp(rest: str) -> SmtpOptions:
    url = urlsplit(f"smtp:{rest}")
    options = _query(url, {"tls", "connections", "messages", "ehlo", "cafile", "timeout"})
    if not url.hostname or url.path.strip("/"):
        raise ValueError(
            "write smtp://[user:password@]host[:port][?options]; write %40 for @, %2F for / in a password"
        )
    user, password = unquote(url.username or ""), unquote(url.password or "")
    tls = Tls(_one_of(options["tls"], [*Tls])) if "tls" in options else _usual_tls(url, user)
    if user and tls is Tls.NONE and not is_loopback(url.hostname):
        raise ValueError("a user and password need tls=starttls or tls=implicit; they never travel in clear")
    return SmtpOptions(
        host=url.hostname,
        port=url.port or {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.IMPLICIT: 465}[tls],
        tls=tls,
        user=user,
        password=password,
        connections=_whole(options.get("connections", "8"), "connections"),
        messages=_whole(options.get("messages", "0"), "messages", least=0),
        ehlo=options.get("ehlo", ""),
        cafile=options.get("cafile", ""),
        timeout=_seconds(options["timeout"]) if "timeout" in options else None,
    )


def _usual_tls(url: SplitResult, user: str) -> Tls:
    """What is meant when the URL does not say: encrypted, unless nothing secret leaves this machine."""
    if url.port == 465:
        return Tls.IMPLICIT
    return Tls.NONE if is_loopback(url.hostname or "") and not user else Tls.STARTTLS


def _sendgrid(rest: str) -> SendGridOptions:
    url = urlsplit(f"sendgrid:{rest}")
    options = _query(url, {"host", "timeout", "requests"})
    if url.netloc or url.path:
        raise ValueError("write sendgrid: or sendgrid:?host=https://…; the key stands in SENDGRID_API_KEY")
    host = options.get("host", SENDGRID).rstrip("/")
    api = urlsplit(host)
    if not api.hostname or api.path or api.query or "@" in api.netloc:
        raise ValueError("host is an address without path or user, such as https://api.eu.sendgrid.com")
    if api.scheme != "https" and not (api.scheme == "http" and is_loopback(api.hostname)):
        raise ValueError(
            "host is https://…; http:// only on this machine, because the key would travel in clear"
        )
    return SendGridOptions(
        host=host,
        timeout=_seconds(options.get("timeout", "60")),
        requests=_whole(options.get("requests", "4"), "requests", most=32),
    )


SCHEMES: dict[str, Callable[[str], TransportOptions]] = {
    "outbox": _outbox,
    "smtp": _smtp,
    "sendgrid": _sendgrid,
}


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _query(url: SplitResult, allowed: Collection[str]) -> dict[str, str]:
    if url.fragment:
        raise ValueError("write %23 for # in a password")
    pairs = parse_qsl(url.query, keep_blank_values=True)
    for name, _ in pairs:
        _one_of(name, sorted(allowed), what="option")
    options = dict(pairs)
    if len(options) != len(pairs):
        raise ValueError("each option is given once")
    return options


def _one_of(value: str, allowed: Collection[str], *, what: str = "tls") -> str:
    if value not in allowed:
        raise ValueError(f'{what} "{value}" is none of {", ".join(allowed)}')
    return value


def _whole(value: str, name: str, *, least: int = 1, most: int = 1000) -> int:
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ValueError(f"{name} is a number from {least} to {most}")
    return int(value)


def _seconds(value: str) -> float:
    return float(_whole(value, "timeout in seconds"))
