"""Hands messages over to a folder: each one file, there as a whole or not at all (R86)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ranvier.delivery.envelope import Letter, letter
from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.files import sync_folder, write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ranvier.delivery.compose import Compose

_OWNER_ONLY = 0o600


class Outbox:
    """`new/<delivery id>.eml` holds the exact wire bytes, `new/<delivery id>.json` the envelope.

    Only the owner may read them: who gets this publication is health data. A message in `new/` is the proof
    that it was handed over, so whatever collects them waits until the send has ended.
    """

    batch = 1

    def __init__(self, folder: Path, compose: Compose, *, sender: str, issue: str) -> None:
        self.name = f"outbox:{folder.resolve()}"
        self._unfinished = folder / "tmp"
        self._new = folder / "new"
        self._compose = compose
        self._sender = sender
        self._issue = issue

    def hand_over(self, deliveries: Sequence[Delivery]) -> tuple[Reply, ...]:
        """Accepted when the files are durable; not-taken when the folder cannot be written.

        Not-taken too when the name belongs to another database's message: nothing is ever written over it.
        """
        return tuple(self._keep(delivery) for delivery in deliveries)

    def evidence(self, delivery: int) -> Reply | None:
        """A file of this issue is there, or it is not; None when the folder cannot be read.

        What a dead process left half written is removed: it holds an address, and its reader may have left.
        """
        found = self._found(delivery)
        try:
            self._clear(delivery)
            taken = self._message(delivery).exists() and found == self._envelope(delivery, to=found.get("to"))
            if taken:
                sync_folder(self._new)  # the process may have died before it did
        except OSError:
            return None
        return Reply(delivery=delivery, answer=Answer.ACCEPTED if taken else Answer.NOT_TAKEN)

    def close(self) -> None:
        """Nothing is held open."""

    def _keep(self, delivery: Delivery) -> Reply:
        made = letter(delivery, self._compose)
        if isinstance(made, Reply):
            return made
        message, envelope = self._message(made.delivery), self._envelope(made.delivery, to=made.address.email)
        try:
            if message.exists() and self._found(made.delivery) != envelope:
                text = f"{message} is of another issue or reader; give this workspace an outbox of its own"
                return Reply(delivery=made.delivery, answer=Answer.NOT_TAKEN, text=text)
            self._make_folders()
            self._clear(made.delivery)
        except OSError as error:
            return self._failed(made, error, Answer.NOT_TAKEN)
        return self._write(made, envelope)

    def _write(self, made: Letter, envelope: dict[str, object]) -> Reply:
        message = self._message(made.delivery)
        content = json.dumps(envelope, ensure_ascii=False).encode() + b"\n"
        try:
            # The envelope first: a message that is there has all that it needs.
            write_whole(message.with_suffix(".json"), content, mode=_OWNER_ONLY, staging=self._unfinished)
            write_whole(message, made.message, mode=_OWNER_ONLY, staging=self._unfinished)
        except OSError as error:
            # Only the folder's last sync can fail with the message in place; a crash may yet take it away.
            answer = Answer.UNKNOWN if message.exists() else Answer.NOT_TAKEN
            return self._failed(made, error, answer)
        return Reply(delivery=made.delivery, answer=Answer.ACCEPTED)

    def _failed(self, made: Letter, error: OSError, answer: Answer) -> Reply:
        text = f"{error.strerror}: {error.filename or self._new}"
        return Reply(delivery=made.delivery, answer=answer, text=text)

    def _make_folders(self) -> None:
        for folder in (self._new.parent, self._unfinished, self._new):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _clear(self, delivery: int) -> None:
        """Removes what `write_whole` left when its process died."""
        for unfinished in self._unfinished.glob(f".{delivery}.*"):
            unfinished.unlink(missing_ok=True)

    def _message(self, delivery: int) -> Path:
        return self._new / f"{delivery}.eml"

    def _envelope(self, delivery: int, *, to: object) -> dict[str, object]:
        return {"from": self._sender, "to": to, "issue": self._issue, "id": delivery}

    def _found(self, delivery: int) -> dict[str, object]:
        """The envelope that is there; empty if nobody can tell."""
        try:
            envelope = json.loads(self._message(delivery).with_suffix(".json").read_bytes())
        except (OSError, ValueError):
            return {}
        return envelope if isinstance(envelope, dict) else {}
