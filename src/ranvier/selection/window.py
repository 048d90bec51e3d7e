"""Which dates an issue covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date as Date
    from datetime import datetime

    from ranvier.selection.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Dates from `opens` up to, not including, `closes`; `last_cut` is when the issue before was cut."""

    opens: Date
    closes: Date
    last_cut: datetime | None = None

    @property
    def days(self) -> int:
        """Length in days; 0 when the issue before is as late as this one."""
        return max((self.closes - self.opens).days, 0)


def window(issue_date: Date, rules: Rules, *, last: tuple[Date, datetime] | None) -> Window:
    """The window of an issue: it opens where the last one closed, else `window_days` before its own date.

    `last` is the newest issue of this edition before `issue_date` that entered `sending`: its date, where its
    window closed, and the aware moment at which it was cut. All dates are days in the edition's zone.
    """
    if last is None:
        return Window(opens=issue_date - timedelta(days=rules.window_days), closes=issue_date)
    closed, cut = last
    return Window(opens=closed, closes=issue_date, last_cut=cut)
