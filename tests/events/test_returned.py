"""What mails in a bounce box mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.events import samples

from ranvier.events.kind import Kind
from ranvier.events.returned import read_returned


@pytest.mark.parametrize(
    ("mail", "kind", "code"),
    [
        (samples.dsn(), Kind.HARD, "5.1.1"),
        (samples.dsn(status="5.2.2", diagnostic="smtp; 552 full"), Kind.SOFT, "5.2.2"),
        (samples.dsn(status="5.0.0", diagnostic="smtp; 550 5.7.1 spam"), Kind.BLOCKED, "5.7.1"),
        (samples.POSTFIX_DELAYED, Kind.DELAYED, "4.4.1"),
        (samples.dsn(action="delivered", status="2.0.0", diagnostic="smtp; 250 ok"), Kind.DELIVERED, ""),
        (samples.dsn(action="expanded", status="2.0.0", diagnostic="smtp; 250 ok"), Kind.IGNORED, ""),
        (samples.QMAIL, Kind.HARD, "5.1.1"),
        (samples.EXIM, Kind.SOFT, "5.0.0"),
        (samples.VACATION, Kind.IGNORED, ""),
        (samples.VACATION_OF_A_DAEMON, Kind.IGNORED, ""),
        (samples.CHALLENGE, Kind.IGNORED, ""),
        (samples.RECEIPT, Kind.IGNORED, ""),
        (samples.complaint(), Kind.COMPLAINT, ""),
        (samples.complaint("opt-out"), Kind.UNSUBSCRIBE, ""),
        (samples.complaint("not-spam"), Kind.IGNORED, ""),
        (b"", Kind.IGNORED, ""),
    ],
)
def test_each_mail_is_what_it_says(mail, kind, code):
    found = read_returned(mail)
    assert found.kind is kind
    assert found.code == code


@pytest.mark.parametrize("mail", [samples.dsn(), samples.QMAIL, samples.EXIM])
def test_it_is_known_whom_a_bounce_is_about(mail):
    found = read_returned(mail)
    assert found.fates[0].addresses == ("ann@reader.example",)
    assert samples.TO in found.addressed_to
    assert found.message_id == "<0123@news.example.org>"
    assert found.unsubscribe_urls == ("https://news.example.org/u/abc",)


def test_words_of_the_copy_are_not_the_servers():
    mail = samples.in_words(
        "failure notice",
        "<ann@reader.example>:\n552 disk full\n\n--- Below this line is a copy of the message.\n\n"
        f"{samples.COPY}\nuser unknown, no such user, spam",
    )
    assert read_returned(mail).kind is Kind.SOFT


def test_a_warning_is_no_bounce():
    mail = samples.in_words(
        "Warning: message delayed 24 hours",
        "A message that you sent has not yet been delivered.\nNo action is required on your part.",
        more="X-Failed-Recipients: ann@reader.example\n",
    )
    assert read_returned(mail).kind is Kind.DELAYED


@pytest.mark.parametrize(
    "mail",
    [
        samples.dsn(diagnostic="smtp; 550 5.1.1 " + "x" * 200_000),
        samples.in_words("failure notice", "x." * 100_000),
        b"From: mailer-daemon@x\nSubject: Undelivered\nMIME-Version: 1.0\n"
        + b"Content-Type: message/rfc822\n\n" * 3000
        + b"Subject: x\n\nx",
    ],
    ids=["one long word", "a long name", "nested"],
)
def test_what_would_take_for_ever_does_not(mail):
    assert read_returned(mail).kind in Kind


@given(some.binary(max_size=400))
def test_any_bytes_have_an_answer(raw):
    assert read_returned(raw).kind in Kind


@given(some.integers(0, len(samples.dsn())), some.binary(max_size=20))
def test_a_damaged_report_has_an_answer(at, noise):
    whole = samples.dsn()
    assert read_returned(whole[:at] + noise + whole[at + len(noise) :]).kind in Kind
