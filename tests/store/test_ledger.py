"""The ledger's promises, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from tests.store.people import add, person, rows, start

from ranvier.delivery.handover import Decided, State
from ranvier.store import issues
from ranvier.store.ledger import SqlLedger
from ranvier.store.schema import subscribers

if TYPE_CHECKING:
    from ranvier.delivery.handover import Delivery
    from ranvier.store.database import Database

ISSUE = "weekly/2026-11-23"


def decided(delivery: Delivery, state: State, **more: object) -> Decided:
    return Decided(delivery=delivery.id, state=state, attempted=True, **more)  # type: ignore[arg-type]  # fields by name


def test_a_claimed_row_is_sending_until_its_outcome_is_recorded(database: Database) -> None:
    add(database, person("ann"))
    start(database)
    ledger = SqlLedger(database, ISSUE)
    (claimed,) = ledger.step((), limit=10, now=0.0)
    assert ledger.sending() == (claimed.id,)
    assert ledger.step((), limit=10, now=0.0) == ()
    ledger.step([decided(claimed, State.ACCEPTED)], limit=0, now=0.0)
    assert ledger.sending() == ()
    assert rows(database)["ann"][0] == "accepted"


def test_a_claim_holds_one_audience_and_item_set(database: Database) -> None:
    add(
        database,
        person("ann"),
        person("bob", topics=("diet",)),
        person("cleo"),
        person("dan", audience="clinicians"),
    )
    start(database, shown={"readers": 0b11, "clinicians": 0b11})
    ledger, groups = SqlLedger(database, ISSUE), []
    while claimed := ledger.step((), limit=10, now=0.0):
        groups.append({one.name for one in claimed})
    assert sorted(map(sorted, groups)) == [["ann", "cleo"], ["bob"], ["dan"]]


def test_who_leaves_between_approval_and_hand_over_is_not_mailed(database: Database) -> None:
    add(database, person("ann"), person("bob"), person("cleo"))
    start(database)
    with database.write() as connection:
        connection.execute(
            update(subscribers).where(subscribers.c.name == "ann").values(status="unsubscribed")
        )
        connection.execute(update(subscribers).where(subscribers.c.name == "bob").values(status="complained"))
    claimed = SqlLedger(database, ISSUE).step((), limit=1, now=0.0)
    assert [one.name for one in claimed] == ["cleo"]
    assert rows(database)["ann"][:2] == ("excluded", "unsubscribed")


def test_a_person_cannot_vanish_from_under_a_delivery(database: Database) -> None:
    add(database, person("ann"))
    start(database)
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(delete(subscribers))
    assert rows(database)["ann"][0] == "pending"


def test_a_retry_waits_until_it_is_due_and_counts_its_attempts(database: Database) -> None:
    add(database, person("ann"))
    start(database)
    ledger = SqlLedger(database, ISSUE)
    (first,) = ledger.step((), limit=1, now=100.0)
    later = decided(first, State.PENDING, again_at=160.0, code="451", text="later")
    assert ledger.step([later], limit=1, now=100.0) == ()
    assert ledger.next_due() == 160.0
    (second,) = ledger.step((), limit=1, now=160.0)
    assert (first.attempts, second.attempts) == (0, 1)


def test_the_account_balances_at_every_step(database: Database) -> None:
    add(database, person("ann"), person("bob"), person("cleo", consent_date=None))
    start(database)
    ledger = SqlLedger(database, ISSUE)
    claimed = ledger.step((), limit=1, now=0.0)
    for outcome in (State.UNCERTAIN, State.REJECTED):
        with database.read() as connection:
            account = issues.account(connection, issues.get(connection, ISSUE))
        assert account.balanced
        assert account.audience == 3
        claimed = ledger.step([decided(claimed[0], outcome)], limit=1, now=0.0)
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
