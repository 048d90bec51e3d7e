"""What the cells of a list of people may hold, and what is made of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from ranvier.addresses import quoted
from ranvier.errors import InputError
from ranvier.subscribers.formulas import unguard
from ranvier.subscribers.subscriber import Frequency, Status

COLUMNS = (
    "email",
    "name",
    "audience",
    "topics",
    "frequency",
    "locale",
    "timezone",
    "status",
    "consent_date",
    "tags",
)
"""All that a list may say of a person; only `email` has to be there."""

_LONGEST_NAME = 200
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_SPELLING = {2: str.upper, 4: str.title}  # regions and scripts; all else is in small letters
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # Persian and Indic names are spelt with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The words that a publication knows; `timezones` are IANA names."""

    audiences: tuple[str, ...]
    topics: tuple[str, ...]
    timezones: frozenset[str]


def read_name(cell: str) -> str:
    """A name that can stand in a header and a greeting: one line without control or direction characters.

    Of several lines the first counts: what follows is an organisation at best and a forged header at worst
    (R34), and neither is a reason to lose a person who asked for mail.
    """
    cell = unguard(cell)
    if "\N{REPLACEMENT CHARACTER}" in cell:
        raise InputError(
            f"name {quoted(cell)} holds a character that could not be read; save the list as UTF-8"
        )
    if not cell.isascii() or not cell.isprintable():
        cell = _cleaned(cell)
    return " ".join(cell.split())[:_LONGEST_NAME].rstrip()


def _cleaned(name: str) -> str:
    line = next((line for line in name.splitlines() if line.strip()), "")
    kept = (" " if char.isspace() else char for char in line if _is_shown(char))
    return unicodedata.normalize("NFC", "".join(kept))


def _is_shown(char: str) -> bool:
    return char.isprintable() or char.isspace() or char in _JOINERS


def read_audience(cell: str, allowed: Allowed) -> str:
    """The audience's slug, or nothing."""
    return _one_of(allowed.audiences, cell, "audience")


def read_topics(cell: str, allowed: Allowed) -> tuple[str, ...]:
    """Slugs separated by `;`, each once; none means all topics."""
    return tuple(dict.fromkeys(read_topic(word, allowed) for word in cell.split(";") if word.strip()))


def read_topic(word: str, allowed: Allowed) -> str:
    """One topic's slug."""
    return _one_of(allowed.topics, word, "topic")


def read_frequency(cell: str) -> Frequency:
    """How often; weekly where nothing is said."""
    return Frequency(_one_of(tuple(Frequency), cell, "frequency") or Frequency.WEEKLY)


def read_status(cell: str) -> Status:
    """Whether the person may be mailed; active where nothing is said, which still takes a consent date."""
    return Status(_one_of(tuple(Status), cell, "status") or Status.ACTIVE)


def read_locale(cell: str) -> str:
    """A language tag in its usual spelling (RFC 5646 2.1.1): `de-DE`, `zh-Hant-TW`."""
    tag = cell.strip()
    if not tag:
        return ""
    if not _LANGUAGE_TAG.fullmatch(tag):
        raise InputError(f"locale {quoted(tag)} is not a language tag such as de-DE")
    language, *rest = tag.replace("_", "-").split("-")
    return "-".join((language.lower(), *(_SPELLING.get(len(part), str.lower)(part) for part in rest)))


def read_timezone(cell: str, allowed: Allowed) -> str:
    """An IANA time zone, or nothing."""
    zone = cell.strip()
    if zone and zone not in allowed.timezones:
        raise InputError(f"unknown time zone {quoted(zone)}; names are like Europe/Berlin")
    return zone


def read_consent_date(cell: str) -> date | None:
    """The day of an ISO date or timestamp, as written. A day in words or 10/11/2026 is not guessed at."""
    text = cell.strip()
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        day = None
    # fromisoformat reads 20261122 and 2026-W47-7 too; in a list of people those are accidents.
    if day is None or not text.startswith(day.isoformat()):
        raise InputError(f"consent_date {quoted(text)} is not a date such as 2026-11-22")
    return day


def read_tags(cell: str) -> tuple[str, ...]:
    """An operator's own words, separated by `;`, each once."""
    return tuple(dict.fromkeys(read_tag(word) for word in unguard(cell).split(";") if word.strip()))


def read_tag(word: str) -> str:
    """One tag, in lower case."""
    tag = word.strip().lower()
    if not tag.isprintable() or ";" in tag:
        raise InputError(f"tag {quoted(tag)} is not one line of plain text")
    return tag


def _one_of(known: tuple[str, ...], cell: str, what: str) -> str:
    word = cell.strip().lower()
    if word and word not in known:
        raise InputError(f"unknown {what} {quoted(word)}; known: {', '.join(known)}")
    return word
