"""From a URL to something that delivers."""

import pytest
from tests.doubles.composer import HandMade, Refusing, delivery
from tests.doubles.lane import replies_of
from tests.doubles.sendgrid_api import SendGridApi
from tests.doubles.smtp_server import SmtpServer

from ranvier.delivery.engine import deliver
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.handover import Answer, State
from ranvier.delivery.memory import MemoryLedger
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.retry import RetryRules
from ranvier.delivery.run import Terms
from ranvier.delivery.transports import open_transport
from ranvier.delivery.urls import parse_transport
from ranvier.errors import ConfigurationError, InputError
from ranvier.message.sender import Sender

TERMS = Terms(rules=RetryRules(), pace=PaceRules(), guard=GuardRules(), deadline=1e9, people=3)


def opened(url, workspace, *, key="SG.test", compose=None):
    return open_transport(
        parse_transport(url),
        compose or HandMade(),
        sender=Sender(name="Digest", address="digest@news.example.org", list_id="digest.example.org"),
        issue="weekly/2026-11-23",
        workspace=workspace,
        sendgrid_key=key,
        clock=lambda: 0.0,
    )


def test_every_scheme_opens_a_transport_that_delivers(tmp_path):
    with SmtpServer() as smtp, SendGridApi() as api:
        urls = (
            "outbox:out",
            f"outbox:{tmp_path}/elsewhere",
            f"smtp://127.0.0.1:{smtp.port}",
            f"sendgrid:?host={api.host}",
        )
        for url in urls:
            transport = opened(url, tmp_path / "workspace")
            [reply] = replies_of(transport, [delivery(1)])
            assert reply.answer is Answer.ACCEPTED
    assert (tmp_path / "workspace/out/new/1.eml").exists()
    assert (tmp_path / "elsewhere/new/1.eml").exists()
    assert smtp.recipients == ["reader1@example.com"]
    assert api.delivered == [1]


def test_one_message_that_cannot_be_made_keeps_nobody_waiting_whatever_the_transport(tmp_path):
    compose = Refusing(errors={2: InputError("'ann@example.com' holds a line break")})
    with SmtpServer() as smtp, SendGridApi() as api:
        for url in ("outbox:out", f"smtp://127.0.0.1:{smtp.port}", f"sendgrid:?host={api.host}"):
            ledger = MemoryLedger.of(delivery(number) for number in (1, 2, 3))
            transport = opened(url, tmp_path, compose=compose)
            deliver(ledger, transport, TERMS, clock=lambda: 0.0, random=lambda: 0.0, stop=lambda: False)
            states = [row.state for row in ledger.rows.values()]
            assert states == [State.ACCEPTED, State.REJECTED, State.ACCEPTED]
            assert (ledger.rows[2].code, ledger.rows[2].text) == ("5.6.0", "'(address)' holds a line break")


def test_a_name_says_where_messages_go_and_keeps_secrets(tmp_path):
    names = {
        "outbox:out": f"outbox:{tmp_path.resolve()}/out",
        f"outbox:{tmp_path}/elsewhere": f"outbox:{tmp_path.resolve()}/elsewhere",
        "outbox:out/../out": f"outbox:{tmp_path.resolve()}/out",
        "smtp://ann:hunter2@relay.example.org?connections=2": "smtp://relay.example.org:587",
        "sendgrid:": "sendgrid:https://api.sendgrid.com",
        "sendgrid:?host=https://api.eu.sendgrid.com": "sendgrid:https://api.eu.sendgrid.com",
    }
    assert {url: opened(url, tmp_path).name for url in names} == names


def test_only_a_folder_can_prove_what_it_took(tmp_path):
    assert opened("outbox:out", tmp_path).evidence(1) is not None
    assert opened("smtp://127.0.0.1:9", tmp_path).evidence(1) is None
    assert opened("sendgrid:", tmp_path).evidence(1) is None


def test_sendgrid_without_a_key_says_where_it_belongs(tmp_path):
    with pytest.raises(ConfigurationError, match="SENDGRID_API_KEY"):
        opened("sendgrid:", tmp_path, key="")
