"""Which dates an issue covers."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ranvier.selection.rules import Rules
from ranvier.selection.window import Window, window


def test_a_first_issue_looks_back_some_days():
    assert window(date(2026, 11, 23), Rules(window_days=7), last=None) == Window(
        opens=date(2026, 11, 16), closes=date(2026, 11, 23), last_cut=None
    )


def test_a_later_issue_opens_where_the_last_one_closed():
    cut = datetime(2026, 11, 1, 9, tzinfo=UTC)
    opened = window(date(2026, 11, 23), Rules(window_days=7), last=(date(2026, 11, 2), cut))
    assert (opened.opens, opened.last_cut, opened.days) == (date(2026, 11, 2), cut, 21)


def test_an_issue_of_the_same_day_has_an_empty_window():
    cut = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert window(date(2026, 11, 23), Rules(), last=(date(2026, 11, 23), cut)).days == 0
