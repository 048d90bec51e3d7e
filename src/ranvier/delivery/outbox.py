"""Hands messages over to a folder: each one file, there as a whole or not at all (R86)."""

from __future__ import annotations

import json
import os
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from ranvier.delivery.blocking_lane import blocking_lane
from ranvier.delivery.envelope import Letter, letter
from ranvier.delivery.handover import Answer, Delivery, Reply
from ranvier.files import own_folder, remove_abandoned, sync_folder, write_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ranvier.delivery.blocking_lane import BlockingLane
    from ranvier.delivery.compose import Compose
    from ranvier.delivery.handover import Run

_OWNER_ONLY = 0o600
_MESSAGE = re.compile(r"([1-9][0-9]*)\.eml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What an outbox holds of one issue, beside what its ledger says; deliveries by id."""

    messages: int
    """How many there are; test copies do not count."""
    missing: tuple[int, ...]
    """Accepted, and no message is there."""
    unexpected: tuple[int, ...]
    """A message is there, and nobody accepted it."""


class Outbox:
    """`new/<delivery id>.eml` holds the exact wire bytes, `new/<delivery id>.json` the envelope.

    Only the owner may read them: who gets this publication is health data. A message in `new/` is the proof
    that it was handed over, so whatever collects them waits until the send has ended. A delivery whose id is
    not positive is a test copy: `new/test-<n>.eml` for -n. It proves nothing, and the next one replaces it.
    """

    # The disk is what takes the time, and it serves several at once. So many may be half done when the
    # process dies; `evidence` knows of each.
    batch = 8
    lanes = 4

    def __init__(self, folder: Path, compose: Compose, *, sender: str, issue: str) -> None:
        self.name = f"outbox:{folder.resolve()}"
        self._unfinished = folder / "tmp"
        self._new = folder / "new"
        self._compose = compose
        self._sender = sender
        self._issue = issue
        self._clearing = Lock()
        self._cleared = False

    async def lane(self, run: Run) -> None:
        """One batch after another. What is not finished stands in a folder of the lane's own."""
        with ExitStack() as stack, blocking_lane(run) as lane:
            opened = cache(lambda: stack.enter_context(self._desk()))
            while taken := await lane.take():
                try:
                    desk = await lane.call(opened)
                except OSError as error:
                    await lane.refused(taken, self._failed(taken[0].id, error, Answer.NOT_TAKEN))
                else:
                    await self._serve(taken, lane, desk)

    def evidence(self, delivery: int) -> Reply | None:
        """A message of this issue is there, or it is not; None when the folder cannot be read.

        What a dead process left half written is removed: it holds an address, and its reader may have left.
        """
        try:
            self._clear()
            taken = self._is_there(delivery) and self._is_of_issue(self._found(delivery), delivery)
            if taken:
                sync_folder(self._new)  # the process may have died before it did
        except OSError:
            return None
        return Reply(delivery=delivery, answer=Answer.ACCEPTED if taken else Answer.NOT_TAKEN)

    def compare(self, accepted: Iterable[int]) -> Comparison:
        """What is there of this issue against the deliveries that were accepted.

        One look at the folder, and one at each envelope in it. Raises OSError if it cannot be read.
        """
        found = {number for number in self._numbers() if self._is_of_issue(self._found(number), number)}
        expected = set(accepted)
        return Comparison(
            messages=len(found),
            missing=tuple(sorted(expected - found)),
            unexpected=tuple(sorted(found - expected)),
        )

    @contextmanager
    def _desk(self) -> Iterator[Path]:
        """A folder for what is not finished. Those of the outbox are made if they are not there."""
        for folder in (self._new.parent, self._unfinished, self._new):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(self._new.parent)
        self._clear()
        with own_folder(self._unfinished) as desk:
            yield desk

    async def _serve(self, taken: Sequence[Delivery], lane: BlockingLane, desk: Path) -> None:
        made = await lane.call(lambda: [self._made(delivery) for delivery in taken])
        lane.learn(one for one in made if isinstance(one, Reply))
        letters = {one.delivery: one for one in made if isinstance(one, Letter)}
        fit = [delivery for delivery in taken if delivery.id in letters]
        if fit and (started := await lane.start(fit)):
            lane.learn(await lane.call(self._write, [letters[one.id] for one in started], desk))

    def _made(self, delivery: Delivery) -> Letter | Reply:
        made = letter(delivery, self._compose)
        if isinstance(made, Reply):
            return made
        try:
            return self._not_ours(made) or made
        except OSError as error:
            return self._failed(delivery.id, error, Answer.NOT_TAKEN)

    def _not_ours(self, made: Letter) -> Reply | None:
        """Not taken, if the name belongs to another database's message: nothing is written over it."""
        if made.delivery <= 0 or not self._is_there(made.delivery):
            return None
        found = self._found(made.delivery)
        if self._is_of_issue(found, made.delivery) and found.get("to") == made.address.email:
            return None
        message = self._message(made.delivery)
        text = f"{message} is of another issue or reader; give this workspace an outbox of its own"
        return Reply(delivery=made.delivery, answer=Answer.NOT_TAKEN, text=text)

    def _clear(self) -> None:
        with self._clearing:
            if not self._cleared:
                remove_abandoned(self._unfinished)
                self._cleared = True

    def _write(self, letters: Sequence[Letter], desk: Path) -> list[Reply]:
        """Accepted when the files are durable, and their names: those all at once, in the end."""
        replies = [self._put(made, desk) for made in letters]
        try:
            sync_folder(self._new)
        except OSError as error:
            # The messages are in place; a crash may yet take them away.
            return [
                self._failed(reply.delivery, error, Answer.UNKNOWN)
                if reply.answer is Answer.ACCEPTED
                else reply
                for reply in replies
            ]
        return replies

    def _put(self, made: Letter, desk: Path) -> Reply:
        message = self._message(made.delivery)
        envelope = json.dumps(self._envelope(made), ensure_ascii=False).encode() + b"\n"
        # The envelope first: a message that is there has all that it needs.
        files = {message.with_suffix(".json"): envelope, message: made.message}
        try:
            for path, content in files.items():
                write_new(desk / path.name, content, mode=_OWNER_ONLY)
            for path in files:
                (desk / path.name).replace(path)
        except OSError as error:
            for path in files:
                (desk / path.name).unlink(missing_ok=True)
            answer = Answer.UNKNOWN if message.exists() else Answer.NOT_TAKEN
            return self._failed(made.delivery, error, answer)
        return Reply(delivery=made.delivery, answer=Answer.ACCEPTED)

    def _failed(self, delivery: int, error: OSError, answer: Answer) -> Reply:
        text = f"{error.strerror}: {error.filename or self._new}"
        return Reply(delivery=delivery, answer=answer, text=text)

    def _message(self, delivery: int) -> Path:
        return self._new / (f"{delivery}.eml" if delivery > 0 else f"test-{-delivery}.eml")

    def _is_there(self, delivery: int) -> bool:
        """Whether the message is. Raises OSError if nobody can tell; `Path.exists` would say no."""
        try:
            self._message(delivery).stat()
        except FileNotFoundError:
            return False
        return True

    def _envelope(self, made: Letter) -> dict[str, object]:
        envelope = {"from": made.return_path, "to": made.address.email, **self._marks(made.delivery)}
        return envelope if made.delivery > 0 else {**envelope, "test": True}

    def _marks(self, delivery: int) -> dict[str, object]:
        """What no message of another issue, publication or delivery has."""
        return {"sender": self._sender, "issue": self._issue, "id": delivery}

    def _is_of_issue(self, envelope: Mapping[str, object], delivery: int) -> bool:
        return self._marks(delivery).items() <= envelope.items()

    def _found(self, delivery: int) -> dict[str, object]:
        """The envelope that is there; empty if there is none, or none that makes sense."""
        try:
            envelope = json.loads(self._message(delivery).with_suffix(".json").read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return envelope if isinstance(envelope, dict) else {}

    def _numbers(self) -> Iterator[int]:
        """The deliveries that have a message here."""
        try:
            names = os.listdir(self._new)  # noqa: PTH208 - a million Path objects are not needed
        except FileNotFoundError:
            return
        for name in names:
            if found := _MESSAGE.fullmatch(name):
                yield int(found.group(1))
