"""How the day of an issue is written."""

from __future__ import annotations

from datetime import date

import pytest

from ranvier.issue.issue import issue_date


@pytest.mark.parametrize("text", ["2026-11-23", "1990-01-01", "2199-12-31"])
def test_a_day_is_written_year_first(text: str):
    assert issue_date(text) == date(*map(int, text.split("-")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "latest",
        "20261123",
        "2026-W48-1",
        "2026-11-31",
        "23.11.2026",
        "2026-11-23T00:00",
        " 2026-11-23",
        "1989-12-31",
        "2200-01-01",
    ],
)
def test_anything_else_is_no_day_of_an_issue(text: str):
    assert issue_date(text) is None
