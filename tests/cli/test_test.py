"""`test`: one marked copy, for somebody who looks at it."""

from __future__ import annotations

import email
import json
from email.policy import default
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import ISSUE, Ranvier
from tests.cli.test_sending import READERS, outbox
from tests.doubles.sendgrid_api import SendGridApi
from tests.doubles.smtp_server import SmtpServer

from ranvier.settings import PACKAGE

if TYPE_CHECKING:
    from email.message import EmailMessage


def read(wire: bytes) -> EmailMessage:
    return email.message_from_bytes(wire, policy=default)


@pytest.fixture
def built(drafted: Ranvier) -> Ranvier:
    drafted("build", ISSUE)
    return drafted


def test_it_needs_a_build_and_no_approval(drafted: Ranvier) -> None:
    assert "ranvier build" in drafted("test", ISSUE, "--to", "ann@example.org", code=2).err
    drafted("build", ISSUE)
    tried = drafted("test", ISSUE, "--to", "ann@example.org", "--json").json
    assert tried == {"issue": ISSUE, "to": "ann@example.org", "audience": "people-with-ms", "accepted": True}
    assert drafted("status", ISSUE, "--json").json["state"] == "draft"


def test_the_copy_is_marked_and_its_personal_links_are_inert(built: Ranvier) -> None:
    built("test", ISSUE, "--to", "ann@example.org")
    (path,) = outbox(built).glob("*.eml")
    message = read(path.read_bytes())
    assert message["Subject"].startswith("[Test] ")
    assert message["To"] == "ann@example.org"
    assert message["Message-ID"].startswith("<test-")
    for part in message.iter_parts():
        assert "/u/" in part.get_content() or "unsubscribe" in part.get_content().lower()
    assert json.loads(path.with_suffix(".json").read_bytes())["test"] is True


def test_no_reader_and_no_ledger_is_touched(built: Ranvier) -> None:
    built("test", ISSUE, "--to", "ann@example.org")
    assert built("status", ISSUE, "--json").json["audience"] == 0
    built("approve", ISSUE, "--by", "Ann")
    built("test", ISSUE, "--to", "ann@example.org")
    account = built("send", ISSUE, "--json").json
    assert account["accepted"] == READERS
    assert built("verify", ISSUE, "--json").json["balanced"]


def test_each_audience_can_be_looked_at(built: Ranvier) -> None:
    with_all = built("test", ISSUE, "--to", "ann@example.org", "--audience", "clinicians", "--json").json
    assert with_all["audience"] == "clinicians"
    refused = built("test", ISSUE, "--to", "ann@example.org", "--audience", "martians", code=2)
    assert "people-with-ms" in refused.err


def test_it_goes_over_the_transport_that_readers_are_served_by(
    built: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer() as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        built("test", ISSUE, "--to", "ann@example.org")
    assert server.recipients == ["ann@example.org"]
    assert read(server.taken[0].content)["Subject"].startswith("[Test] ")
    with SendGridApi() as api:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"sendgrid:?host={api.host}")
        monkeypatch.setenv("SENDGRID_API_KEY", "SG.test")
        built("test", ISSUE, "--to", "ann@example.org")
    (request,) = api.taken
    assert request["subject"].startswith("[Test] ")


def test_a_refusal_is_said_and_is_a_no(built: Ranvier, monkeypatch: pytest.MonkeyPatch) -> None:
    with SmtpServer(script={"RCPT": ["550 5.1.1 nobody here"]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        refused = built("test", ISSUE, "--to", "ann@example.org", "--json", code=1)
    assert refused.json["accepted"] is False
    assert "550 5.1.1 nobody here" in refused.err
    monkeypatch.setenv("RANVIER_TRANSPORT", "smtp://127.0.0.1:1")
    assert "refused" in built("test", ISSUE, "--to", "ann@example.org", code=1).err


@pytest.mark.parametrize(
    "address", ["ann", "ann@", "a b@example.org", "ann@example.org\r\nBcc: eve@example.org"]
)
def test_an_address_that_is_none_is_one_clear_line(built: Ranvier, address: str) -> None:
    assert "--to" in built("test", ISSUE, "--to", address, code=2).err


def test_what_the_gate_forbids_is_not_even_tried(drafted: Ranvier) -> None:
    item = (PACKAGE.parents[1] / "templates" / "item.txt.j2").read_text()
    without = item.replace("{{ item.considerations | prose }}", "")
    assert without != item
    (drafted.folder / "templates" / "item.txt.j2").write_text(without)
    drafted("build", ISSUE)
    assert "gate" in drafted("test", ISSUE, "--to", "ann@example.org", code=1).err
    assert not outbox(drafted).exists()
