"""The ledger's promises, on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from tests.store.people import NOON, add, leave_weekly, person, rows, start

from ranvier.delivery.handover import Decided, State
from ranvier.delivery.orders import Hold, Holder, Orders
from ranvier.errors import HoldLostError
from ranvier.store import issues, readers
from ranvier.store.ledger import SqlLedger
from ranvier.store.schema import subscribers

if TYPE_CHECKING:
    from ranvier.delivery.handover import Delivery
    from ranvier.store.database import Database

ISSUE = "weekly/2026-11-23"


def decided(delivery: Delivery, state: State, **more: object) -> Decided:
    return Decided(delivery=delivery.id, state=state, attempted=True, **more)  # type: ignore[arg-type]  # fields by name


def begin(database: Database, *names: str, holder: str = "") -> SqlLedger:
    add(database, *(person(name) for name in names))
    start(database)
    ledger = SqlLedger(database, ISSUE, holder=holder)
    ledger.take_over()
    return ledger


def change_people(database: Database, who: str, **values: object) -> None:
    with database.write() as connection:
        connection.execute(update(subscribers).where(subscribers.c.name == who).values(**values))


def test_a_started_row_is_sending_until_its_outcome_is_recorded(database: Database) -> None:
    ledger = begin(database, "ann")
    (due,) = ledger.due(limit=10, now=0.0)
    assert rows(database)["ann"][0] == "pending"
    assert ledger.commit((), [due]).started == {due.id}
    assert ledger.sending() == (due.id,)
    assert ledger.due(limit=10, now=0.0) == ()
    ledger.commit([decided(due, State.ACCEPTED)])
    assert ledger.sending() == ()
    assert rows(database)["ann"][0] == "accepted"


def test_a_row_is_started_once(database: Database) -> None:
    ledger = begin(database, "ann")
    due = ledger.due(limit=10, now=0.0)
    assert ledger.commit((), due).started
    assert ledger.commit((), due).started == frozenset()
    ledger.commit([decided(due[0], State.ACCEPTED)])
    assert ledger.commit((), due).started == frozenset()
    assert rows(database)["ann"][0] == "accepted"


def test_an_outcome_and_a_start_are_one_commit(database: Database) -> None:
    ledger = begin(database, "ann", "bob")
    ann, bob = ledger.due(limit=10, now=0.0)
    ledger.commit((), [ann])
    ledger.commit([decided(ann, State.ACCEPTED)], [bob])
    assert {name: row[0] for name, row in rows(database).items()} == {"ann": "accepted", "bob": "sending"}


def test_due_rows_come_by_audience_and_item_set_and_reading_goes_on_behind_the_last(
    database: Database,
) -> None:
    add(
        database,
        person("ann"),
        person("bob", topics=("diet",)),
        person("cleo"),
        person("dan", audience="clinicians"),
    )
    start(database, shown={"readers": 0b11, "clinicians": 0b11})
    ledger, last, found = SqlLedger(database, ISSUE), None, []
    while read := ledger.due(limit=1, now=0.0, after=last):
        (last,) = read
        found.append(last.name)
    assert found == ["dan", "bob", "ann", "cleo"]
    assert [one.name for one in ledger.due(limit=10, now=0.0)] == found


def test_who_leaves_between_approval_and_hand_over_is_not_mailed(database: Database) -> None:
    ledger = begin(database, "ann", "bob", "cleo")
    due = ledger.due(limit=10, now=0.0)
    change_people(database, "ann", status="unsubscribed")
    change_people(database, "bob", status="complained")
    committed = ledger.commit((), due)
    assert committed.started == {one.id for one in due if one.name == "cleo"}
    assert {one.delivery for one in committed.left} == {one.id for one in due if one.name != "cleo"}
    assert rows(database)["ann"][:2] == ("excluded", "unsubscribed")
    assert rows(database)["bob"][:2] == ("excluded", "complained")


@pytest.mark.parametrize("field", ["email", "name"])
def test_who_changed_since_is_read_again_before_anything_is_sent(database: Database, field: str) -> None:
    ledger = begin(database, "ann")
    due = ledger.due(limit=1, now=0.0)
    change_people(database, "ann", **{field: "ann.new@example.org"})
    assert ledger.commit((), due).started == frozenset()
    (again,) = ledger.due(limit=1, now=0.0)
    assert "ann.new@example.org" in (again.address, again.name)
    assert ledger.commit((), [again]).started == {again.id}


def test_a_hold_starts_nobody_until_it_is_released(database: Database) -> None:
    ledger = begin(database, "ann")
    due = ledger.due(limit=1, now=0.0)
    ledger.hold(Hold(by=Holder.GUARD, why="too many"))
    ledger.hold(Hold(by=Holder.CANARY, why="a later one"))
    assert ledger.commit((), due).started == frozenset()
    assert ledger.orders() == Orders(hold=Hold(by=Holder.GUARD, why="too many"))
    with database.write() as connection:
        issues.release(connection, ISSUE)
    assert ledger.commit((), due).started


def test_a_cancelled_issue_starts_nobody_and_whoever_waits_is_excluded(database: Database) -> None:
    ledger = begin(database, "ann", "bob", "cleo")
    ann, bob, _ = ledger.due(limit=10, now=0.0)
    ledger.commit((), [ann, bob])
    with database.write() as connection:
        assert issues.cancel(connection, ISSUE)
    assert ledger.orders() == Orders(cancelled=True)
    later = decided(bob, State.PENDING, again_at=60.0)
    assert ledger.commit([decided(ann, State.ACCEPTED), later], [bob]).started == frozenset()
    assert {name: row[:2] for name, row in rows(database).items()} == {
        "ann": ("accepted", ""),
        "bob": ("excluded", "cancelled"),
        "cleo": ("excluded", "cancelled"),
    }


def test_whoever_lost_the_issue_cannot_write_any_more(database: Database) -> None:
    first = begin(database, "ann", "bob", holder="first")
    ann, bob = first.due(limit=10, now=0.0)
    first.commit((), [ann])
    second = SqlLedger(database, ISSUE, holder="second")
    second.take_over()
    with pytest.raises(HoldLostError):
        first.commit([decided(ann, State.ACCEPTED)], [bob])
    assert {name: row[0] for name, row in rows(database).items()} == {"ann": "sending", "bob": "pending"}


def test_complaints_about_an_issue_are_counted(database: Database) -> None:
    ledger = begin(database, "ann", "bob")
    due = ledger.due(limit=10, now=0.0)
    ledger.commit((), due)
    ledger.commit([decided(one, State.ACCEPTED) for one in due])
    assert ledger.complaints() == 0
    change_people(database, "ann", status="complained")
    assert ledger.complaints() == 1


def test_a_person_cannot_vanish_from_under_a_delivery(database: Database) -> None:
    add(database, person("ann"))
    start(database)
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(delete(subscribers))
    assert rows(database)["ann"][0] == "pending"


def test_a_retry_waits_until_it_is_due_and_counts_its_attempts(database: Database) -> None:
    ledger = begin(database, "ann")
    (first,) = ledger.due(limit=1, now=100.0)
    ledger.commit((), [first])
    ledger.commit([decided(first, State.PENDING, again_at=160.0, code="451", text="later")])
    assert ledger.due(limit=1, now=100.0) == ()
    assert ledger.next_due() == 160.0
    (second,) = ledger.due(limit=1, now=160.0)
    assert (first.attempts, second.attempts) == (0, 1)


def test_the_account_balances_at_every_step(database: Database) -> None:
    add(database, person("ann"), person("bob"), person("cleo", consent_date=None))
    start(database)
    ledger = SqlLedger(database, ISSUE)
    for outcome in (State.UNCERTAIN, State.REJECTED):
        due = ledger.due(limit=1, now=0.0)
        ledger.commit((), due)
        with database.read() as connection:
            account = issues.account(connection, issues.get(connection, ISSUE))
        assert account.balanced
        assert account.audience == 3
        ledger.commit([decided(due[0], outcome)])
    with database.read() as connection:
        account = issues.account(connection, issues.get(connection, ISSUE))
    assert account.as_json() == {
        "issue": ISSUE,
        "state": "sending",
        "audience": 3,
        "pending": 0,
        "sending": 0,
        "accepted": 0,
        "rejected": 1,
        "deferred": 0,
        "uncertain": 1,
        "excluded": {"no-consent": 1},
    }


def test_an_account_that_lost_a_row_does_not_balance(database: Database) -> None:
    add(database, person("ann"))
    start(database)
    with database.write() as connection:
        issues.change(connection, ISSUE, audience=2)
        assert not issues.account(connection, issues.get(connection, ISSUE)).balanced


def test_who_goes_away_while_their_message_waits_is_not_started(database: Database) -> None:
    ledger = begin(database, "ann", "ben", "cleo", "dora")
    due = ledger.due(limit=10, now=0.0)
    change_people(database, "ben", paused_until=date(2027, 1, 1))
    with database.write() as connection:
        cleo = readers.by_address(connection, "cleo@example.org", {})
        assert cleo
        readers.forget(connection, cleo)
    leave_weekly(database, "ann@example.org", at=NOON)
    committed = ledger.commit((), due)
    names = {one.id: one.name for one in due}
    assert {names[one] for one in committed.started} == {"dora"}
    assert {names[one.delivery] for one in committed.left} == {"ann", "ben"}  # cleo's row is no more hers
    assert rows(database) == {
        "ann": ("excluded", "unsubscribed", 3),
        "ben": ("excluded", "paused", 3),
        "dora": ("sending", "", 3),
    }
    with database.read() as connection:
        account = issues.account(connection, issues.get(connection, ISSUE))
    assert account.balanced
    assert account.excluded["forgotten"] == 1
