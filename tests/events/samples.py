"""Mails that come back, as mail servers write them."""

from __future__ import annotations

TO = "b+token@bounce.example.org"

COPY = """From: Digest <digest@news.example.org>
To: ann@reader.example
Message-ID: <0123@news.example.org>
List-Unsubscribe: <https://news.example.org/u/abc>
Subject: Digest

Hello
"""


def dsn(
    *, action: str = "failed", status: str = "5.1.1", diagnostic: str = "smtp; 550 no such user"
) -> bytes:
    """A delivery status notification (RFC 3464)."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@relay.example (Mail Delivery System)
To: {TO}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relay.example. I'm sorry to have to inform you.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; ann@reader.example
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--B
Content-Type: message/rfc822

{COPY}
--B--
""".encode()


def in_words(subject: str, text: str, *, sender: str = "MAILER-DAEMON@mx.example", more: str = "") -> bytes:
    """A mail without any structure."""
    return f"From: {sender}\nTo: {TO}\nSubject: {subject}\n{more}\n{text}\n".encode()


QMAIL = in_words(
    "failure notice",
    f"""Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@reader.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <digest@news.example.org>
{COPY}""",
)
EXIM = in_words(
    "Mail delivery failed: returning message to sender",
    f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@reader.example
    host mx.reader.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<ann@reader.example>:
    550 Mailbox quota exceeded

------ This is a copy of the message, including all the headers. ------

{COPY}""",
    more="X-Failed-Recipients: ann@reader.example\nAuto-Submitted: auto-replied\n",
)
POSTFIX_DELAYED = dsn(
    action="delayed", status="4.4.1", diagnostic="smtp; connect to mx: Connection timed out"
)
VACATION = in_words(
    "Out of Office: Digest",
    "I am away and my mailbox is full of news.",
    sender="Ann <ann@reader.example>",
    more="Auto-Submitted: auto-replied\n",
)
VACATION_OF_A_DAEMON = in_words("Automatic reply: Digest", "I no longer work here.", sender="<>")
CHALLENGE = in_words(
    "Re: Digest (please confirm)",
    "Your message was not delivered yet; reply once to reach this user.",
    sender="ann@reader.example",
    more="Return-Path: <>\n",
)
RECEIPT = b"""From: ann@reader.example
To: b+token@bounce.example.org
Subject: Disposition notification
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="B"

--B
Content-Type: text/plain

Your message was deleted without being read.
--B
Content-Type: message/disposition-notification

Final-Recipient: rfc822; ann@reader.example
Disposition: automatic-action/MDN-sent-automatically; deleted

--B--
"""


def complaint(kind: str = "abuse", copy: str = COPY) -> bytes:
    """An abuse report (RFC 5965)."""
    return f"""From: feedback@arf.mail.example
To: abuse@news.example.org
Subject: FW: Digest
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is an email abuse report.
--B
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Example/1.0
Version: 1

--B
Content-Type: message/rfc822

{copy}
--B--
""".encode()
