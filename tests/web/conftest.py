"""The world of tests/weeks.py, for every test here."""

from tests.weeks import world

__all__ = ["world"]
