"""Several processes on one database: one holds an issue, and no row is claimed twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from tests.store.people import DAY, add, person, places, rows, start

from ranvier.errors import BusyError
from ranvier.issue.state import IssueState
from ranvier.store import issues
from ranvier.store.database import Database, open_database
from ranvier.store.ledger import SqlLedger
from ranvier.store.lock import hold

ISSUE = "weekly/2026-11-23"


@pytest.fixture
def other(database: Database) -> Database:
    """The same database, opened by someone else."""
    return open_database(database.url)


def test_an_issue_that_is_held_is_busy_for_everyone_else(database: Database, other: Database) -> None:
    with hold(database, ISSUE):
        with pytest.raises(BusyError), hold(other, ISSUE):
            pytest.fail("two processes hold one issue")
        with hold(other, "monthly/2026-11-01"):
            pass
    with hold(other, ISSUE):
        pass
    other.close()


def test_a_holder_that_fails_lets_go(database: Database, other: Database) -> None:
    with pytest.raises(ZeroDivisionError), hold(database, ISSUE):
        _ = 1 / 0
    with hold(other, ISSUE):
        pass
    other.close()


def test_two_who_claim_at_once_never_claim_one_row_twice(database: Database, other: Database) -> None:
    add(database, *(person(f"p{number}") for number in range(100)))
    start(database)

    def claim_all(ledger: SqlLedger) -> list[int]:
        claimed: list[int] = []
        barrier.wait()
        while batch := ledger.step((), limit=3, now=0.0):
            claimed += [one.id for one in batch]
        return claimed

    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(claim_all, [SqlLedger(database, ISSUE), SqlLedger(other, ISSUE)])
    assert sorted(first + second) == sorted(set(first + second))
    assert len(first + second) == 100
    other.close()


def test_two_issues_frozen_at_once_do_not_give_one_work_twice(database: Database, other: Database) -> None:
    add(database, *(person(f"p{number}") for number in range(50)))
    shared = places("trials", works=["one study"])
    barrier = Barrier(2)

    def freeze(one: Database, issue: str) -> None:
        barrier.wait()
        start(one, issue=issue, items=shared)

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(freeze, database, ISSUE), pool.submit(freeze, other, "monthly/2026-11-01")]
        for job in jobs:
            job.result()
    both = [rows(database, ISSUE), rows(database, "monthly/2026-11-01")]
    assert all(sum(account[name][0] == "pending" for account in both) == 1 for name in both[0])
    other.close()


def test_an_issue_moves_only_where_it_may(database: Database) -> None:
    with database.write() as connection:
        issues.register(connection, ISSUE, "weekly", DAY)
        assert not issues.move(connection, ISSUE, IssueState.SENDING)
        assert not issues.move(connection, ISSUE, IssueState.SENT)
        assert issues.move(connection, ISSUE, IssueState.APPROVED)
        issues.change(connection, ISSUE, fingerprint="approved")
        assert not issues.move(connection, ISSUE, IssueState.SENDING, fingerprint="another")
        assert issues.move(connection, ISSUE, IssueState.SENDING, fingerprint="approved")
        assert not issues.move(connection, ISSUE, IssueState.APPROVED)
        assert issues.move(connection, ISSUE, IssueState.SENT)


def test_claiming_uses_the_index_and_sorts_nothing(database: Database) -> None:
    if database.file is None:
        return  # PostgreSQL plans by statistics that a small table does not have
    add(database, *(person(f"p{number}") for number in range(5)))
    start(database)
    query = (
        "explain query plan select id from deliveries where issue = 'w' and state = 'pending' and due_at = 0"
        " and audience = 'a' and item_set = 1 order by id limit 1"
    )
    with database.read() as connection:
        plan = " ".join(row[-1] for row in connection.exec_driver_sql(query))
    assert "ix_deliveries_due" in plan
    assert "TEMP B-TREE" not in plan
