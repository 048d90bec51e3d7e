"""Hands messages over to SendGrid's v3 API, up to a thousand readers per request (R153-R178, R192)."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.delivery.sendgrid_answer import RequestAnswer, read_answer
from ranvier.delivery.sendgrid_request import (
    MOST_BYTES,
    MOST_READERS,
    Personal,
    parts_fault,
    personal_of,
    portions,
    request_body,
)
from ranvier.errors import ConfigurationError, RanvierError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ranvier.delivery.compose import Compose, Parts
    from ranvier.delivery.urls import SendGridOptions
    from ranvier.message.sender import Sender

MOST_REQUESTS = 50
"""For one hand-over. Twenty find a culprit among a thousand; many more mean that something else is wrong."""

_CUT_SHORT = RequestAnswer(
    answer=Answer.NOT_TAKEN,
    text="SendGrid refuses many readers and names none; the search goes on in the next hand-over",
    retry_after=0.0,
)

# The client logs the key and every address at DEBUG.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


class SendGrid:
    """One request for each (audience, item set), one personalization for each reader."""

    batch = MOST_READERS

    def __init__(
        self,
        options: SendGridOptions,
        compose: Compose,
        *,
        sender: Sender,
        key: str,
        clock: Callable[[], float],
    ) -> None:
        self._api = SendGridAPIClient(_sound_key(key), host=options.host)
        self._api.client.timeout = options.timeout  # the client's own default is to wait for ever
        self.name = f"sendgrid:{options.host}"
        self._host = options.host
        self._compose = compose
        self._sender = sender
        self._clock = clock

    def hand_over(self, deliveries: Sequence[Delivery]) -> tuple[Reply, ...]:
        """Refuses whom SendGrid would refuse, posts the rest, and searches a refused request for culprits."""
        try:
            parts = self._compose.parts(deliveries[0].audience, deliveries[0].item_set)
            fault = parts_fault(parts)
        except RanvierError as error:
            fault = str(error)
        if fault:
            outcome = RequestAnswer(answer=Answer.NOT_TAKEN, text=fault)
            return tuple(_reply(delivery.id, outcome) for delivery in deliveries)
        readers = [personal_of(delivery, self._compose) for delivery in deliveries]
        unfit = (reader for reader in readers if isinstance(reader, Reply))
        posted = self._post_all(parts, [reader for reader in readers if isinstance(reader, Personal)])
        taken = any(outcome.answer is Answer.ACCEPTED for _, outcome in posted)
        answers = (_reply(reader.delivery, _proved(outcome, taken=taken)) for reader, outcome in posted)
        return (*unfit, *answers)

    def evidence(self, _delivery: int) -> None:
        """Only an event that comes back can prove anything: None."""

    def close(self) -> None:
        """Nothing is held open."""

    def _post_all(self, parts: Parts, readers: Sequence[Personal]) -> list[tuple[Personal, RequestAnswer]]:
        """An outcome for everybody. The search goes deep first: however short it is cut, it finds someone."""
        shared = len(json.dumps(request_body(parts, self._sender, ())))
        waiting = [*portions(readers, room=MOST_BYTES - shared)]
        found: list[tuple[Personal, RequestAnswer]] = []
        rest = _CUT_SHORT
        for _ in range(MOST_REQUESTS):
            if not waiting:
                break
            group = waiting.pop()
            outcome = self._post(request_body(parts, self._sender, group))
            answered, again = apportion(group, outcome)
            waiting.extend(again)
            found.extend((reader, outcome) for reader in answered)
            if outcome.answer is Answer.NOT_TAKEN:
                rest = outcome
                break
        return found + [(reader, rest) for group in waiting for reader in group]

    def _post(self, body: dict[str, object]) -> RequestAnswer:
        try:
            response = self._api.client.mail.send.post(request_body=body)
        except HTTPError as refused:
            return read_answer(refused.status_code, refused.headers or {}, refused.body, now=self._clock())
        except URLError as error:
            # urllib raises this one only until the request has been written completely: nothing can be taken.
            return RequestAnswer(answer=Answer.NOT_TAKEN, text=f"{self._host}: {error.reason}")
        except (OSError, HTTPException) as error:
            return RequestAnswer(answer=Answer.UNKNOWN, text=f"no answer to a complete request: {error!r}")
        return read_answer(response.status_code, response.headers, response.body, now=self._clock())


def apportion(
    group: tuple[Personal, ...], outcome: RequestAnswer
) -> tuple[tuple[Personal, ...], tuple[tuple[Personal, ...], ...]]:
    """Whom the outcome answers, and the groups to ask about: all but the named culprits, else halves."""
    if outcome.answer is not Answer.PERMANENT or len(group) == 1:
        return group, ()
    culprits = tuple(reader for place, reader in enumerate(group) if place in outcome.culprits)
    others = tuple(reader for place, reader in enumerate(group) if place not in outcome.culprits)
    if culprits:
        return culprits, (others,) if others else ()
    middle = len(group) // 2
    return (), (group[:middle], group[middle:])


def _proved(outcome: RequestAnswer, *, taken: bool) -> RequestAnswer:
    """A refusal that names nobody is a reader's own only if the same request without him was taken."""
    doubtful = outcome.answer is Answer.PERMANENT and not outcome.culprits and not taken
    return replace(outcome, answer=Answer.TEMPORARY) if doubtful else outcome


def _reply(delivery: int, outcome: RequestAnswer) -> Reply:
    return Reply(
        delivery=delivery,
        answer=outcome.answer,
        code=outcome.code,
        text=outcome.text,
        retry_after=outcome.retry_after,
    )


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
