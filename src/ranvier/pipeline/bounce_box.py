"""`bounces`: what came back by mail, and whom it is about (R87-R106)."""

from __future__ import annotations

import mailbox
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from ranvier.addresses import normalise
from ranvier.delivery.handover import State
from ranvier.errors import InputError, NotFoundError
from ranvier.events.heard import Heard
from ranvier.events.kind import FAILED, Kind
from ranvier.events.returned import read_returned
from ranvier.message.identity import UNSUBSCRIBE, is_return_path, linked, message_id, returned
from ranvier.pipeline.hearing import hear
from ranvier.pipeline.leaving import leave_by_mail
from ranvier.store import events, readers, topic_bits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from ranvier.events.returned import Returned
    from ranvier.settings.workspace import Workspace

BATCH = 100
"""Mails of one transaction: a run that is killed has done whole ones, and the next does the rest."""

HANDED_OVER = frozenset({State.SENDING, State.ACCEPTED, State.UNCERTAIN})

MOST_BYTES = 1_000_000
"""Of a mail: what a report says stands at its beginning."""

SUFFIXES = frozenset({"", ".eml", ".mbox", ".msg"})
"""Files of a folder that are read as mails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a box held. `kinds` counts the mails about somebody here, by what they say.

    `codes` counts by code what was refused for the sender's sake (R96), `unknown` are bounces about nobody
    here, `forged` those whose return path was not signed here.
    """

    read: int = 0
    kinds: Counter[Kind] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    forged: int = 0
    unknown: int = 0

    @property
    def bounced(self) -> int:
        """Mails that say that a message did not arrive."""
        return sum(self.kinds[kind] for kind in FAILED)

    @property
    def ignored(self) -> int:
        """Mails from which nothing followed."""
        told = self.bounced + self.kinds[Kind.COMPLAINT] + self.kinds[Kind.UNSUBSCRIBE]
        return self.read - told

    def and_more(self, batch: _Postman, *, mails: int, repeated: int) -> Read:
        """With the mails of one more batch."""
        return Read(
            read=self.read + mails,
            kinds=self.kinds + batch.kinds,
            codes=self.codes + batch.codes,
            repeated=self.repeated + repeated,
            forged=self.forged + batch.forged,
            unknown=self.unknown + batch.unknown,
        )

    def as_json(self) -> dict[str, object]:
        """The document of `bounces`."""
        return {
            "read": self.read,
            "bounced": self.bounced,
            **{kind.value: self.kinds[kind] for kind in sorted(FAILED)},
            "blocked_codes": {code: count for code, count in sorted(self.codes.items()) if count},
            "complained": self.kinds[Kind.COMPLAINT],
            "unsubscribed": self.kinds[Kind.UNSUBSCRIBE],
            "ignored": self.ignored,
            "forged": self.forged,
            "about_nobody_here": self.unknown,
            "repeated": self.repeated,
        }


def read_box(workspace: Workspace, path: Path, *, now: datetime) -> Read:
    """Read an mbox, a maildir, a folder of mails, or one mail, and do what follows. The box stays as it is.

    A mail that was read before changes nothing. Raises NotFoundError, InputError.
    """
    mails, read = _mails(path), Read()
    workspace.goodbye  # noqa: B018 - prepared before the first transaction
    while batch := list(islice(mails, BATCH)):
        found = {_name(raw): read_returned(raw) for raw in batch}
        with workspace.database.write() as connection:
            events.take_turn(connection)
            known = events.known(connection, found)
            reader = _Postman(workspace, connection, now)
            for name, mail in found.items():
                if name not in known:
                    reader.take(name, mail)
            hear(workspace, connection, reader.heard, now=now)
        read = read.and_more(reader, mails=len(batch), repeated=len(known) + len(batch) - len(found))
    return read


class _Postman:
    """Sorts mails by whom they are about."""

    def __init__(self, workspace: Workspace, connection: Connection, now: datetime) -> None:
        self._workspace = workspace
        self._connection = connection
        self._cursor = connection.connection.cursor()  # the same transaction
        self._now = now
        self._masks = topic_bits.held_bits(connection)
        self.heard: list[Heard] = []
        self.kinds: Counter[Kind] = Counter()
        self.codes: Counter[str] = Counter()
        self.forged = self.unknown = 0

    def take(self, name: str, mail: Returned) -> None:
        """Note what a mail says, if it is about somebody here and nobody made it up (R91, R92)."""
        settings, secrets = self._workspace.settings, self._workspace.secrets
        if leave_by_mail(self._workspace, self._cursor, mail.addressed_to, now=self._now):
            self.kinds[Kind.UNSUBSCRIBE] += 1
            events.remember(self._connection, name, Kind.UNSUBSCRIBE, at=self._now)
            return
        if mail.kind is Kind.IGNORED:
            return
        ours = [one for one in mail.addressed_to if is_return_path(one, settings.sender.bounce_domain)]
        signed = [number for one in ours if (number := returned(secrets, one)) is not None]
        if ours and not signed:
            self.forged += 1
            return
        about = self._by_number(signed) or self._by_link(mail) or self._by_address(mail)
        if about is None:
            self.unknown += 1
            return
        self.kinds[mail.kind] += 1
        self.codes[mail.code or "no code"] += mail.kind is Kind.BLOCKED
        self.heard.append(
            Heard(id=name, delivery=about, kind=mail.kind, at=self._now, code=mail.code[:32], text=mail.text)
        )

    def _by_number(self, signed: list[int]) -> int | None:
        return next(iter(events.subscribers_of(self._connection, signed)), None)

    def _by_link(self, mail: Returned) -> int | None:
        """By the unsubscribe link in the copy, which nobody else knows."""
        editions = self._workspace.settings.editions
        for url in mail.unsubscribe_urls:
            link = linked(self._workspace.secrets, UNSUBSCRIBE, url.rpartition("/")[2], editions)
            if link:
                number, edition = link
                return self._newest(number, mail, edition=edition)
        return None

    def _by_address(self, mail: Returned) -> int | None:
        """By the Message-ID in the copy; by the address alone only where bounces have no address of ours."""
        for address in (one for fate in mail.fates for one in fate.addresses):
            try:
                key = normalise(address).key
            except InputError:
                continue
            if reader := readers.by_address(self._connection, key, self._masks):
                return self._newest(reader.id, mail)
        return None

    def _newest(self, number: int, mail: Returned, *, edition: str | None = None) -> int | None:
        """The delivery to a person that the mail is about."""
        sender, secrets = self._workspace.settings.sender, self._workspace.secrets
        out = [one for one in readers.received(self._connection, number) if one.state in HANDED_OVER]
        for one in out:
            if mail.message_id == message_id(secrets, one.issue, number, sender.domain):
                return one.delivery
        if edition is None and sender.bounce_domain:
            return None
        of_it = [one for one in out if edition is None or one.issue.startswith(f"{edition}/")]
        return of_it[-1].delivery if of_it else None


def _name(raw: bytes) -> str:
    return f"mail:{sha256(raw).hexdigest()}"


def _mails(path: Path) -> Iterator[bytes]:
    """The mails of a box, each as its first bytes."""
    if not path.exists():
        raise NotFoundError("there is no such file or folder", where=str(path))
    if path.is_dir():
        maildir = [path / name for name in ("new", "cur") if (path / name).is_dir()]
        files = (file for folder in maildir or [path] for file in sorted(folder.rglob("*")))
        for file in files:
            if file.is_file() and not file.name.startswith(".") and (maildir or file.suffix in SUFFIXES):
                yield from _mails_of(file)
        return
    yield from _mails_of(path)


def _mails_of(path: Path) -> Iterator[bytes]:
    """The mails of a file: of an mbox, or the one that it is; an empty file is none."""
    first = _bytes(path)
    if not first.startswith(b"From "):
        yield from (first,) if first.strip() else ()
        return
    with closing(mailbox.mbox(path, create=False)) as box:
        for key in box.iterkeys():
            with box.get_file(key) as mail:
                yield mail.read(MOST_BYTES)


def _bytes(file: Path) -> bytes:
    with file.open("rb") as mail:
        return mail.read(MOST_BYTES)
