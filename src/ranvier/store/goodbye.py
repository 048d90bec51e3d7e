"""Taking one person off, in one short transaction: after a send people leave in crowds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, or_, select, update

from ranvier.store.prepared import Prepared
from ranvier.store.schema import Instant, consents, opt_outs, subscribers
from ranvier.subscribers.merge import weaker_than
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Dialect
    from sqlalchemy.engine.interfaces import DBAPICursor as Cursor

_person, _left = subscribers.c, opt_outs.c

_EDITIONS_LEFT = Prepared(select(_left.edition).where(_left.subscriber == bindparam("number")))
_LEAVE_EDITION = Prepared(
    insert(opt_outs).values(subscriber=bindparam("number"), edition=bindparam("edition"), at=bindparam("at"))
)
_LEAVE_THE_LIST = Prepared(
    update(subscribers)
    .where(_person.id == bindparam("number"))
    .where(or_(*(_person.status == status.value for status in weaker_than(Status.UNSUBSCRIBED))))
    .values(status=Status.UNSUBSCRIBED.value)
)
_WITHDRAW = Prepared(
    update(consents)
    .where(consents.c.subscriber == bindparam("number"), consents.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("at"))
)


class Goodbye:
    """`editions` are the conditions that say whom each edition is for."""

    def __init__(self, dialect: Dialect, editions: Mapping[str, ColumnElement[bool]]) -> None:
        self._dialect = dialect
        self._editions = tuple(editions)
        flags = [condition.label(f"edition_{place}") for place, condition in enumerate(editions.values())]
        query = select(_person.status, *flags).where(_person.id == bindparam("number", 0))
        self._reached = Prepared(query.with_for_update())
        self._instant = Instant().bind_processor(dialect)

    def leave(
        self, cursor: Cursor, number: int, edition: str | None, *, everything: bool, at: datetime
    ) -> bool:
        """Take a person off an edition; whether they get nothing at all any more.

        That is so for whoever wants it, whom no other edition reaches, who leaves an edition that exists no
        more (None), who had left before, and who is not known.
        """
        rows = self._reached.rows(cursor, self._dialect, number=number)
        if not rows:
            return True
        status, *flags = rows[0]
        moment = self._instant(at) if self._instant else at
        left = {row[0] for row in _EDITIONS_LEFT.rows(cursor, self._dialect, number=number)}
        if edition and edition not in left:
            row = {"number": number, "edition": edition, "at": moment}
            _LEAVE_EDITION.many(cursor, self._dialect, [row])
        reached = {name for name, is_in in zip(self._editions, flags, strict=True) if is_in}
        if everything or not edition or not reached - left - {edition}:
            if _LEAVE_THE_LIST.many(cursor, self._dialect, [{"number": number}]):
                _WITHDRAW.many(cursor, self._dialect, [{"number": number, "at": moment}])
            return True
        return bool(status != Status.ACTIVE)
