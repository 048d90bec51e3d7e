"""What the exports of Mailchimp, listmonk and Ghost say about people, in our words.

Mailchimp: `subscribed_`, `unsubscribed_`, `cleaned_` and `nonsubscribed_`, then `members_export_*.csv` or
`email_audience_export_*.csv`; who left is known by the file, not by the row. listmonk: `ExportSubscribers` in
cmd/subscribers.go. Ghost: core/server/services/members, the columns of its unparse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ranvier.errors import InputError
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


class Format(StrEnum):
    """Whose columns a list has; `csv` are our own, or nobody's in particular."""

    CSV = "csv"
    MAILCHIMP = "mailchimp"
    LISTMONK = "listmonk"
    GHOST = "ghost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One of our cells made of theirs: the cells of the columns `of`, those that are there, go into `by`."""

    of: tuple[str, ...]
    by: Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One program's export: all columns of one of the `marks` are there. All names are in small letters."""

    format: Format
    program: str
    marks: tuple[frozenset[str], ...]
    cells: Mapping[str, Made]
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Everyone:
    """What a file says of everyone in it."""

    status: Status
    who: str


UNSUBSCRIBED = Everyone(Status.UNSUBSCRIBED, "people who unsubscribed")
CLEANED = Everyone(Status.BOUNCED, "addresses that bounced")
NEVER_SUBSCRIBED = Everyone(Status.PENDING, "people who never subscribed")

MAILCHIMP_FILES = {
    "unsubscribed": UNSUBSCRIBED,
    "cleaned": CLEANED,
    "nonsubscribed": NEVER_SUBSCRIBED,
}
"""The first word of the file's name, where it is not `subscribed`."""

MAILCHIMP_COLUMNS = {
    "unsub_time": UNSUBSCRIBED,
    "unsub_reason": UNSUBSCRIBED,
    "clean_time": CLEANED,
}
"""Columns that only the files of people who left have."""

DECISIVE = frozenset(MAILCHIMP_COLUMNS)
"""Columns from which no cell is taken and which say what everyone in the file is."""

LISTMONK_STATUS = {
    "enabled": Status.ACTIVE,
    "disabled": Status.UNSUBSCRIBED,
    # Blocked by themselves or by the owner, bounced or complained: listmonk keeps them together. Not
    # `complained`: that would count against the issue that they got last.
    "blocklisted": Status.UNSUBSCRIBED,
    "blacklisted": Status.UNSUBSCRIBED,  # its word before 0.7
}

GHOST_SUBSCRIBED = {
    "true": Status.ACTIVE,
    "false": Status.UNSUBSCRIBED,
}

_MAILCHIMP_FILE = re.compile(r"(?:^|[/\\])([a-z]+)_(?:members|email_audience)_export[^/\\]*$")
_QUOTED_TAG = re.compile(r'"((?:[^"]|"")*)"')


def _opted_in(cells: Sequence[str]) -> str:
    """The click in the confirmation mail, else the sign-up; nothing for whom an owner added.

    Mailchimp gives those a CONFIRM_TIME too, but no OPTIN_TIME.
    """
    *confirmed, opted_in = cells
    return next((cell for cell in (*confirmed, opted_in) if cell.strip()), "") if opted_in.strip() else ""


def _joined(cells: Sequence[str]) -> str:
    return " ".join(cell.strip() for cell in cells if cell.strip())


def _mailchimp_tags(cells: Sequence[str]) -> str:
    """`"a","b"` as `a;b`; a tag may hold commas."""
    quoted = _QUOTED_TAG.findall(cells[0])
    return ";".join(quoted).replace('""', '"') if quoted else _labels(cells)


def _labels(cells: Sequence[str]) -> str:
    return cells[0].replace(",", ";")


def _listmonk_status(cells: Sequence[str]) -> str:
    return LISTMONK_STATUS.get(_word(cells[0]), cells[0])  # an unknown word is refused as one


def _ghost_status(cells: Sequence[str]) -> str:
    subscribed, *deleted_at = cells
    if any(cell.strip() for cell in deleted_at):
        return Status.UNSUBSCRIBED
    return GHOST_SUBSCRIBED.get(_word(subscribed), subscribed)


def _word(cell: str) -> str:
    return cell.strip().casefold()


EXPORTS = (
    Export(
        format=Format.MAILCHIMP,
        program="Mailchimp",
        marks=(
            frozenset({"optin_time", "confirm_time"}),
            frozenset({"leid", "euid"}),
            *(frozenset({"email address", column}) for column in MAILCHIMP_COLUMNS),
        ),
        cells={
            "name": Made(of=("first name", "last name", "fname", "lname"), by=_joined),
            "consent_date": Made(of=("confirm_time", "optin_time"), by=_opted_in),
            "tags": Made(of=("tags",), by=_mailchimp_tags),
        },
    ),
    Export(
        format=Format.LISTMONK,
        program="listmonk",
        marks=(frozenset({"uuid", "attributes", "status"}),),
        cells={"status": Made(of=("status",), by=_listmonk_status)},
        caution="it does not say who left a single list; export with the subscription status confirmed",
    ),
    Export(
        format=Format.GHOST,
        program="Ghost",
        marks=(
            frozenset({"subscribed_to_emails", "complimentary_plan"}),
            frozenset({"subscribed_to_emails", "stripe_customer_id"}),
        ),
        cells={
            "status": Made(of=("subscribed_to_emails", "deleted_at"), by=_ghost_status),
            "tags": Made(of=("labels",), by=_labels),
        },
    ),
)
"""created_at is in two of them and is no consent: it is the day of an earlier import as often as not."""


def recognised(names: Collection[str]) -> Export | None:
    """The program that writes such columns; `names` are in small letters."""
    found = frozenset(names)
    return next((export for export in EXPORTS if any(mark <= found for mark in export.marks)), None)


def everyone_in(export: Export, names: Collection[str], *, where: str) -> Everyone | None:
    """What the file's name `where`, else its columns, say of everyone in it; InputError where both apply."""
    if export.format is not Format.MAILCHIMP:
        return None
    if (match := _MAILCHIMP_FILE.search(where.lower())) and (by_name := MAILCHIMP_FILES.get(match[1])):
        return by_name
    by_column = {everyone for column, everyone in MAILCHIMP_COLUMNS.items() if column in names}
    if len(by_column) > 1:
        message = "holds both who unsubscribed and who bounced; import Mailchimp's files one by one"
        raise InputError(message, where=where)
    return next(iter(by_column), None)
