"""Several processes on one database: one holds an issue, and no row is claimed twice."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from tests.store.people import DAY, add, person, places, plan, rows, start

from ranvier.errors import BusyError
from ranvier.issue.state import IssueState
from ranvier.store import freeze, issues
from ranvier.store.database import Database, open_database
from ranvier.store.ledger import SqlLedger
from ranvier.store.lock import hold
from ranvier.store.schema import subscribers

ISSUE = "weekly/2026-11-23"

HOLDER = """
import sys, time
from ranvier.store.database import open_database
from ranvier.store.lock import hold
with hold(open_database(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


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


def test_two_who_start_at_once_never_start_one_row_twice(database: Database, other: Database) -> None:
    add(database, *(person(f"p{number}") for number in range(100)))
    start(database)

    def start_all(ledger: SqlLedger) -> list[int]:
        started: list[int] = []
        barrier.wait()
        while due := ledger.due(limit=3, now=0.0):
            started += ledger.commit((), due).started
        return started

    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(start_all, [SqlLedger(database, ISSUE), SqlLedger(other, ISSUE)])
    assert sorted(first + second) == sorted(set(first + second))
    assert len(first + second) == 100
    other.close()


def test_a_process_that_is_killed_lets_go_at_once(database: Database) -> None:
    command = [sys.executable, "-c", HOLDER, database.url, ISSUE]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        with pytest.raises(BusyError), hold(database, ISSUE):
            pytest.fail("two processes hold one issue")
        process.kill()
        process.wait()
        for _ in range(20):  # the server needs a moment to see that the connection is gone
            try:
                with hold(database, ISSUE):
                    return
            except BusyError:
                continue
    pytest.fail("a dead process holds the issue")


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


def test_a_person_whom_a_freeze_is_reading_cannot_vanish_meanwhile(
    database: Database, other: Database
) -> None:
    add(database, person("ann"))
    with database.write() as connection:
        issues.register(connection, ISSUE, "weekly", DAY)

    def vanish() -> None:
        with other.write() as connection:
            connection.execute(delete(subscribers))

    with ThreadPoolExecutor(1) as thread:
        with database.write() as connection:
            freeze.freeze(connection, plan(issue=ISSUE))
            vanishing = thread.submit(vanish)
            with pytest.raises(TimeoutError):
                vanishing.result(timeout=0.5)
        with pytest.raises(IntegrityError):
            vanishing.result(timeout=10)
    assert list(rows(database)) == ["ann"]
    other.close()


def test_what_is_due_and_what_is_in_flight_is_found_by_index_and_nothing_is_sorted(
    database: Database,
) -> None:
    if database.file is None:
        return  # PostgreSQL plans by statistics that a small table does not have
    add(database, *(person(f"p{number}") for number in range(5)))
    start(database)
    due = (
        "select id from deliveries where issue = 'w' and state = 'pending' and due_at <= 1"
        " and (due_at, id) > (0, 5) order by due_at, id"
    )
    in_flight = "select id from deliveries where issue = 'w' and state = 'sending' order by id"
    with database.read() as connection:
        plans = [
            " ".join(row[-1] for row in connection.exec_driver_sql(f"explain query plan {query}"))
            for query in (due, in_flight)
        ]
    assert "ix_deliveries_due" in plans[0]
    assert "ix_deliveries_in_flight" in plans[1]
    assert "TEMP B-TREE" not in "".join(plans)
