"""The fingerprint: any change that can reach a reader changes it, nothing else does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.approval.fingerprint import fingerprint
from ranvier.approval.frozen import Frozen, from_json, to_json
from ranvier.issue.edition import Edition
from ranvier.message.sender import Sender
from ranvier.rendering.chunks import Chunk, Slot, SlotName, Variant
from ranvier.rendering.publication import Audience, Disclosures, Links, Publication
from ranvier.selection.rules import Rules
from ranvier.subscribers.conditions import All, Any, Field, Is
from ranvier.subscribers.segments import Segment

HTML = (Chunk("<p>Hello "), Slot(SlotName.GREETING), Chunk("</p>"), Chunk("<p>Item</p>", 0b1))
TEXT = (Slot(SlotName.GREETING), Chunk("\n"), Chunk("Item — ünïcode 多\n", 0b1))
VARIANT = Variant(audience="people", items=0b1, html=HTML, text=TEXT)
SENDER = Sender(name="Digest", address="d@news.example.org", list_id="digest.news.example.org")
FROZEN = Frozen(
    variants=(VARIANT,),
    header=(Chunk("From: d@news.example.org\r\nTo: "), Slot(SlotName.TO), Chunk("\r\n")),
    subject="Digest, 23 November",
    sender=SENDER,
    site="https://news.example.org",
)
PUBLICATION = Publication(
    name="Digest",
    tagline="",
    postal_address="12 Example Street",
    contact="c@example.org",
    publisher="",
    links=Links(site="https://news.example.org"),
    disclosures=Disclosures(**dict.fromkeys(Disclosures.__dataclass_fields__, "said")),
    audiences=(Audience(slug="people", label="People"),),
    words={"cohort": "Cohort", "lab": "Lab"},
)
EDITION = Edition(slug="weekly", label="Weekly", segments=("weekly",))
TOPICS = {"one": ("lifestyle",), "two": ("research", "lifestyle")}
CONDITIONS = (Is(field=Field.AUDIENCE, values=("people",)),)
SEGMENTS = (Segment(slug="weekly", label="", where=Any(CONDITIONS)),)
ORIGINAL = fingerprint(FROZEN, publication=PUBLICATION, edition=EDITION, segments=SEGMENTS, topics=TOPICS)


def with_html(*html: Chunk | Slot) -> Frozen:
    return replace(FROZEN, variants=(replace(VARIANT, html=html),))


CHANGES = {
    "a character of the HTML": with_html(Chunk("<p>hello "), *HTML[1:]),
    "a character of the text": replace(
        FROZEN, variants=(replace(VARIANT, text=(*TEXT[:2], Chunk("item\n", 1))),)
    ),
    "a mask": with_html(*HTML[:3], Chunk("<p>Item</p>", 0b10)),
    "a mask becomes none": with_html(*HTML[:3], Chunk("<p>Item</p>")),
    "another slot": with_html(HTML[0], Slot(SlotName.TO), *HTML[2:]),
    "a slot becomes its name": with_html(HTML[0], Chunk("greeting"), *HTML[2:]),
    "a border between chunks": with_html(Chunk("<p>Hello"), Chunk(" "), *HTML[1:]),
    "the order of chunks": with_html(*reversed(HTML)),
    "HTML and text change places": replace(FROZEN, variants=(replace(VARIANT, html=TEXT, text=HTML),)),
    "the audience": replace(FROZEN, variants=(replace(VARIANT, audience="clinicians"),)),
    "the items": replace(FROZEN, variants=(replace(VARIANT, items=0b11),)),
    "one more variant": replace(FROZEN, variants=(VARIANT, VARIANT)),
    "the site": replace(FROZEN, site="https://other.example.org"),
    "the header": replace(FROZEN, header=FROZEN.header[:2]),
    "the subject": replace(FROZEN, subject="Digest, 24 November"),
    **{
        f"sender: {f.name}": replace(FROZEN, sender=replace(SENDER, **{f.name: "new"}))
        for f in fields(Sender)
    },
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_of_what_is_rendered_changes_it(changed):
    assert (
        fingerprint(changed, publication=PUBLICATION, edition=EDITION, segments=SEGMENTS, topics=TOPICS)
        != ORIGINAL
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"publication": replace(PUBLICATION, audiences=(Audience(slug="people", label="P", max_items=3),))},
        {"edition": replace(EDITION, segments=("weekly", "trial"))},
        {"edition": replace(EDITION, rules=Rules(max_items=3))},
        {"topics": {**TOPICS, "one": ("research",)}},
        {"segments": (replace(SEGMENTS[0], where=All(CONDITIONS)),)},
    ],
    ids=["audience", "segments", "rules", "topics", "condition"],
)
def test_any_change_of_who_gets_what_changes_it(changed):
    rules = {
        "publication": PUBLICATION,
        "edition": EDITION,
        "segments": SEGMENTS,
        "topics": TOPICS,
        **changed,
    }
    assert fingerprint(FROZEN, **rules) != ORIGINAL


def test_the_order_in_a_dictionary_does_not():
    turned = replace(PUBLICATION, words=dict(reversed(PUBLICATION.words.items())))
    topics = dict(reversed(TOPICS.items()))
    assert (
        fingerprint(FROZEN, publication=turned, edition=EDITION, segments=SEGMENTS, topics=topics) == ORIGINAL
    )


def test_another_process_finds_the_same():
    code = (
        "import runpy, sys; names = runpy.run_path(sys.argv[1]); print(names['ORIGINAL'])"  # this file, anew
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__))],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )
    assert found.stdout.strip() == ORIGINAL


def test_it_is_a_sha_256_in_hex():
    assert len(bytes.fromhex(ORIGINAL)) == 32


PARTS = st.lists(
    st.builds(Chunk, st.text(max_size=30), st.integers(0, 2**62 - 1))
    | st.builds(Slot, st.sampled_from(SlotName)),
    max_size=6,
).map(tuple)


@settings(max_examples=60)
@given(PARTS, PARTS, PARTS, st.text(max_size=20))
def test_what_is_kept_comes_back_exactly(html, text, header, subject):
    variant = Variant(audience="people", items=2**61, html=html, text=text)
    frozen = replace(FROZEN, variants=(variant, VARIANT), header=header, subject=subject)
    assert from_json(to_json(frozen)) == frozen
    assert to_json(from_json(to_json(frozen))) == to_json(frozen)
    assert frozen.variant("people") in frozen.variants


def test_an_audience_without_a_variant_is_said():
    with pytest.raises(KeyError):
        FROZEN.variant("nobody")
