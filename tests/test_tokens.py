"""Tokens: opaque, for one purpose, valid as long as any of the secrets is known."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranvier.tokens import Secrets, digest, sign, sign_caseless, verify, verify_caseless

OLD, NEW = Secrets((b"old",)), Secrets((b"new", b"old"))
FORMS = pytest.mark.parametrize(
    ("make", "read"), [(sign, verify), (sign_caseless, verify_caseless)], ids=["URL-safe", "caseless"]
)


@FORMS
@given(payload=st.binary(max_size=40))
def test_a_token_gives_back_what_it_carries_and_only_for_its_purpose(make, read, payload):
    token = make(NEW, "unsubscribe", payload)
    assert read(NEW, "unsubscribe", token) == payload
    assert read(NEW, "preferences", token) is None


@FORMS
def test_an_old_secret_still_verifies_and_a_new_one_signs(make, read):
    assert read(NEW, "unsubscribe", make(OLD, "unsubscribe", b"7")) == b"7"
    assert read(OLD, "unsubscribe", make(NEW, "unsubscribe", b"7")) is None


@FORMS
@given(text=st.text(max_size=80))
def test_no_other_text_is_a_token(make, read, text):
    assert read(NEW, make.__name__, text) is None


@FORMS
@pytest.mark.parametrize("payload", [b"12345678", b"123456789012"])
def test_any_changed_character_breaks_a_token(make, read, payload):
    token = make(NEW, "unsubscribe", payload)
    changed = [
        token[:at] + other + token[at + 1 :]
        for at in range(len(token))
        for other in "abcdefghijklmnopqrstuvwxyz234567="
        if other != token[at]
    ]
    assert {read(NEW, "unsubscribe", one) for one in changed} == {None}
    assert read(NEW, "unsubscribe", token[:-1]) is read(NEW, "unsubscribe", token + "=") is None


@given(st.binary(max_size=40))
def test_a_caseless_token_survives_what_changes_its_case(payload):
    token = sign_caseless(NEW, "bounce", payload)
    assert re.fullmatch("[a-z2-7]+", token)
    assert verify_caseless(NEW, "bounce", token.upper()) == payload
    assert verify_caseless(NEW, "bounce", token.title()) == payload


def test_a_secret_of_any_length_signs():
    for length in (0, 1, 32, 33, 64, 65, 1000):
        secrets = Secrets((b"x" * length,))
        assert verify(secrets, "unsubscribe", sign(secrets, "unsubscribe", b"7")) == b"7"


def test_a_digest_stays_the_same_when_a_newer_secret_is_put_in_front():
    assert digest(NEW, "message-id", "weekly/7") == digest(OLD, "message-id", "weekly/7")


def test_a_digest_cannot_be_made_without_the_secret():
    assert digest(Secrets((b"new",)), "message-id", "weekly/7") != digest(OLD, "message-id", "weekly/7")
    assert digest(OLD, "another", "weekly/7") != digest(OLD, "message-id", "weekly/7")


def test_secrets_do_not_show_themselves():
    assert "old" not in repr(NEW) + str(NEW)
