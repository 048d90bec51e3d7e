"""Steering a send from another terminal, and what stops it by itself."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import ISSUE, Ranvier
from tests.cli.test_sending import READERS, finish, start, wait_until
from tests.doubles.smtp_server import SmtpServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    """A relay that takes its time, two connections at once."""
    with SmtpServer(on_taken=lambda _: time.sleep(0.1)) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}?connections=2")
        yield server


def everyone_got_one(server: SmtpServer) -> bool:
    return len(server.recipients) == READERS and max(Counter(server.recipients).values()) == 1


def test_a_pause_acts_within_two_seconds_and_a_resume_too(approved: Ranvier, relay: SmtpServer) -> None:
    with start(approved.folder, "send", ISSUE) as process:
        wait_until(lambda: len(relay.taken) >= 5, process)
        account = approved("pause", ISSUE, "--json").json
        assert account["held"] == {"by": "person", "why": "paused"}
        time.sleep(2)
        reached = len(relay.taken)
        time.sleep(1)
        assert len(relay.taken) == reached < READERS
        assert process.poll() is None
        assert approved("status", ISSUE, "--json").json["sending"] == 0
        approved("send", ISSUE, code=4)
        assert "held" not in approved("resume", ISSUE, "--json").json
        resumed = time.monotonic()
        wait_until(lambda: len(relay.taken) > reached, process)
        assert time.monotonic() - resumed < 2
        assert finish(process)[0] == 0
    assert everyone_got_one(relay)


def test_an_issue_that_is_paused_before_it_is_sent_stays(approved: Ranvier, relay: SmtpServer) -> None:
    approved("pause", ISSUE)
    assert "ranvier resume" in approved("send", ISSUE, code=3).err
    assert relay.taken == []
    assert "ranvier send" in approved("resume", ISSUE).err
    approved("send", ISSUE)
    assert everyone_got_one(relay)


def test_a_cancel_ends_a_running_send_for_good(approved: Ranvier, relay: SmtpServer) -> None:
    with start(approved.folder, "send", ISSUE, "--json") as process:
        wait_until(lambda: len(relay.taken) >= 5, process)
        approved("cancel", ISSUE)
        cancelled = time.monotonic()
        code, out = finish(process)
        assert time.monotonic() - cancelled < 4
    account = json.loads(out)
    assert (code, account["state"], account["pending"], account["sending"]) == (1, "cancelled", 0, 0)
    assert account["accepted"] == len(relay.taken) < READERS
    assert account["excluded"]["cancelled"] == READERS - len(relay.taken)
    assert approved("verify", ISSUE, "--json").json["balanced"]
    assert approved("cancel", ISSUE, "--json").json["state"] == "cancelled"
    assert "cancelled" in approved("send", ISSUE, code=2).err
    approved("approve", ISSUE, "--by", "Ann", code=2)


def test_whoever_was_cancelled_has_not_received_the_works(approved: Ranvier, relay: SmtpServer) -> None:
    approved("cancel", ISSUE)
    approved("draft", "weekly", "--date", "2026-11-24")
    approved("build", "weekly/2026-11-24")
    approved("approve", "weekly/2026-11-24", "--by", "Ann")
    approved("send", "weekly/2026-11-24")
    assert len(relay.taken) > READERS / 2  # those of the items that are in its window, too


def test_what_a_dead_process_left_is_told_when_its_issue_is_cancelled(
    approved: Ranvier, relay: SmtpServer
) -> None:
    with start(approved.folder, "send", ISSUE) as process:
        wait_until(lambda: len(relay.taken) >= 5, process)
        process.kill()
        finish(process)
    cancelled = approved("cancel", ISSUE, "--json")
    assert cancelled.json["sending"] == 0
    assert 0 < cancelled.json["uncertain"] <= 2
    assert "--uncertain drop" in cancelled.err
    account = approved("send", ISSUE, "--uncertain", "drop", "--json", code=1).json
    assert (account["uncertain"], account["state"]) == (0, "cancelled")
    assert approved("verify", ISSUE, "--json").json["balanced"]


@pytest.mark.parametrize("command", ["pause", "resume", "cancel"])
def test_only_what_is_being_sent_can_be_steered(drafted: Ranvier, command: str) -> None:
    assert "draft" in drafted(command, ISSUE, code=2).err + drafted("build", ISSUE).err
    drafted(command, "weekly/2026-12-01", code=2)
    drafted("approve", ISSUE, "--by", "Ann")
    drafted("send", ISSUE)
    assert "sent" in drafted(command, ISSUE, code=2).err


def test_a_canary_waits_for_a_person(approved: Ranvier, relay: SmtpServer) -> None:
    with start(approved.folder, "send", ISSUE, "--canary", "4") as process:
        wait_until(lambda: len(relay.taken) >= 4, process)
        time.sleep(1)
        assert len(relay.taken) == 4
        assert approved("status", ISSUE, "--json").json["held"]["by"] == "canary"
        approved("resume", ISSUE)
        assert finish(process)[0] == 0
    assert everyone_got_one(relay)


def test_too_many_refusals_stop_the_send(approved: Ranvier, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = approved.folder / "newsletter.toml"
    settings.write_text(settings.read_text() + "\n[delivery.guard]\nfirst = 40\nrejected = 0.3\n")
    with SmtpServer(script={"RCPT": ["550 5.1.1 nobody"] * 30}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}?connections=1")
        stopped = approved("send", ISSUE, "--json", code=3)
        assert stopped.json["held"]["by"] == "guard"
        assert "ranvier resume" in stopped.err
        assert 12 < stopped.json["rejected"] <= 14
        approved("send", ISSUE, code=3)
        approved("resume", ISSUE)
        account = approved("send", ISSUE, "--json", code=3).json  # a new run is guarded again
        assert account["rejected"] <= 28
        approved("resume", ISSUE)
        account = approved("send", ISSUE, "--json").json
    assert (account["rejected"], account["accepted"]) == (30, READERS - 30)


def test_a_refusal_that_blames_us_holds_the_issue_and_marks_nobody(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(script={"DOT": ["550 5.7.26 this mail is unauthenticated"]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}?connections=1")
        held = approved("send", ISSUE, "--json", code=3)
        assert held.json["held"]["by"] == "sender"
        assert "5.7.26" in held.err
        assert (held.json["rejected"], held.json["pending"]) == (0, READERS)
        assert "5.7.26" in approved("status", ISSUE).out
        approved("resume", ISSUE)
        assert approved("send", ISSUE, "--json").json["accepted"] == READERS


def test_an_audience_that_is_not_what_the_approver_was_told_is_not_mailed(
    approved: Ranvier, tmp_path: Path
) -> None:
    file = tmp_path / "more.csv"
    rows = "".join(f"more{number}@example.org,weekly,2026-01-01\n" for number in range(50))
    file.write_text(f"email,frequency,consent_date\n{rows}")
    approved("subscribers", "import", str(file))
    refused = approved("send", ISSUE, code=3)
    assert f"{READERS + 50} people would get it now; {READERS} when it was approved" in refused.err
    assert approved("status", ISSUE, "--json").json["state"] == "approved"
    approved("approve", ISSUE, "--by", "Ann")
    assert approved("send", ISSUE, "--json").json["accepted"] == READERS + 50


def test_status_tells_how_far_a_running_send_is(approved: Ranvier, relay: SmtpServer) -> None:
    with start(approved.folder, "send", ISSUE) as process:
        wait_until(lambda: len(relay.taken) >= 5, process)
        first = approved("status", ISSUE, "--json").json
        wait_until(lambda: len(relay.taken) >= 20, process)
        second = approved("status", ISSUE, "--json").json
        finish(process)
    assert first["state"] == "sending"
    assert 0 < first["accepted"] < second["accepted"] <= READERS
    assert first["sending"] <= 2


def test_ctrl_c_finishes_what_is_on_the_wire(approved: Ranvier, relay: SmtpServer) -> None:
    with start(approved.folder, "send", ISSUE, "--json") as process:
        wait_until(lambda: len(relay.taken) >= 5, process)
        process.send_signal(signal.SIGINT)
        code, out = finish(process)
    account = json.loads(out)
    assert (code, account["sending"], account["uncertain"]) == (75, 0, 0)
    assert account["accepted"] == len(relay.taken)
    approved("send", ISSUE)
    assert everyone_got_one(relay)


def test_a_second_ctrl_c_does_not_wait_for_the_relay(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    reached = threading.Event()

    def hang(_: object) -> None:
        reached.set()
        never.wait()

    with SmtpServer(on_taken=hang) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}?connections=1")
        with start(approved.folder, "send", ISSUE, stderr=subprocess.PIPE) as process:
            wait_until(reached.is_set, process)
            process.send_signal(signal.SIGINT)
            assert process.stderr
            assert "Ctrl-C again stops at once" in process.stderr.readline()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=10)
        never.set()
    assert process.returncode == 130
    assert errors.splitlines() == [
        f"ranvier: {ISSUE}: stopped at once; send it again, and it says who may have got it or not"
    ]
    assert "1 may have got it or not" in approved("send", ISSUE, code=3).err


def test_a_rate_is_kept(approved: Ranvier, relay: SmtpServer) -> None:
    relay.on_taken = None
    settings = approved.folder / "newsletter.toml"
    settings.write_text(settings.read_text() + "\n[delivery.pace]\nrate = 50\n")
    moments: list[float] = []
    relay.on_taken = lambda _: moments.append(time.monotonic())
    approved("send", ISSUE)
    assert moments[-1] - moments[0] >= (READERS - 1) / 50 * 0.95
    assert everyone_got_one(relay)
