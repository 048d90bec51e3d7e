"""An approved issue as transports take it: signed on the wire, and in the parts that SendGrid gets."""

import datetime as dt
import email
import email.policy
from dataclasses import replace

import pytest
from tests.delivery.frozen_sample import FINGERPRINT, ISSUE, NOW, SECRETS, SENDER, VARIANTS, frozen
from tests.doubles.composer import delivery
from tests.doubles.lane import replies_of
from tests.doubles.signing import SigningKey, tags
from tests.doubles.smtp_server import SmtpServer

from ranvier.delivery.frozen_copy import FrozenCopy
from ranvier.delivery.handover import Answer
from ranvier.delivery.outbox import Outbox
from ranvier.delivery.smtp import Smtp
from ranvier.delivery.urls import SmtpOptions, parse_transport
from ranvier.message.identity import returned
from ranvier.tokens import Secrets

ITEM_SETS = (0b001, 0b010, 0b100, 0b111)
NAMES = ("", "Ann", "Zoë O'Hara", "李小龍")


def copy_of(sender=SENDER, *, secrets=SECRETS, signer=None, now=lambda: NOW):
    return FrozenCopy(
        frozen(sender=sender), issue=ISSUE, fingerprint=FINGERPRINT, secrets=secrets, now=now, signer=signer
    )


def readers():
    """One of each kind: both audiences, several selections of items, several names."""
    kinds = [(variant.audience, items, name) for variant in VARIANTS for items in ITEM_SETS for name in NAMES]
    return [
        replace(delivery(number, audience=audience, item_set=items), name=name)
        for number, (audience, items, name) in enumerate(kinds, start=1)
    ]


def header_of(message):
    return email.message_from_bytes(message, policy=email.policy.default)


def filled(copy, reader):
    """HTML and text as SendGrid puts them together."""
    parts, values = copy.parts(reader.audience, reader.item_set), copy.own(reader).substitutions
    html, text = parts.html, parts.text
    for token, value in values.items():
        html, text = html.replace(token, value), text.replace(token, value)
    return html, text


@pytest.fixture(scope="module")
def key():
    return SigningKey()


@pytest.fixture(scope="module")
def signed(key):
    return copy_of(signer=key.signer())


def test_every_readers_message_has_a_signature_that_an_independent_verifier_finds_good(key, signed):
    for reader in readers():
        assert key.verifies(signed.message(reader)), reader


def test_a_message_for_an_address_beyond_ascii_has_a_good_signature(key, signed):
    message = signed.message(delivery(1, address="用户@example.org", audience=VARIANTS[0].audience))
    assert "\r\nTo: 用户@example.org\r\n".encode() in message
    assert key.verifies(message)


def test_a_signature_is_all_that_signing_adds(signed):
    for reader in readers():
        plain, message = copy_of().message(reader), signed.message(reader)
        assert message.endswith(plain)
        assert email.message_from_bytes(message.removesuffix(plain)).keys() == ["DKIM-Signature"]


def test_a_second_subject_breaks_the_signature(key, signed):
    message = signed.message(readers()[0])
    assert not key.verifies(b"Subject: Another\r\n" + message)
    assert not key.verifies(message.replace(b"\r\nSubject:", b"\r\nSubject: Another\r\nSubject:", 1))


def test_a_changed_byte_of_either_part_or_of_a_readers_link_breaks_the_signature(key, signed):
    message = signed.message(readers()[0])
    head, _, body = message.partition(b"\r\n\r\n")
    for at in (
        body.index(b"walked"),
        body.rindex(b"walked"),
        body.index(b"/u/") + 9,
        body.rindex(b"/p/") + 9,
    ):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert not key.verifies(head + b"\r\n\r\n" + changed)


def test_the_signature_covers_the_fields_of_one_click_unsubscribing(signed):
    for reader in readers()[:3]:
        message = signed.message(reader)
        covered = tags(message)["h"].lower().split(":")
        assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(covered)
        uncovered = {name.lower() for name, _ in header_of(message).items()} - set(covered)
        assert uncovered == {"dkim-signature"}


def test_the_signature_is_of_the_moment_that_the_date_says(signed):
    message = signed.message(readers()[0])
    assert int(tags(message)["t"]) == NOW.timestamp()
    assert header_of(message)["Date"].datetime == NOW


def test_the_header_of_a_signed_message_has_short_lines_and_no_line_begins_with_a_dot(signed):
    for reader in readers():
        message = signed.message(reader)
        field = message[: message.index(b"\r\nFrom:")]
        assert max(map(len, field.split(b"\r\n"))) <= 76
        assert b"\n." not in message


@pytest.mark.parametrize(
    "extensions",
    [("PIPELINING",), (), ("CHUNKING", "PIPELINING"), ("CHUNKING",)],
    ids=["pipelined", "plain", "chunked", "chunked, plain"],
)
def test_a_signature_is_good_at_the_other_end_of_smtp(key, signed, extensions):
    people = readers()
    with SmtpServer(extensions=extensions) as server:
        options = parse_transport(f"smtp://127.0.0.1:{server.port}?tls=none")
        assert isinstance(options, SmtpOptions)
        replies = replies_of(Smtp(options, signed, sender=SENDER.address), people)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * len(people)
    assert len(server.taken) == len(people)
    assert all(key.verifies(taken.content) for taken in server.taken)


def test_a_signature_is_good_in_a_file_of_the_outbox(key, signed, tmp_path):
    people = readers()
    replies_of(Outbox(tmp_path, signed, sender=SENDER.address, issue=ISSUE), people)
    files = list((tmp_path / "new").glob("*.eml"))
    assert len(files) == len(people)
    assert all(key.verifies(file.read_bytes()) for file in files)


def test_a_retry_after_a_rotation_of_secrets_has_the_same_message_id():
    rotated = Secrets((b"a newer one", *SECRETS.keys))
    first, again = (
        header_of(copy_of(secrets=secrets).message(readers()[0])) for secrets in (SECRETS, rotated)
    )
    assert first["Message-ID"] == again["Message-ID"]
    assert first["List-Unsubscribe"] != again["List-Unsubscribe"]


def test_the_date_is_that_of_each_message():
    moments = iter(NOW + dt.timedelta(milliseconds=700 * step) for step in range(4))
    copy = copy_of(now=lambda: next(moments))
    seconds = [header_of(copy.message(reader))["Date"].datetime.second for reader in readers()[:4]]
    assert seconds == [0, 0, 1, 2]


def test_bounces_come_back_to_the_sender_unless_there_is_a_domain_for_them():
    assert {copy_of().return_path(reader) for reader in readers()} == {"digest@news.example.org"}


def test_with_a_bounce_domain_each_delivery_has_a_return_path_that_tells_it():
    copy = copy_of(replace(SENDER, bounce_domain="bounce.example.org"))
    paths = {reader.id: copy.return_path(reader) for reader in readers()}
    assert len(set(paths.values())) == len(paths)
    assert all(path.endswith("@bounce.example.org") for path in paths.values())
    assert {number: returned(SECRETS, path.upper()) for number, path in paths.items()} == {
        number: number for number in paths
    }


@pytest.mark.parametrize("item_set", ITEM_SETS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.audience)
def test_a_name_beyond_ascii_never_makes_a_part_latin_1(variant, item_set):
    # R175: SendGrid relabels a part whose characters all fit Latin-1, and Gmail clips it.
    reader = replace(delivery(1, audience=variant.audience, item_set=item_set), name="Zoë")
    html, text = filled(copy_of(), reader)
    assert "Zo&#235;" in html
    assert html.isascii()
    assert "Hello Zoë," in text
    assert max(text) > "\xff"


def test_every_token_stands_in_its_part_and_is_filled():
    reader = replace(delivery(1, audience=VARIANTS[0].audience), name="Ann")
    copy = copy_of()
    parts = copy.parts(reader.audience, reader.item_set)
    assert all((token in parts.html) != (token in parts.text) for token in copy.own(reader).substitutions)
    assert not any(token in part for token in copy.own(reader).substitutions for part in filled(copy, reader))
