"""Refusals as servers word them, each with what it says about the address."""

from __future__ import annotations

import pytest

from ranvier.events.kind import Kind
from ranvier.events.verdict import classify, enhanced

HARD = [
    ("5.1.1", "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table"),
    ("5.0.0", "550 Requested action not taken: mailbox unavailable (1234567890:1:-1)"),
    ("5.5.0", "550 Requested action not taken: mailbox unavailable"),
    ("", "550-5.1.1 The email account that you tried to reach does not exist. Learn more at https://x/spam"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
    (
        "5.4.4",
        "Host or domain name not found. Name service error for name=no.example type=AAAA: Host not found",
    ),
    ("5.4.310", "550 5.4.310 DNS domain no.example does not exist [Message=InfoDomainNonexistent]"),
    ("", "Sorry, I couldn't find any host named no.example. (#5.1.2)"),
    ("", "Sorry, no mailbox here by that name. (#5.1.1)"),
    ("", "192.0.2.1 does not like recipient. Remote host said: 550 unknown user Giving up on 192.0.2.1."),
    ("", "User ann (ann@b.example) not listed in Domino Directory"),
    ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled."),
    ("5.1.6", "551 5.1.6 recipient no longer on server"),
    ("", "551 User not local; please try <c@d.example>"),
    ("", "550 5.7.1 <a@b.example>: Recipient address rejected: User unknown"),
    ("5.1.2", "Domain does not accept mail (nullMX)"),
    ("", "Unrouteable address"),
    ("", "all relevant MX records point to non-existent hosts"),
    ("5.1.1", "sid: <a@b.example> recipient rejected (in reply to RCPT TO command)"),
]
HARD_IN_ANSWER_TO_RCPT = [
    "550 unknown user",
    "553 5.3.0 <a@b.example>... No such user here",
    "554 delivery error: dd This user doesn't have a yahoo.com account (a@b.example) [0]",
    "550 Invalid recipient a@spam-filter.example",
    "550 sorry, that recipient is no longer on this server",
    "550 Benutzer unbekannt",
    "550 Adresse d'un destinataire inconnue",
    "550 #5.1.0 Address rejected.",
]
SOFT = [
    ("4.1.1", "450 4.1.1 <a@b.example>: Recipient address rejected: User unknown"),
    ("5.2.1", "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents it"),
    ("5.2.2", "552 5.2.2 The email account that you tried to reach is over quota."),
    ("5.1.1", "550 5.1.1 user mailbox full"),
    ("5.0.0", "552 Quota exceeded / mailbox full"),
    ("4.4.7", "delivery temporarily suspended: connect to mx.b.example[192.0.2.1]:25: Connection timed out"),
    ("5.4.6", "554 5.4.6 Too many hops"),
    ("5.3.4", "552 5.3.4 Message size exceeds fixed limit"),
    ("5.0.0", "554 Transaction failed"),
    ("5.0.0", "550 Account suspended"),
    ("", ""),
]
BLOCKED = [
    ("5.7.1", "550 5.7.1 Our system has detected that this message is likely unsolicited mail"),
    (
        "5.7.26",
        "550-5.7.26 Unauthenticated email from b.example is not accepted due to domain's DMARC policy",
    ),
    ("5.0.0", "554 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
    ("5.7.1", "550 5.7.1 Unable to relay"),
    ("", "550 5.1.8 sender domain does not exist"),
    ("", "501 5.1.7 Bad sender address syntax"),
    ("5.0.0", "554 Message rejected due to content"),
    ("5.7.1", "554 5.7.1 rejected by policy: no such user or spam"),
]


@pytest.mark.parametrize(("code", "text"), HARD)
def test_nobody_is_there(code, text):
    assert classify(code, text) is Kind.HARD


@pytest.mark.parametrize("text", HARD_IN_ANSWER_TO_RCPT)
def test_words_alone_count_where_the_recipient_was_asked_about(text):
    assert classify("", text, at_rcpt=True) is Kind.HARD
    assert classify("", f"{text} (in reply to RCPT TO command)") is Kind.HARD
    assert classify("", text) is Kind.SOFT


@pytest.mark.parametrize(("code", "text"), SOFT)
def test_it_may_pass(code, text):
    assert classify(code, text) is Kind.SOFT


@pytest.mark.parametrize(("code", "text"), BLOCKED)
def test_it_is_the_sender_or_the_content(code, text):
    assert classify(code, text) is Kind.BLOCKED


@pytest.mark.parametrize(
    ("code", "text", "found"),
    [
        ("5.0.0", "smtp; 550 5.1.1 unknown", "5.1.1"),
        ("5.2.2", "smtp; 550 no", "5.2.2"),
        ("", "550 no", "5.0.0"),
        ("", "451 later", "4.0.0"),
        ("", "connect to 5.1.1.2: refused", ""),
        ("", "", ""),
    ],
)
def test_the_code_that_says_most_counts(code, text, found):
    assert enhanced(code, text) == found
