"""Processes that are killed while they send, for real, again and again, and what the last one finds."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from tests.delivery.sender_process import COMPOSE, ISSUE
from tests.doubles.composer import delivery
from tests.doubles.sendgrid_api import SendGridApi
from tests.doubles.smtp_server import SmtpServer
from tests.store.people import add, person, start

from ranvier.delivery.handover import State
from ranvier.store import issues
from ranvier.store.schema import deliveries, subscribers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.report import Account
    from ranvier.store.database import Database

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Send:
    """One issue, one transport, and processes that die over it."""

    folder: Path
    url: str
    database: Database

    def life(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.delivery.sender_process"]
        command += [str(self.folder), self.url, self.database.url]
        return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)

    def killed(self, *, within: float) -> None:
        """A life that ends at a random moment after its first commits."""
        with self.life() as process:
            assert process.stdout
            assert process.stdout.readline()
            time.sleep(random.uniform(0, within))  # noqa: S311 - a moment, not a secret
            process.kill()

    def finished(self) -> Account:
        with self.life() as process:
            process.communicate()
        assert process.returncode == 0
        with self.database.read() as connection:
            return issues.account(connection, issues.get(connection, ISSUE))

    def addresses(self, state: State) -> set[str]:
        query = select(subscribers.c.email).join(deliveries, deliveries.c.subscriber == subscribers.c.id)
        with self.database.read() as connection:
            return set(connection.execute(query.where(deliveries.c.state == state)).scalars())


@contextlib.contextmanager
def sending(folder: Path, url: str, database: Database, *, people: int) -> Iterator[Send]:
    add(database, *(person(f"reader{number}") for number in range(people)))
    start(database)
    yield Send(folder, url, database)


@pytest.mark.parametrize("connections", [1, 4])
def test_killed_over_smtp_nobody_gets_two_and_one_at_most_per_connection_is_uncertain(
    database: Database, tmp_path: Path, connections: int
) -> None:
    kills, people = 12, 3000
    with SmtpServer() as server:
        url = f"smtp://127.0.0.1:{server.port}?connections={connections}"
        with sending(tmp_path, url, database, people=people) as send:
            uncertain = 0
            for _ in range(kills):
                send.killed(within=0.03)
                before, uncertain = (
                    uncertain,
                    len(send.addresses(State.SENDING)) + len(send.addresses(State.UNCERTAIN)),
                )
                assert uncertain - before <= connections
            account = send.finished()
            doubtful, accepted = send.addresses(State.UNCERTAIN), send.addresses(State.ACCEPTED)
    got = Counter(server.recipients)
    assert max(got.values()) == 1
    assert account.balanced
    assert account[State.ACCEPTED] + account[State.UNCERTAIN] == people
    assert accepted <= set(got) <= accepted | doubtful
    assert len(got) > kills  # the lives were not all stillborn


def test_killed_into_the_outbox_nothing_is_uncertain_nobody_is_left_out_and_no_file_is_half(
    database: Database, tmp_path: Path
) -> None:
    people, new = 900, tmp_path / "outbox/new"
    with sending(tmp_path, "outbox:outbox", database, people=people) as send:
        written: dict[str, int] = {}
        for _ in range(5):
            send.killed(within=0.03)
            assert {
                name: (new / name).stat().st_ino for name in written
            } == written  # nothing is written twice
            written = {path.name: path.stat().st_ino for path in new.glob("*.eml")}
        account = send.finished()
    assert (account[State.ACCEPTED], account.balanced) == (people, True)
    assert not list((tmp_path / "outbox/tmp").iterdir())
    assert len(list(new.glob("*.eml"))) == len(list(new.glob("*.json"))) == people
    length = len(COMPOSE.message(delivery(1, address="reader100@example.org")))
    assert all(abs(path.stat().st_size - length) < 10 for path in new.glob("*.eml"))


def test_killed_at_sendgrid_one_request_at_most_is_uncertain_per_kill_and_lane(
    database: Database, tmp_path: Path
) -> None:
    people, requests, kills = 8000, 2, 2
    with SendGridApi() as api:
        url = f"sendgrid:?host={api.host}&requests={requests}"
        with sending(tmp_path, url, database, people=people) as send:
            for _ in range(kills):
                send.killed(within=0.02)
            account = send.finished()
    assert max(Counter(api.delivered).values()) == 1
    assert account.balanced
    assert account[State.ACCEPTED] + account[State.UNCERTAIN] == people
    assert account[State.UNCERTAIN] <= kills * requests * 1000


def test_a_second_run_after_a_whole_one_sends_nothing(database: Database, tmp_path: Path) -> None:
    with (
        SmtpServer() as server,
        sending(tmp_path, f"smtp://127.0.0.1:{server.port}", database, people=3) as send,
    ):
        send.finished()
        send.finished()
    assert len(server.taken) == 3
