"""What SendGrid's answer to mail/send means (R171-R174)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from ranvier.delivery.handover import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORTEST_WAIT = 1.0
"""Seconds: the reset is a whole second that may just have passed, and nobody is asked in a tight loop."""

_CULPRIT = re.compile(r"personalizations[.\[](\d{1,4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """An answer about a whole request.

    A PERMANENT one was refused because of some of its readers: those at the places in `culprits`, or nobody
    knows which when that is empty.
    """

    answer: Answer
    code: str = ""
    text: str = ""
    retry_after: float | None = None
    culprits: frozenset[int] = frozenset()
    pause: float = 0.0
    """Seconds in which SendGrid takes no request at all."""
    remaining: int | None = None
    """How many more it takes until then; None if it does not say."""


class Window:
    """When the next request may be made (R173). Moments are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._opens = 0.0
        self.remaining: int | None = None
        """As the last answer said; for what comes after a pause that is still the best guess."""

    def obey(self, answer: RequestAnswer, *, now: float) -> None:
        """Nobody asks again before the pause of this answer, or of an earlier one, is over."""
        self.remaining = answer.remaining
        if answer.pause:
            self._opens = max(self._opens, now + answer.pause)

    def left(self, now: float) -> float:
        """Seconds until it opens; 0 if it is open."""
        return max(0.0, self._opens - now)


def read_answer(status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> RequestAnswer:
    """What one response means for its readers, and for the requests after it."""
    meaning = _meaning(status, headers, body, now=now)
    remaining = headers.get("X-RateLimit-Remaining", "").strip()
    left = int(remaining) if re.fullmatch(r"\d{1,9}", remaining) else None
    if status in (429, 503):
        left = 0
    used_up = max(0.0, (_reset(headers) or now) - now) if left == 0 else 0.0
    return replace(meaning, pause=max(used_up, meaning.retry_after or 0.0), remaining=left)


def _meaning(status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> RequestAnswer:
    """202 is queued; 400 and 413 refuse some readers; other 4xx and 503 took nothing; else nobody knows."""
    errors = _errors(body)
    code, text = str(status), " ".join(message for message, _ in errors) or f"HTTP {status}"
    if status == 202:
        return RequestAnswer(answer=Answer.ACCEPTED, code=code)
    if status in (429, 503):
        wait = _wait(headers, now=now)
        return RequestAnswer(answer=Answer.NOT_TAKEN, code=code, text=text, retry_after=wait)
    if status == 413 or (status == 400 and _about_readers(errors)):
        return RequestAnswer(answer=Answer.PERMANENT, code=code, text=text, culprits=_culprits(errors))
    if status == 403 and _about_sender(errors):
        return RequestAnswer(answer=Answer.SENDER_FAULT, code=code, text=_advice(status, text))
    if 300 <= status < 500:
        # A key, a sender or an address of the API is wrong: a person has to repair it.
        return RequestAnswer(answer=Answer.NOT_TAKEN, code=code, text=_advice(status, text))
    return RequestAnswer(answer=Answer.UNKNOWN, code=code, text=text)


def _errors(body: bytes) -> tuple[tuple[str, str], ...]:
    """Message and field of each error; nothing if a gateway answered in its own words."""
    try:
        errors = json.loads(body)["errors"]
        return tuple((str(error["message"]), str(error.get("field") or "")) for error in errors)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ()


def _about_readers(errors: tuple[tuple[str, str], ...]) -> bool:
    """Whether a reader may be at fault: an error names one, or none names any field."""
    fields = [field for _, field in errors if field]
    return not fields or any(field.startswith("personalizations") for field in fields)


def _about_sender(errors: tuple[tuple[str, str], ...]) -> bool:
    """Whether the key is good and the sender is not: its address or domain is not verified (R96)."""
    return any(field.partition(".")[0] == "from" for _, field in errors)


def _culprits(errors: tuple[tuple[str, str], ...]) -> frozenset[int]:
    found = (_CULPRIT.match(field) for _, field in errors)
    return frozenset(int(match.group(1)) for match in found if match)


def _wait(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds to wait, one at least: Retry-After (seconds or date), else until the reset."""
    after = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", after):
        return max(_SHORTEST_WAIT, float(after))
    until = _date(after) or _reset(headers)
    return None if until is None else max(_SHORTEST_WAIT, until - now)


def _reset(headers: Mapping[str, str]) -> float | None:
    reset = headers.get("X-RateLimit-Reset", "").strip()
    return float(reset) if re.fullmatch(r"\d{1,12}", reset) else None


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except ValueError:
        return None


def _advice(status: int, text: str) -> str:
    """What an operator can do about it, first: last words are cut at their end."""
    if status == 401 and "credits" in text.lower():
        return f"the SendGrid plan has no credits left: {text}"
    if status in (401, 403):
        return f"check SENDGRID_API_KEY, its right to send mail, and that the sender is verified: {text}"
    return text
