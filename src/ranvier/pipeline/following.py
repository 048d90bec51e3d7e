"""Follows links, if a person asked for it: nothing else of building or checking meets the network."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import OpenerDirector, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterable

_AT_ONCE = 8
_SECONDS = 15.0
_NO_HEAD = frozenset({HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.FORBIDDEN})
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def follow(urls: Iterable[str]) -> dict[str, str]:
    """Each address with what is wrong there, or with nothing.

    A host that turns programs away, or is slow, is not wrong: only a person can tell.
    """
    once = tuple(dict.fromkeys(urls))
    opener = build_opener()  # knows the proxies of this moment
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(once, pool.map(partial(_trouble, opener), once), strict=True))


def _trouble(opener: OpenerDirector, url: str) -> str:
    try:
        status = _status(opener, url, "HEAD")
        status = _status(opener, url, "GET") if status in _NO_HEAD else status
    except URLError as error:
        return _words(error.reason)
    except (OSError, ValueError):
        return ""
    return f"answers {status.value} {status.phrase}" if status in _GONE else ""


def _status(opener: OpenerDirector, url: str, method: str) -> HTTPStatus:
    request = Request(url, method=method, headers={"User-Agent": "ranvier-check"})  # noqa: S310 - https only
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            return HTTPStatus(answer.status)
    except HTTPError as error:
        return HTTPStatus(error.code)


def _words(reason: object) -> str:
    if isinstance(reason, socket.gaierror):
        return "there is no such host"
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "its certificate is not valid"
    return "nobody answers there" if isinstance(reason, ConnectionRefusedError) else ""
