"""What SendGrid's answer to mail/send means (R171-R174)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
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


def read_answer(status: int, headers: Mapping[str, str], body: bytes, *, now: float) -> RequestAnswer:
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


def _culprits(errors: tuple[tuple[str, str], ...]) -> frozenset[int]:
    found = (_CULPRIT.match(field) for _, field in errors)
    return frozenset(int(match.group(1)) for match in found if match)


def _wait(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds to wait, one at least: Retry-After (seconds or date), else X-RateLimit-Reset (an epoch)."""
    after = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", after):
        return max(_SHORTEST_WAIT, float(after))
    reset = headers.get("X-RateLimit-Reset", "").strip()
    if after:
        try:
            return max(_SHORTEST_WAIT, parsedate_to_datetime(after).timestamp() - now)
        except ValueError:
            pass
    return max(_SHORTEST_WAIT, float(reset) - now) if re.fullmatch(r"\d{1,12}", reset) else None


def _advice(status: int, text: str) -> str:
    """What an operator can do about it, first: last words are cut at their end."""
    if status in (401, 403):
        return f"check SENDGRID_API_KEY, its right to send mail, and that the sender is verified: {text}"
    return text
