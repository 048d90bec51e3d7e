"""A process that is killed in the middle of sending, for real, and what the next one finds."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.doubles.composer import HandMade, delivery
from tests.doubles.journal import JournalLedger
from tests.doubles.sendgrid_api import SendGridApi
from tests.doubles.smtp_server import SmtpServer

from ranvier.delivery.handover import State

PROJECT = Path(__file__).parents[2]
PEOPLE = 150


def start(folder, url, *, people=PEOPLE):
    command = [sys.executable, "-m", "tests.delivery.sender_process", str(folder), url, str(people)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def kill_after(process, lines):
    for _ in range(lines):
        assert process.stdout.readline()
    process.kill()
    process.communicate()


def finish(folder, url, *, people=PEOPLE):
    process = start(folder, url, people=people)
    process.communicate()
    assert process.returncode == 0


def account(folder, *, people=PEOPLE):
    ledger = JournalLedger(folder / "journal", [delivery(number) for number in range(1, people + 1)])
    ledger.close()
    return {state: ledger.memory.count(state) for state in State if ledger.memory.count(state)}


def test_killed_over_smtp_nobody_gets_two_and_one_at_most_is_uncertain(tmp_path):
    with SmtpServer() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        for lines in (20, 30):
            kill_after(start(tmp_path, url), lines)
        finish(tmp_path, url)
    assert max(Counter(server.recipients).values()) == 1
    counted = account(tmp_path)
    assert counted.get(State.UNCERTAIN, 0) <= 2
    assert counted[State.ACCEPTED] + counted.get(State.UNCERTAIN, 0) == PEOPLE
    assert counted[State.ACCEPTED] <= len(server.taken) <= PEOPLE


def test_killed_into_the_outbox_nothing_is_uncertain_nobody_is_left_out_and_no_file_is_half(tmp_path):
    url = "outbox:outbox"
    kill_after(start(tmp_path, url), 20)
    before = {path.name: path.stat().st_ino for path in (tmp_path / "outbox/new").glob("*.eml")}
    kill_after(start(tmp_path, url), 30)
    finish(tmp_path, url)
    new = tmp_path / "outbox/new"
    assert account(tmp_path) == {State.ACCEPTED: PEOPLE}
    assert not list((tmp_path / "outbox/tmp").iterdir())
    assert len(list(new.glob("*.eml"))) == len(list(new.glob("*.json"))) == PEOPLE
    whole = HandMade((b"x" * 76 + b"\r\n") * 500)
    assert all(
        (new / f"{number}.eml").read_bytes() == whole.message(delivery(number)) for number in (1, 21, 51, 150)
    )
    assert {name: (new / name).stat().st_ino for name in before} == before  # nothing was written twice


def test_killed_at_sendgrid_one_request_at_most_is_uncertain(tmp_path):
    people = 2500
    with SendGridApi() as api:
        url = f"sendgrid:?host={api.host}"
        kill_after(start(tmp_path, url, people=people), 1)
        finish(tmp_path, url, people=people)
    assert max(Counter(api.delivered).values()) == 1
    counted = account(tmp_path, people=people)
    assert counted[State.ACCEPTED] + counted.get(State.UNCERTAIN, 0) == people
    assert counted.get(State.UNCERTAIN, 0) <= 1000


@pytest.mark.parametrize("people", [1])
def test_a_second_run_after_a_whole_one_sends_nothing(tmp_path, people):
    with SmtpServer() as server:
        for _ in range(2):
            finish(tmp_path, f"smtp://127.0.0.1:{server.port}", people=people)
    assert len(server.taken) == 1
