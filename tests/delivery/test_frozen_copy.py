"""An approved issue, as SendGrid takes it."""

import datetime as dt
from dataclasses import replace

import pytest
from tests.doubles.composer import delivery
from tests.rendering.samples import PUBLICATION, rendered

from ranvier.approval.frozen import Frozen
from ranvier.delivery.frozen_copy import FrozenCopy
from ranvier.message.headers import header_part
from ranvier.message.sender import Sender
from ranvier.tokens import Secrets

SENDER = Sender(name="Digest", address="digest@news.example.org", list_id="digest.news.example.org")
VARIANTS = (rendered(audience=0), rendered(audience=1))
ISSUE = "weekly/2026-11-23"
ITEM_SETS = (0b001, 0b010, 0b100, 0b111)


def copy_of(variants=VARIANTS):
    frozen = Frozen(
        variants=variants,
        header=header_part(ISSUE, "Digest", PUBLICATION, SENDER),
        subject="Digest",
        sender=SENDER,
        site="https://news.example.org",
    )
    return FrozenCopy(
        frozen,
        issue=ISSUE,
        fingerprint="ab" * 32,
        secrets=Secrets((b"a secret of at least so many bytes",)),
        now=lambda: dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC),
    )


def filled(copy, reader):
    """HTML and text as SendGrid puts them together."""
    parts, values = copy.parts(reader.audience, reader.item_set), copy.personal(reader)
    html, text = parts.html, parts.text
    for token, value in values.items():
        html, text = html.replace(token, value), text.replace(token, value)
    return html, text


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
    assert all((token in parts.html) != (token in parts.text) for token in copy.personal(reader))
    assert not any(token in part for token in copy.personal(reader) for part in filled(copy, reader))
