"""SendGrid's own suppression lists, and its erasure of people (R116, R183).

Sources: Twilio's pages "Suppressions" (v3 API reference) and "Recipients' Data Erasure".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import quote

from python_http_client.exceptions import HTTPError

from ranvier.delivery.sendgrid_client import Body, open_client
from ranvier.errors import ConfigurationError, UnfinishedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LISTS = ("bounces", "invalid_emails", "spam_reports", "unsubscribes")
"""All but `blocks`: SendGrid itself goes on writing to those."""

_PAGE = 500
_MOST_PAGES = 20_000
_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An address on one of the LISTS, and since when."""

    list: str
    address: str
    at: datetime


class SendGridLists:
    """Raises UnfinishedError when SendGrid cannot be asked now, ConfigurationError when the key may not."""

    def __init__(self, host: str, key: str) -> None:
        self._api = open_client(host, key, timeout=_TIMEOUT)

    def listed(self) -> Iterator[Listed]:
        """Everybody on any of the lists."""
        for name in LISTS:
            for page in range(_MOST_PAGES):
                rows = self._page(name, page * _PAGE)
                yield from (found for row in rows if (found := _listed(name, row)))
                if len(rows) < _PAGE:
                    break

    def take_off(self, one: Listed) -> None:
        """Let SendGrid write to an address again."""
        path = self._api.client.suppression._(one.list)._(quote(one.address, safe="@+"))
        _asked(path.delete)

    def erase(self, address: str) -> None:
        """Have everything about an address erased at SendGrid."""
        body = Body(json.dumps({"addresses": [address]}).encode())
        _asked(lambda: self._api.client.recipients.erasejob.post(request_body=body))

    def _page(self, name: str, offset: int) -> list[Any]:
        path = self._api.client.suppression._(name)
        answer = _asked(lambda: path.get(query_params={"limit": _PAGE, "offset": offset}))
        try:
            rows = json.loads(answer.body)
        except ValueError:
            rows = None
        if not isinstance(rows, list):
            raise UnfinishedError("SendGrid answered with something else than a list", where=name)
        return rows


def _listed(name: str, row: Any) -> Listed | None:  # noqa: ANN401 - whatever was answered
    if not (isinstance(row, dict) and isinstance(row.get("email"), str)):
        return None
    created = row.get("created")
    seconds = created if isinstance(created, int) and 0 <= created < 2**33 else 0
    return Listed(list=name, address=row["email"], at=datetime.fromtimestamp(seconds, UTC))


def _asked(request: Callable[[], Any]) -> Any:  # noqa: ANN401 - the client's answer
    try:
        return request()
    except HTTPError as error:
        if error.status_code in {401, 403}:
            message = "SendGrid does not let this key in; it needs Suppressions and Recipients' Data Erasure"
            raise ConfigurationError(message, where="SENDGRID_API_KEY") from None
        if error.status_code == 404:
            return None
        raise UnfinishedError(f"SendGrid answered {error.status_code}; run it again later") from None
    except (URLError, HTTPException, OSError) as error:
        raise UnfinishedError("SendGrid could not be asked; run it again later") from error
