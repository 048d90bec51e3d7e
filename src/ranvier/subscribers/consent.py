"""What an operator declares about the consent of everyone on a list (R139)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ranvier.addresses import quoted
from ranvier.errors import InputError
from ranvier.subscribers.fields import read_consent_date
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from datetime import date

    from ranvier.subscribers.subscriber import Subscriber

SOURCE, DATE = "--consent-source", "--consent-date"

_LONGEST_SOURCE = 200
# Gmail, Yahoo, Apple and Microsoft prohibit such lists, and nobody on one asked for this newsletter.
_NO_CONSENT = re.compile(
    r"\b(?:purchased|bought|rented|leased|scraped|harvested|gekaufte?|gemietete?|achetée?s?|louée?s?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredConsent:
    """How the people of a list consented, and the day for those whose row does not say one."""

    source: str
    day: date | None = None


def declared_consent(source: str, day: str, *, today: date) -> DeclaredConsent | None:
    """What two options declare; None where they are empty. Raises InputError."""
    source = " ".join(source.split())
    if not source and not day.strip():
        return None
    if not source:
        message = f'needs {SOURCE} TEXT: where the people consented, such as "sign-up form of our site"'
        raise InputError(message, where=DATE)
    if not source.isprintable() or len(source) > _LONGEST_SOURCE:
        raise InputError(f"is not one line of at most {_LONGEST_SOURCE} characters", where=SOURCE)
    if match := _NO_CONSENT.search(source):
        message = (
            f"people on a {quoted(match[0])} list did not consent to this newsletter; it is not imported"
        )
        raise InputError(message, where=SOURCE)
    return DeclaredConsent(source=source, day=_day(day, today))


def consenting(new: Subscriber, known: Subscriber | None, consent: DeclaredConsent | None) -> Subscriber:
    """The row's person with the declared day, where neither the row nor the list knows one.

    A word about everyone is no consent of those who are not active, and does not confirm for those who have
    yet to confirm themselves (R107).
    """
    if consent is None or consent.day is None or new.consent_date or new.status is not Status.ACTIVE:
        return new
    if known and (known.consent_date or known.status is Status.PENDING):
        return new
    return replace(new, consent_date=consent.day)


def _day(cell: str, today: date) -> date | None:
    try:
        day = read_consent_date(cell)
    except InputError:
        raise InputError(f"{quoted(cell)} is not a date such as 2026-11-22", where=DATE) from None
    if day and day > today:
        raise InputError(f"{day} has not come yet", where=DATE)
    return day
