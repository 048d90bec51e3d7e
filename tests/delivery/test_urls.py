"""Transport URLs."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranvier.delivery.urls import OutboxOptions, SendGridOptions, SmtpOptions, Tls, parse_transport
from ranvier.errors import ConfigurationError

GOOD = {
    "outbox:digests/outbox": OutboxOptions(path=Path("digests/outbox")),
    "outbox:/var/spool/ranvier": OutboxOptions(path=Path("/var/spool/ranvier")),
    "smtp://mail.example.org": SmtpOptions(host="mail.example.org", port=587, tls=Tls.STARTTLS),
    "smtp://mail.example.org:465": SmtpOptions(host="mail.example.org", port=465, tls=Tls.IMPLICIT),
    "smtp://mail.example.org?tls=implicit": SmtpOptions(host="mail.example.org", port=465, tls=Tls.IMPLICIT),
    "smtp://mail.example.org:25?tls=none": SmtpOptions(host="mail.example.org", port=25, tls=Tls.NONE),
    "smtp://127.0.0.1:2525": SmtpOptions(host="127.0.0.1", port=2525, tls=Tls.NONE),
    "smtp://[::1]:2525": SmtpOptions(host="::1", port=2525, tls=Tls.NONE),
    "smtp://u:p@localhost:2525": SmtpOptions(
        host="localhost", port=2525, tls=Tls.STARTTLS, user="u", password="p"
    ),
    "smtp://me%40example.org:p%2F%40ss@mail.example.org?connections=2&ehlo=a.example&timeout=5": SmtpOptions(
        host="mail.example.org",
        port=587,
        tls=Tls.STARTTLS,
        user="me@example.org",
        password="p/@ss",
        connections=2,
        ehlo="a.example",
        timeout=5.0,
    ),
    "sendgrid:": SendGridOptions(),
    "sendgrid:?host=https://api.eu.sendgrid.com": SendGridOptions(host="https://api.eu.sendgrid.com"),
    "sendgrid:?host=http://127.0.0.1:9000&timeout=2": SendGridOptions(
        host="http://127.0.0.1:9000", timeout=2.0
    ),
}

BAD = {
    "": "outbox:, smtp:, sendgrid:",
    "mailgun:": "outbox:, smtp:, sendgrid:",
    "outbox:": "folder",
    "outbox://digests": "folder",
    "outbox:digests?fsync=no": "no options",
    "smtp:": "write smtp://",
    "smtp://": "write smtp://",
    "smtp://mail.example.org/inbox": "write smtp://",
    "smtp://mail.example.org:many": "",
    "smtp://mail.example.org:99999": "",
    "smtp://mail.example.org?tls=perhaps": "none, starttls, implicit",
    "smtp://mail.example.org?pool=8": "cafile, connections, ehlo, messages, timeout, tls",
    "smtp://mail.example.org?tls=none&tls=starttls": "once",
    "smtp://mail.example.org?connections=0": "1 to 1000",
    "smtp://mail.example.org?timeout=nan": "1 to 1000",
    "smtp://u:hunter2@relay.example.org:25?tls=none": "never travel in clear",
    "smtp://u:hunter2#x@mail.example.org": "",
    "sendgrid:SG.hunter2": "SENDGRID_API_KEY",
    "sendgrid://SG.hunter2": "SENDGRID_API_KEY",
    "sendgrid:?connections=8": "host, requests, timeout",
    "sendgrid:?host=http://api.example.org": "in clear",
    "sendgrid:?host=api.example.org": "host is",
    "sendgrid:?host=https://api.example.org/v3": "host is",
}


@pytest.mark.parametrize(("url", "options"), GOOD.items(), ids=GOOD)
def test_a_url_states_its_options(url, options):
    assert parse_transport(url) == options


@pytest.mark.parametrize(("url", "advice"), BAD.items(), ids=BAD)
def test_a_url_that_cannot_be_meant_is_refused_with_advice_and_without_its_secret(url, advice):
    with pytest.raises(ConfigurationError) as refused:
        parse_transport(url, where="newsletter.toml: [delivery] transport")
    assert advice in str(refused.value)
    assert str(refused.value).startswith("newsletter.toml: [delivery] transport: ")
    assert "hunter2" not in str(refused.value)


def test_a_password_does_not_show():
    options = parse_transport("smtp://u:hunter2@mail.example.org")
    assert "hunter2" not in repr(options)


@given(st.sampled_from(["outbox:", "smtp://", "sendgrid:", ""]), st.text())
def test_any_text_is_options_or_one_clear_error(scheme, text):
    with suppress(ConfigurationError):
        assert repr(parse_transport(scheme + text))
