"""A ledger in a file, for processes that are killed."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from ranvier.delivery.handover import Decided, Delivery, State
from ranvier.delivery.memory import MemoryLedger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class JournalLedger:
    """A memory ledger whose steps are written down before they count, and replayed at the start."""

    def __init__(self, path: Path, deliveries: Iterable[Delivery]) -> None:
        self.memory = MemoryLedger.of(deliveries)
        for line in path.read_text().splitlines() if path.exists() else ():
            self._replay(json.loads(line))
        self._file = path.open("a")

    def step(self, decided: Sequence[Decided], *, limit: int, now: float) -> tuple[Delivery, ...]:
        """As `engine.Ledger` says."""
        claimed = self.memory.step(decided, limit=limit, now=now)
        entry = {"decided": [asdict(one) for one in decided], "claimed": [row.id for row in claimed]}
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return claimed

    def sending(self) -> tuple[int, ...]:
        """As `engine.Ledger` says."""
        return self.memory.sending()

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _replay(self, entry: dict[str, list[dict[str, object]]]) -> None:
        decided = [Decided(**{**one, "state": State(str(one["state"]))}) for one in entry["decided"]]  # type: ignore[arg-type]  # as asdict wrote them
        self.memory.step(decided, limit=0, now=0.0)
        for number in entry["claimed"]:
            self.memory.rows[number].state = State.SENDING  # type: ignore[index]  # ids
