"""The proof of consent: which words, when asked, when given, when withdrawn (GDPR Art. 7(1), R110)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import exists, insert, literal, select, update

from ranvier.store.chunks import chunks
from ranvier.store.schema import consents, subscribers, wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One time that a person said yes. `source` is the form or the list; `wording` is a SHA-256 in hex."""

    source: str
    wording: str = ""
    locale: str = ""
    asked_at: datetime | None = None
    given_at: datetime | None = None
    withdrawn_at: datetime | None = None


def keep_wording(connection: Connection, text: str) -> str:
    """Remember a text that people agree to; returns its hash."""
    found = sha256(text.encode()).hexdigest()
    known = connection.execute(select(wordings.c.hash).where(wordings.c.hash == found)).scalar()
    if known is None:
        connection.execute(insert(wordings).values(hash=found, text=text))
    return found


def wording(connection: Connection, hashed: str) -> str:
    """The text behind a hash; empty if there was none."""
    text = connection.execute(select(wordings.c.text).where(wordings.c.hash == hashed)).scalar()
    return text or ""


def give(connection: Connection, subscriber: int, consent: Consent) -> None:
    """Write down that a person said yes."""
    connection.execute(insert(consents).values(subscriber=subscriber, **asdict(consent)))


def keep_source(connection: Connection, keys: Sequence[str], source: str) -> None:
    """Write down for each of the addresses by which list they consented (R139), once for each source."""
    person = subscribers.c
    known = exists().where(consents.c.subscriber == person.id, consents.c.source == source)
    people = select(person.id, literal(source)).where(person.key.in_(keys), ~known)
    connection.execute(insert(consents).from_select(["subscriber", "source"], people))


def given_since(connection: Connection, people: Iterable[int]) -> dict[int, datetime]:
    """When each of the people who did so by a form of ours last said yes."""
    found: dict[int, datetime] = {}
    for chunk in chunks(people):
        mine = (consents.c.subscriber.in_(chunk), consents.c.given_at.is_not(None))
        query = select(consents.c.subscriber, consents.c.given_at).where(*mine)
        for row in connection.execute(query.order_by(consents.c.given_at)):
            found[row.subscriber] = row.given_at
    return found


def withdraw(connection: Connection, people: Sequence[int], *, at: datetime) -> None:
    """Write down that these no longer do; consents that were withdrawn before keep their time."""
    open_ones = (consents.c.subscriber.in_(people), consents.c.withdrawn_at.is_(None))
    connection.execute(update(consents).where(*open_ones).values(withdrawn_at=at))


def of(connection: Connection, subscriber: int) -> tuple[Consent, ...]:
    """All that is known of a person's consent, oldest first."""
    names = Consent.__dataclass_fields__
    query = select(*(consents.c[name] for name in names)).where(consents.c.subscriber == subscriber)
    rows = connection.execute(query.order_by(consents.c.id))
    return tuple(Consent(**row) for row in rows.mappings())
