"""What a person may ask for: to see all about them, and to be forgotten (GDPR Art. 15, 17, 20; R116)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ranvier.addresses import names, normalise, quoted
from ranvier.delivery.handover import State
from ranvier.delivery.urls import OutboxOptions, parse_transport
from ranvier.errors import InputError, NotFoundError, UsageError
from ranvier.pipeline.choosing import reader_of
from ranvier.pipeline.provider_lists import ERASE, lists_of, try_to_erase
from ranvier.store import consents, issues, readers, set_aside, signups, topic_bits
from ranvier.store.suppressions import FORGOTTEN, Suppressions
from ranvier.subscribers.subscriber import LEFT
from ranvier.tokens import digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from ranvier.settings.workspace import Workspace
    from ranvier.store.readers import Reader, Received

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """Who is on the list no more. `files` are lists of the operator's own that still name the address."""

    forgotten: bool
    files: tuple[str, ...] = ()
    provider: bool = True
    """Whether nothing is left to erase at the provider; if not, `subscribers sync` tries again."""

    def as_json(self) -> Json:
        """The document of `subscribers forget`."""
        return asdict(self)


def show(workspace: Workspace, address: str) -> Json:
    """Everything that is known about the person of an address. Raises NotFoundError."""
    key = _key(address)
    with workspace.database.read() as connection:
        reader = readers.by_address(connection, key, topic_bits.held_bits(connection))
        waiting = signups.by_key(connection, key)
        if reader is None and waiting is None:
            why = Suppressions(connection, workspace.secrets).of([key]).get(key)
            known = f"is not on the list; a hash of it remains ({why})" if why else "is not on the list"
            raise NotFoundError(known, where=quoted(address))
        everything = _everything(connection, reader) if reader else {}
        return {**everything, "signup": _plain(asdict(waiting)) if waiting else None}


def export_own(workspace: Workspace, token: str) -> Json | None:
    """The same for the person of a preferences link; None for a link that was not signed here."""
    number = reader_of(workspace, token)
    if number is None:
        return None
    with workspace.database.read() as connection:
        reader = readers.find(connection, number, topic_bits.held_bits(connection))
        return _everything(connection, reader) if reader else None


def forget(workspace: Workspace, address: str, *, now: datetime) -> Forgotten:
    """Erase the person of an address: rows, events, consents, messages in an outbox.

    What remains is a keyed hash, so that no import brings the address back, and the issues' accounts.
    """
    key = _key(address)
    with workspace.database.write() as connection:
        reader = readers.by_address(connection, key, topic_bits.held_bits(connection))
        removed = _erase(workspace, connection, reader, now) if reader else ()
        known = reader is not None or readers.forget_address(connection, key)
        if known and reader is None:
            _ask_provider(workspace, connection, key, normalise(address).email, now)
    _clean(workspace, [*removed, *_unlisted(workspace, key)])
    erased = try_to_erase(workspace)
    return Forgotten(forgotten=known, files=_naming(workspace, key), provider=erased)


def forget_own(workspace: Workspace, token: str, *, now: datetime) -> bool:
    """The same for the person of a preferences link; whether the link was signed here."""
    number = reader_of(workspace, token)
    if number is None:
        return False
    with workspace.database.write() as connection:
        reader = readers.find(connection, number, topic_bits.held_bits(connection))
        removed = _erase(workspace, connection, reader, now) if reader else ()
    _clean(workspace, [*removed, *(_unlisted(workspace, reader.person.key) if reader else ())])
    try_to_erase(workspace)
    return True


def _everything(connection: Connection, reader: Reader) -> Json:
    """As JSON: times in ISO 8601, what is not known as null or empty."""
    person = reader.person
    received = readers.received(connection, reader.id)
    told = readers.told(connection, (one.delivery for one in received))
    proofs = [
        {**_plain(asdict(one)), "words": consents.wording(connection, one.wording)}
        for one in consents.of(connection, reader.id)
    ]
    kept = {name: value for name, value in asdict(person).items() if name != "key"}
    return {
        **_plain(kept),
        "joined": reader.joined.isoformat(),
        "left_editions": sorted(reader.left),
        "consents": proofs,
        "deliveries": [_plain(asdict(one)) for one in received],
        "events": [_plain(asdict(one)) for one in told],
    }


def _plain(values: dict[str, object]) -> Json:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _erase(workspace: Workspace, connection: Connection, reader: Reader, now: datetime) -> tuple[Path, ...]:
    """Take a person out of the database; returns the messages of theirs that lie in outboxes."""
    received = readers.received(connection, reader.id)
    if any(one.state == State.SENDING for one in received):
        raise UsageError("a message to them is being handed over; try again in a moment", where="forget")
    messages = tuple(_messages(connection, received))
    status = reader.person.status
    reason = status.value if status in LEFT else FORGOTTEN
    Suppressions(connection, workspace.secrets).add(reader.person.key, reason, at=now)
    readers.forget(connection, reader)
    _ask_provider(workspace, connection, reader.person.key, reader.person.email, now)
    return messages


def _ask_provider(workspace: Workspace, connection: Connection, key: str, email: str, now: datetime) -> None:
    """Have SendGrid asked, now or as soon as it answers, to erase what it knows of the address."""
    if lists_of(workspace):
        name = f"{ERASE}:{digest(workspace.secrets, ERASE, key)}"
        set_aside.put(connection, name, ERASE, email, at=now)


def _messages(connection: Connection, received: Iterable[Received]) -> Iterable[Path]:
    for one in received:
        scheme, _, folder = (issues.get(connection, one.issue).transport or "").partition(":")
        if scheme == "outbox" and one.state in (State.ACCEPTED, State.UNCERTAIN):
            yield from (Path(folder) / "new" / f"{one.delivery}{end}" for end in (".eml", ".json"))


def _unlisted(workspace: Workspace, key: str) -> Iterable[Path]:
    """Messages to an address in today's outbox that are of no issue: test copies, "please confirm"."""
    options = parse_transport(workspace.transport_url, where="RANVIER_TRANSPORT")
    if not isinstance(options, OutboxOptions):
        return
    for envelope in (workspace.root / options.path / "new").glob("test-*.json"):
        if names(envelope.read_text(encoding="utf-8"), key):
            yield from (envelope.with_suffix(".eml"), envelope)


def _clean(workspace: Workspace, removed: Iterable[Path]) -> None:
    """Files and free pages: what was erased is to be found nowhere."""
    for path in removed:
        path.unlink(missing_ok=True)
    workspace.database.settle()


def _naming(workspace: Workspace, key: str) -> tuple[str, ...]:
    """Lists beside the workspace's segments that still hold the address; they are not ours to rewrite."""
    lists = sorted((workspace.root / "subscribers").glob("*.csv"))
    naming = (path for path in lists if names(path.read_text(encoding="utf-8", errors="replace"), key))
    return tuple(workspace.relative(path) for path in naming)


def _key(address: str) -> str:
    try:
        return normalise(address).key
    except InputError as error:
        raise UsageError(error.message) from error
