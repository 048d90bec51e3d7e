"""The ways in which sources write a day; what cannot be told is no date."""

from __future__ import annotations

import re
from datetime import date as Date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]\d.*)?",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",  # as the sources' sites write it (US)
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",  # with dots, the day is first
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})(?:\s+\d.*)?",
    )
)
_US = _FORMS[1]


def parse_date(text: str) -> Date | None:
    """The day that `text` names: ISO (its time is dropped), US, with dots, long English or RFC 2822.

    None for anything else.
    """
    for form in _FORMS:
        if match := form.fullmatch(text.strip()):
            return _day(match)
    return None


def is_us_date(text: str) -> bool:
    """Whether `text` is nothing but a US date, as it stands above a card."""
    return bool(_US.fullmatch(text.strip()))


def _day(match: re.Match[str]) -> Date | None:
    parts = match.groupdict()
    month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"].lower()) + 1
    try:
        return Date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:  # 31 February, or a day first where the month belongs
        return None
