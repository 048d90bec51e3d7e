"""A signature that an independent verifier finds good, made of pieces that were prepared once."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from tests.doubles.signing import OPTIONS, SigningKey, tags

from ranvier.errors import ConfigurationError
from ranvier.message.dkim import (
    SIGNED,
    Signer,
    body_hash,
    open_signer,
    relaxed_fields,
    relaxed_lines,
    signable,
    signable_for,
)
from ranvier.message.qp import encode
from ranvier.message.template import Encoded, MessageTemplate, Place, for_items, splice
from ranvier.rendering.chunks import SlotName

MOMENT = datetime(2026, 11, 23, 8, tzinfo=UTC)
HEADER = (
    b"From: Digest <digest@news.example.org>\r\nTo: ann@example.org\r\nSubject: New\r\n studies\r\n"
    b"List-Unsubscribe: <https://news.example.org/u/1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n"
)
BODY = b"Hello\t there, \r\n\r\n  two.\r\n\r\n\r\n"
# Made for this test, and far too short to be of use.
SHORT_KEY = b"""-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAvD/exbGpbI2ge571
QNUN45H8W/mOX9ojRvm5kscrrXakJtkrbUBh3UxFF4DIRPMSjHVk3YZxoGvoIVuD
TFl90QIDAQABAkAHFVgqlC7N2N5rCGYuFFY7c+jNBSzoSmr9ZrQm47uvATFStqFL
oxm5lUYocKKQghB29md4ayRv6picLCd9jCPpAiEA3D3TM8lDkdM9OrG3DI+2sHjX
hhm4vOwrpaUngEWXYusCIQDa0FIqEL3C41ZITJVOy2Lmbxaphx0jDMyPBL1+YsYb
MwIhAKVewswarmK7gzkkIbcL3fgp9GKbw6wPhUJufPeCyYYbAiBF38BdLntqgK5M
6CfFwa0TaOYTvNHRH4UzJpBci643gQIhANhfI5c3X+jNO9TLhCfeyTiTT/eDWw8x
RqV5N8VtMLT6
-----END PRIVATE KEY-----
"""

TEXTS = st.text(st.sampled_from("a=. \t\n\xe9"), max_size=40)
LINES = st.lists(st.text(st.sampled_from("ab= \t"), max_size=9), max_size=6).map(
    lambda lines: b"".join(line.encode() + b"\r\n" for line in lines)
)


@pytest.fixture
def key() -> SigningKey:
    return some_key()


def naive(body: bytes) -> bytes:
    """RFC 6376 section 3.4.4, word for word."""
    lines = body.split(b"\r\n")
    if lines[-1] == b"":
        lines.pop()
    lines = [re.sub(rb"[\t ]+", b" ", re.sub(rb"[\t ]+$", b"", line)) for line in lines]
    while lines and lines[-1] == b"":
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def signed(signer: Signer, header: bytes = HEADER, body: bytes = BODY) -> bytes:
    template = MessageTemplate(header=(Encoded(header),), body=(Encoded(body),))
    return signer.splice(signable_for(signable(template), 0), {}, moment=MOMENT)


def listed(message: bytes) -> list[str]:
    return tags(message)["h"].split(":")


@cache
def some_key() -> SigningKey:
    return SigningKey()


def refusal(key_pem: bytes) -> str:
    with pytest.raises(ConfigurationError) as refused:
        open_signer(OPTIONS, key_pem)
    return str(refused.value)


def pem(private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_example_of_the_standard_has_the_form_that_it_shows():
    header = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n"
    assert relaxed_fields(header) == [b"a:X\r\n", b"b:Y Z\r\n"]
    assert body_hash([relaxed_lines(b" C \r\nD \t E\r\n\r\n\r\n")]) == sha256(b" C\r\nD E\r\n").digest()


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n \r\n\t\r\n"])
def test_a_body_of_nothing_has_the_hash_of_nothing(body):
    assert (
        base64.b64encode(body_hash([relaxed_lines(body)])) == b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    )


@given(st.lists(LINES, max_size=8))
def test_pieces_hash_as_their_whole(pieces: list[bytes]):
    assert body_hash(map(relaxed_lines, pieces)) == sha256(naive(b"".join(pieces))).digest()


@given(
    st.lists(
        st.one_of(
            st.tuples(TEXTS, st.integers(0, 3)).map(lambda chunk: Encoded(encode(chunk[0]), chunk[1])),
            st.sampled_from(SlotName).map(lambda name: Place(name, encode)),
        ),
        max_size=9,
    ),
    st.fixed_dictionaries(dict.fromkeys(SlotName, TEXTS)),
    st.integers(0, 3),
)
def test_a_message_spliced_from_any_chunks_carries_the_hash_of_its_own_body(pieces, values, item_set):
    template = MessageTemplate(header=(Encoded(HEADER),), body=tuple(pieces))
    cut = signable_for(signable(template), item_set)
    message = Signer(OPTIONS, sha256_as_signature).splice(cut, values, moment=MOMENT)
    head, _, body = message.partition(b"\r\n\r\n")
    assert head + b"\r\n\r\n" + body == message
    assert message.endswith(splice(for_items(template, item_set), values))
    assert base64.b64decode(tags(message)["bh"]) == sha256(naive(body)).digest()


def sha256_as_signature(covered: bytes) -> bytes:
    return sha256(covered).digest()


@pytest.mark.parametrize(
    "field",
    [
        b"subject:New studies\r\n",
        b"SUBJECT \t: \t New \t studies \t\r\n",
        b"Subject:\r\n New\r\n\tstudies\r\n \r\n",
    ],
    ids=["lower case, no space", "upper case, more space", "folded"],
)
def test_what_servers_on_the_way_change_in_a_field_does_not_count(field):
    assert relaxed_fields(field + b"\r\n") == [b"subject:New studies\r\n"]


def test_an_independent_verifier_finds_the_signature_good(key):
    assert key.verifies(signed(key.signer()))


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_both_forms_of_a_key_file_sign(key, form):
    assert key.verifies(signed(open_signer(OPTIONS, key.pem(form))))


@pytest.mark.parametrize(
    ("found", "changed"),
    [(b"Hello", b"hello"), (b"ann@", b"bob@"), (b"t=", b"t=1"), (b"d=news", b"d=nws")],
    ids=["body", "field", "time", "domain"],
)
def test_what_was_signed_cannot_be_changed(key, found, changed):
    message = signed(key.signer())
    assert found in message
    assert not key.verifies(message.replace(found, changed, 1))


ONCE = [
    "Reply-To",
    "Sender",
    "Cc",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Subject",
    "From",
    "To",
]


@pytest.mark.parametrize(
    "name", [*ONCE, "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post"]
)
def test_a_field_that_is_added_breaks_the_signature(key, name):
    message = signed(key.signer())
    assert not key.verifies(f"{name}: added\r\n".encode() + message)


def test_a_relay_may_add_a_feedback_id_only_if_there_is_none(key):
    added = b"Feedback-ID: 1.relay:relay\r\n"
    own = HEADER.replace(b"Subject", b"Feedback-ID: a:b:c:rdigest01\r\nSubject")
    assert key.verifies(added + signed(key.signer()))
    assert key.verifies(signed(key.signer(), own))
    assert not key.verifies(added + signed(key.signer(), own))


def test_of_two_fields_of_a_name_both_are_signed(key):
    message = signed(
        key.signer(), b"List-Help: <mailto:a@b.example>\r\nList-Help: <mailto:c@d.example>\r\n" + HEADER
    )
    assert listed(message).count("List-Help") == 2
    assert key.verifies(message)
    assert not key.verifies(message.replace(b"c@d", b"e@f"))


def test_the_signature_lists_what_is_there_and_what_must_not_come():
    names = listed(signed(Signer(OPTIONS, sha256_as_signature)))
    twice = {"From", "Subject", "To", "List-Unsubscribe", "List-Unsubscribe-Post"}
    once = {"Sender", "Reply-To", "Date", "Cc", "Message-ID", "MIME-Version", "Content-Type"}
    assert {name: names.count(name) for name in names} == {
        **dict.fromkeys(twice, 2),
        **dict.fromkeys(once, 1),
        "Content-Transfer-Encoding": 1,
    }
    assert not {"Return-Path", "Received", "Comments", "Keywords", "DKIM-Signature"} & set(SIGNED)


def test_the_tags_say_how_and_when_it_was_signed():
    found = tags(signed(Signer(OPTIONS, sha256_as_signature)))
    assert list(found) == ["v", "a", "c", "d", "s", "h", "t", "bh", "b"]
    assert (found["v"], found["a"], found["c"]) == ("1", "rsa-sha256", "relaxed/relaxed")
    assert (found["d"], found["s"], found["t"]) == ("news.example.org", "2026a", str(int(MOMENT.timestamp())))


@pytest.mark.parametrize("size", [128, 256, 512], ids=lambda size: f"{size * 8} bits")
def test_no_line_is_longer_than_76(size):
    message = signed(Signer(OPTIONS, lambda _: bytes(size)))
    field = message[: message.index(b"\r\nFrom: ")]
    assert max(map(len, field.split(b"\r\n"))) <= 76
    assert base64.b64decode(tags(message)["b"]) == bytes(size)


@pytest.mark.parametrize(
    ("key_pem", "said"),
    [
        pytest.param(lambda: SHORT_KEY, "has 512 bits", id="short"),
        pytest.param(lambda: pem(ed25519.Ed25519PrivateKey.generate()), "is not an RSA key", id="ed25519"),
        pytest.param(lambda: pem(ec.generate_private_key(ec.SECP256R1())), "is not an RSA key", id="ec"),
        pytest.param(lambda: some_key().pem()[:200], "is not a private key in PEM", id="cut off"),
        pytest.param(lambda: b"", "is not a private key in PEM", id="empty"),
        pytest.param(lambda: b"\xff\xfe\0", "is not a private key in PEM", id="no text"),
        pytest.param(
            lambda: some_key().key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "is not a private key in PEM",
            id="public",
        ),
        pytest.param(
            lambda: some_key().key.private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
            ),
            "has a passphrase",
            id="passphrase",
        ),
    ],
)
def test_a_key_that_cannot_sign_is_refused_by_the_name_of_its_file(key_pem, said):
    refused = refusal(key_pem())
    assert refused.startswith('newsletter.toml: [dkim]: key_file = "dkim.pem" ')
    assert said in refused
    assert "\n" not in refused


def test_the_library_is_not_loaded_before_somebody_signs():
    assert "cryptography" not in run("", "import sys; print(sorted(sys.modules))")


def run(before: str, after: str) -> str:
    """What a fresh interpreter says."""
    options = f"from ranvier.message.sender import DkimOptions; OPTIONS = {OPTIONS!r}"
    code = f"{before}\nfrom ranvier.message.dkim import open_signer; {options}\n{after}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
