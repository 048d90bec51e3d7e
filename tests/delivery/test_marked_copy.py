"""A test copy: marked, harmless, and else what readers would get."""

import datetime as dt
import email
import email.policy
import re
from dataclasses import replace

import pytest
from tests.delivery.frozen_sample import FINGERPRINT, ISSUE, NOW, SECRETS, SENDER, VARIANTS, frozen
from tests.doubles.composer import delivery
from tests.doubles.signing import SigningKey

from ranvier.delivery.frozen_copy import FrozenCopy
from ranvier.delivery.marked_copy import MarkedCopy, frozen_for_test
from ranvier.rendering.chunks import Chunk

READER = replace(delivery(0, address="editor@example.org", audience=VARIANTS[0].audience), name="Zoë")


def marked(of=None, *, unique="0f" * 16, signer=None):
    return MarkedCopy(of or frozen(), fingerprint=FINGERPRINT, unique=unique, now=lambda: NOW, signer=signer)


def for_readers(of=None):
    return FrozenCopy(of or frozen(), issue=ISSUE, fingerprint=FINGERPRINT, secrets=SECRETS, now=lambda: NOW)


def read(message):
    return email.message_from_bytes(message, policy=email.policy.default)


@pytest.mark.parametrize(
    "subject", ["New studies", "多発性硬化症 — 23 November", "word " * 30 + "end", "=?utf-8?q?x?="]
)
def test_the_subject_is_marked_decoded_and_in_the_header(subject):
    copy = frozen_for_test(frozen(subject=subject))
    assert copy.subject == f"[Test] {subject}"
    assert read(marked(frozen(subject=subject)).message(READER))["Subject"] == f"[Test] {subject}"
    assert (
        marked(frozen(subject=subject)).parts(READER.audience, READER.item_set).subject == f"[Test] {subject}"
    )


def test_nothing_but_the_subject_of_the_issue_changes():
    before = frozen(subject="New studies")
    after = frozen_for_test(before)
    assert replace(after, subject=before.subject, header=before.header) == before
    changed = [pair for pair in zip(before.header, after.header, strict=True) if pair[0] != pair[1]]
    assert changed == [(Chunk("Subject: New studies\r\n"), Chunk("Subject: [Test] New studies\r\n"))]


def test_a_test_copy_is_what_readers_get_but_for_subject_links_and_message_id():
    ours, theirs = (read(copy.message(READER)) for copy in (marked(), for_readers()))
    assert ours.keys() == theirs.keys()
    differ = {name for name in list(ours) if str(ours[name]) != str(theirs[name])}
    assert differ == {"Subject", "Message-ID", "List-Unsubscribe"}
    for own, other in zip(ours.iter_parts(), theirs.iter_parts(), strict=True):
        assert inert(own.get_content()) == inert(other.get_content())


def inert(text):
    return re.sub(r"(https://news\.example\.org/[up]/)[\w-]+", r"\1example", text)


def test_links_of_a_test_copy_do_nothing():
    message = read(marked().message(READER))
    assert message["List-Unsubscribe"] == "<https://news.example.org/u/example>"
    texts = [part.get_content() for part in message.iter_parts()]
    links = {link for text in texts for link in re.findall(r"https://news\.example\.org/[up]/[\w-]*", text)}
    assert links == {"https://news.example.org/u/example", "https://news.example.org/p/example"}


def test_each_test_copy_has_a_message_id_of_its_own():
    ids = [
        read(copy.message(READER))["Message-ID"]
        for copy in (marked(), marked(unique="1f" * 16), for_readers())
    ]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"<[a-z0-9-]+@news\.example\.org>", one) for one in ids)


def test_bounces_of_a_test_copy_come_back_to_the_sender():
    sender = replace(SENDER, bounce_domain="bounce.example.org")
    assert marked(frozen(sender=sender)).return_path(READER) == "digest@news.example.org"


def test_a_test_copy_goes_to_one_address_and_greets_by_name():
    message = read(marked().message(READER))
    assert message["To"] == "editor@example.org"
    assert message["Date"].datetime == dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
    assert all("Hello Zoë," in part.get_content().replace("&#235;", "ë") for part in message.iter_parts())


def test_a_test_copy_is_signed_as_mails_to_readers_are():
    key = SigningKey()
    assert key.verifies(marked(signer=key.signer()).message(READER))
