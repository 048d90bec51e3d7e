"""The world of tests/weeks.py, for every test here."""

from tests.weeks import sent, world

__all__ = ["sent", "world"]
