"""Work that a request sets off and that must not take the place of other requests."""

from __future__ import annotations

from threading import Event, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Errand:
    """Runs one at a time, however many ask for it: whoever finds it running only asks it to go once more."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._asked = Event()
        self._turn = Lock()

    def run(self) -> None:
        """Returns when the work was done after this was called, or is left to whoever does it."""
        self._asked.set()
        while self._asked.is_set() and self._turn.acquire(blocking=False):
            try:
                self._asked.clear()
                self._work()
            finally:
                self._turn.release()
