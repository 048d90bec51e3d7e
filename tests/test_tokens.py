"""Tokens: opaque, for one purpose, valid as long as any of the secrets is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ranvier.tokens import Secrets, digest, sign, verify

OLD, NEW = Secrets((b"old",)), Secrets((b"new", b"old"))


@given(st.binary(max_size=40))
def test_a_token_gives_back_what_it_carries_and_only_for_its_purpose(payload: bytes) -> None:
    token = sign(NEW, "unsubscribe", payload)
    assert verify(NEW, "unsubscribe", token) == payload
    assert verify(NEW, "preferences", token) is None


def test_an_old_secret_still_verifies_and_a_new_one_signs() -> None:
    assert verify(NEW, "unsubscribe", sign(OLD, "unsubscribe", b"7")) == b"7"
    assert verify(OLD, "unsubscribe", sign(NEW, "unsubscribe", b"7")) is None


@given(st.text(max_size=80))
def test_no_other_text_is_a_token(text: str) -> None:
    assert verify(NEW, "unsubscribe", text) is None


def test_any_changed_character_breaks_a_token() -> None:
    token = sign(NEW, "unsubscribe", b"12345678")
    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]
    assert {verify(NEW, "unsubscribe", one) for one in changed} == {None}


def test_a_digest_is_stable_and_cannot_be_made_without_the_secret() -> None:
    assert digest(NEW, "message-id", "weekly/7") == digest(NEW, "message-id", "weekly/7")
    assert digest(NEW, "message-id", "weekly/7") != digest(OLD, "message-id", "weekly/7")


def test_secrets_do_not_show_themselves() -> None:
    assert "old" not in repr(NEW) + str(NEW)
