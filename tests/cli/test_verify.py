"""`verify` proves the account, looks into the outbox, and names who needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.conftest import ISSUE, Ranvier
from tests.cli.test_sending import READERS, outbox
from tests.doubles.smtp_server import TAKE_AND_DROP, SmtpServer

if TYPE_CHECKING:
    import pytest


def test_an_outbox_that_holds_everyone_s_message_proves_the_account(approved: Ranvier) -> None:
    approved("send", ISSUE)
    found = approved("verify", ISSUE, "--json").json
    assert found["balanced"]
    assert found["outbox"] == {"messages": READERS, "missing": [], "unexpected": []}
    assert f"the outbox holds {READERS} messages" in approved("verify", ISSUE).out


def test_a_message_that_is_not_there_is_named(approved: Ranvier) -> None:
    approved("send", ISSUE)
    lost = sorted(outbox(approved).glob("*.eml"))[3]
    lost.unlink()
    lost.with_suffix(".json").unlink()
    assert approved("verify", ISSUE, "--json", code=1).json["outbox"]["missing"] == [int(lost.stem)]
    assert f"NOT THERE: {lost.stem}" in approved("verify", ISSUE, code=1).out


def test_an_outbox_that_was_emptied_contradicts_nothing(approved: Ranvier) -> None:
    approved("send", ISSUE)
    for path in outbox(approved).iterdir():
        path.unlink()
    assert "nothing of it any more" in approved("verify", ISSUE).out


def test_messages_of_other_issues_and_test_copies_are_not_of_this_one(approved: Ranvier) -> None:
    approved("send", ISSUE)
    approved("test", ISSUE, "--to", "ann@example.org")
    assert approved("verify", ISSUE, "--json").json["outbox"]["messages"] == READERS


def test_rows_that_need_a_person_are_named_without_saying_who_they_are(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(script={"DOT": [TAKE_AND_DROP]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        approved("send", ISSUE, code=3)
    found = approved("verify", ISSUE, "--json", code=3)
    (row,) = found.json["needs_a_person"]
    assert row["state"] == "uncertain"
    assert "no answer" in row["reply"]
    assert "@" not in found.out
    assert f"delivery {row['delivery']} is uncertain" in approved("verify", ISSUE, code=3).out
