"""`send` for real: processes that die, relays that misbehave, two at once."""

from __future__ import annotations

import email
import json
import os
import subprocess
import sys
import time
from collections import Counter
from email.policy import default
from functools import partial
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import ISSUE, NOW, Ranvier
from tests.doubles.certificates import make_certificate
from tests.doubles.sendgrid_api import HttpAnswer, SendGridApi
from tests.doubles.smtp_server import TAKE_AND_DROP, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READERS = 72
"""People of the sample list who get the sample issue."""


PATIENCE = 60
"""Seconds that a process of a test may take."""


def start(folder: Path, *arguments: str, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """A process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ranvier", "-C", str(folder), *arguments],
        env={**os.environ, "RANVIER_NOW": NOW},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code and output."""
    out, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, out


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)


def holds_at_least(folder: Path, number: int) -> bool:
    return len(list(folder.glob("*.eml"))) >= number


def outbox(ranvier: Ranvier) -> Path:
    return ranvier.folder / "digests" / "outbox" / "new"


def receivers(ranvier: Ranvier) -> list[str]:
    messages = (path.read_bytes() for path in outbox(ranvier).glob("*.eml"))
    return [email.message_from_bytes(message, policy=default)["To"] for message in messages]


def test_killed_again_and_again_into_the_outbox_everyone_gets_exactly_one(approved: Ranvier) -> None:
    for reached in (5, 20, 45):
        process = start(approved.folder, "send", ISSUE)
        wait_until(partial(holds_at_least, outbox(approved), reached), process)
        process.kill()
        finish(process)
        account = approved("status", ISSUE, "--json").json
        assert account["sending"] <= 32  # and evidence tells about each of them
    account = approved("send", ISSUE, "--json").json
    assert (account["accepted"], account["uncertain"], account["pending"]) == (READERS, 0, 0)
    assert max(Counter(receivers(approved)).values()) == 1
    assert len(receivers(approved)) == READERS
    assert approved("verify", ISSUE, "--json").json["balanced"]


def test_killed_over_smtp_at_most_one_per_connection_is_uncertain_and_nobody_gets_two(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer() as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}?connections=3")
        process = start(approved.folder, "send", ISSUE)
        wait_until(lambda: len(server.taken) >= 10, process)
        process.kill()
        finish(process)
        code, _ = finish(start(approved.folder, "send", ISSUE))
        account = approved("status", ISSUE, "--json").json
    assert account["uncertain"] <= 3
    assert code == (3 if account["uncertain"] else 0)
    assert account["accepted"] + account["uncertain"] == READERS
    assert max(Counter(server.recipients).values()) == 1
    assert account["accepted"] <= len(server.taken) <= READERS


def test_sigterm_finishes_what_is_on_the_wire_and_stops_clean(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer() as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        process = start(approved.folder, "send", ISSUE, "--json")
        wait_until(lambda: len(server.taken) >= 10, process)
        process.terminate()
        code, out = finish(process)
        account = json.loads(out)
        assert code == 75
        assert (account["sending"], account["uncertain"]) == (0, 0)
        assert account["accepted"] == len(server.taken)
        assert approved("send", ISSUE, "--json").json["accepted"] == READERS
    assert max(Counter(server.recipients).values()) == 1


def test_two_schedulers_in_the_same_second_send_one_issue(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer() as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        processes = [start(approved.folder, "send", ISSUE) for _ in range(2)]
        codes = sorted(finish(process)[0] for process in processes)
    assert codes in ([0, 0], [0, 4])
    assert Counter(server.recipients).most_common(1)[0][1] == 1
    assert len(server.taken) == READERS


def test_a_lost_answer_is_uncertain_and_asks_for_a_person(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(script={"DOT": [TAKE_AND_DROP]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        account = approved("send", ISSUE, "--json", code=3).json
        assert (account["uncertain"], account["accepted"], account["state"]) == (1, READERS - 1, "sending")
        approved("send", ISSUE, code=3)
        approved("verify", ISSUE, code=3)
    assert len(server.taken) == READERS


@pytest.mark.parametrize(
    ("choice", "outcome", "messages"),
    [("resend", {"accepted": READERS}, READERS + 1), ("drop", {"rejected": 1}, READERS)],
)
def test_a_person_decides_about_the_uncertain(
    approved: Ranvier,
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    outcome: dict[str, int],
    messages: int,
) -> None:
    with SmtpServer(script={"DOT": [TAKE_AND_DROP]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        assert "--uncertain" in approved("send", ISSUE, code=3).err
        account = approved("send", ISSUE, "--uncertain", choice, "--json").json
    assert (account["state"], account["uncertain"]) == ("sent", 0)
    assert outcome.items() <= account.items()
    assert len(server.taken) == messages
    repeated = {taken.content.split(b"Message-ID:")[1].split(b"\r\n")[0] for taken in server.taken}
    assert len(repeated) == READERS  # a second copy has the first one's Message-ID


@pytest.mark.parametrize(
    ("refusal", "gone"), [("550 5.1.1 no such user", 1), ("550 5.7.1 we think this is spam", 0)]
)
def test_who_is_not_there_is_not_written_to_again(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch, refusal: str, gone: int
) -> None:
    def bounced() -> int:
        return sum(one["status"] == "bounced" for one in approved("subscribers", "list", "--json").json)

    before = bounced()
    with SmtpServer(script={"RCPT": [refusal]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        assert approved("send", ISSUE, "--json").json["rejected"] == 1
    assert bounced() - before == gone


def test_temporary_refusals_wait_and_permanent_ones_are_final(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = ["451 4.2.1 later", "550 5.1.1 nobody here"]
    with SmtpServer(script={"RCPT": refusals}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        account = approved("send", ISSUE, "--json", code=75).json
        assert (account["pending"], account["rejected"]) == (1, 1)
        assert approved("send", ISSUE, "--json", code=75).json == account
    assert len(server.taken) == READERS - 2


def test_a_password_that_is_refused_needs_a_person_and_no_waiting(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path)
    with SmtpServer(certificate=certificate, user="ann", password="right") as server:
        relay = f"127.0.0.1:{server.port}?tls=starttls&cafile={certificate.certificate}"
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://ann:wr0ng@{relay}")
        code, _ = finish(start(approved.folder, "send", ISSUE, "--wait"))
        assert code == 3
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://ann:right@{relay}")
        assert approved("send", ISSUE, "--json").json["accepted"] == READERS


def test_a_relay_that_asks_for_no_password_is_not_given_one(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer() as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://ann:s3cret@127.0.0.1:{server.port}?tls=none")
        refused = approved("send", ISSUE, code=3)
    assert "AUTH" in refused.err
    assert "s3cret" not in refused.err + "".join(server.commands)


def test_a_relay_that_is_not_there_loses_nobody(approved: Ranvier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANVIER_TRANSPORT", "smtp://127.0.0.1:1")
    result = approved("send", ISSUE, "--json", code=75)
    assert result.json["pending"] == READERS
    assert "takes nothing" in result.err
    monkeypatch.delenv("RANVIER_TRANSPORT")
    assert approved("send", ISSUE, "--json").json["accepted"] == READERS


def test_smtp_with_tls_and_a_password(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path)
    with SmtpServer(certificate=certificate, user="ann", password="s3cret") as server:
        url = f"smtp://ann:s3cret@127.0.0.1:{server.port}?tls=starttls&cafile={certificate.certificate}"
        monkeypatch.setenv("RANVIER_TRANSPORT", url)
        assert approved("send", ISSUE, "--json").json["accepted"] == READERS
    assert all(taken.encrypted for taken in server.taken)


def test_the_same_bytes_leave_over_smtp_and_into_the_outbox(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RANVIER_SECRET", "one secret for both")
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", approved.folder, copy], check=True)
    approved("send", ISSUE)
    with SmtpServer() as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        assert finish(start(copy, "send", ISSUE))[0] == 0
    written = {path.read_bytes() for path in outbox(approved).glob("*.eml")}
    assert {taken.content for taken in server.taken} == written


def test_sendgrid_takes_a_request_per_group_and_one_person_per_personalization(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SendGridApi() as api:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"sendgrid:?host={api.host}")
        monkeypatch.setenv("SENDGRID_API_KEY", "SG.test")
        account = approved("send", ISSUE, "--json").json
    assert account["accepted"] == READERS
    assert len(set(api.delivered)) == len(api.delivered) == READERS
    for request in api.requests:
        assert all(len(one["to"]) == 1 for one in request["personalizations"])
        assert not any(setting["enable"] for setting in request["tracking_settings"].values())
        for one in request["personalizations"]:
            assert one["headers"]["List-Unsubscribe"].startswith("<https://news.example.org/u/")
            text = request["content"][0]["value"]
            assert all(token in text + request["content"][1]["value"] for token in one["substitutions"])


def test_a_silent_sendgrid_leaves_a_group_uncertain_and_never_sends_it_again(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SendGridApi(script=[HttpAnswer(status=500)]) as api:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"sendgrid:?host={api.host}")
        monkeypatch.setenv("SENDGRID_API_KEY", "SG.test")
        account = approved("send", ISSUE, "--json", code=3).json
        asked = len(api.requests)
        approved("send", ISSUE, code=3)
        assert len(api.requests) == asked
    assert account["uncertain"] + account["accepted"] == READERS
    assert account["uncertain"] > 0


def test_who_leaves_before_the_hand_over_is_not_mailed(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RANVIER_TRANSPORT", "smtp://127.0.0.1:1")
    approved("send", ISSUE, code=75)
    monkeypatch.delenv("RANVIER_TRANSPORT")
    people = approved("subscribers", "list", "--json").json
    leaving = [one["email"] for one in people if one["status"] == "active" and one["frequency"] == "weekly"][
        :3
    ]
    file = tmp_path / "left.csv"
    file.write_text("email,status\n" + "".join(f"{address},unsubscribed\n" for address in leaving))
    approved("subscribers", "import", str(file))
    account = approved("send", ISSUE, "--json").json
    assert not set(leaving) & set(receivers(approved))
    assert account["accepted"] + 3 >= READERS


def test_the_whole_way_on_postgresql(
    ranvier: Ranvier, monkeypatch: pytest.MonkeyPatch, postgresql_url: str
) -> None:
    monkeypatch.setenv("RANVIER_DATABASE", postgresql_url)
    ranvier("ingest")
    ranvier("subscribers", "import", str(ranvier.folder / "subscribers" / "readers.csv"))
    ranvier("draft", "weekly", "--date", "2026-11-23")
    ranvier("build", ISSUE)
    ranvier("approve", ISSUE, "--by", "Ann")
    account = ranvier("send", ISSUE, "--json").json
    assert (account["accepted"], account["state"]) == (READERS, "sent")
    assert not (ranvier.folder / ".ranvier" / "ranvier.db").exists()


def test_two_machines_on_one_database_send_one_issue(
    ranvier: Ranvier, monkeypatch: pytest.MonkeyPatch, postgresql_url: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("RANVIER_DATABASE", postgresql_url)
    monkeypatch.setenv("RANVIER_SECRET", "one secret for both")
    ranvier("ingest")
    ranvier("subscribers", "import", str(ranvier.folder / "subscribers" / "readers.csv"))
    ranvier("draft", "weekly", "--date", "2026-11-23")
    ranvier("build", ISSUE)
    ranvier("approve", ISSUE, "--by", "Ann")
    other = tmp_path / "other machine"
    subprocess.run(["cp", "-r", ranvier.folder, other], check=True)
    with SmtpServer() as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        processes = [start(folder, "send", ISSUE) for folder in (ranvier.folder, other)]
        codes = sorted(finish(process)[0] for process in processes)
    assert codes in ([0, 0], [0, 4])
    assert len(set(server.recipients)) == len(server.recipients) == READERS
    assert ranvier("verify", ISSUE, "--json").json["balanced"]
