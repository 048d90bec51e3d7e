"""What the gate says of the plain text, and of both parts together."""

from __future__ import annotations

import pytest

from ranvier.checks.finding import Severity
from ranvier.checks.gate import run_checks


def codes(proof, severity: Severity = Severity.ERROR) -> set[str]:
    return {finding.code for finding in run_checks(proof) if finding.severity is severity}


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("word " * 16, "wide-text"),
        ("医" * 37, "wide-text"),
        ("soft\xadhyphen", "invisible-text"),
        ("zero\u200bwidth", "invisible-text"),
    ],
    ids=["long", "wide-letters", "soft-hyphen", "zero-width"],
)
def test_text_that_nobody_chose_to_write_is_an_error(build, change, extra, code):
    assert code in codes(change(build(), "text", "Digest — November\n".strip(), f"Digest — November {extra}"))


@pytest.mark.parametrize(
    "extra",
    ["x" * 50, "医" * 20, f"\nhttps://journal.example.org/{'a' * 90}"],
    ids=["short", "wide", "address"],
)
def test_a_line_of_72_columns_and_a_whole_address_pass(build, change, extra):
    assert codes(change(build(), "text", "Digest — November", f"Digest — November {extra}")) == set()


@pytest.mark.parametrize("leftover", ["&nbsp;", "&amp;", "<br>", "</p>"])
def test_leftovers_of_markup_are_a_warning(build, change, leftover):
    proof = change(build(), "text", "Digest — November", f"Digest — November {leftover}")
    assert "markup-in-text" in codes(proof, Severity.WARNING)


def test_parts_that_say_different_things_are_an_error(build):
    more = " ".join(f"word{chr(97 + n)}{chr(97 + m)}" for n in range(8) for m in range(8))
    assert codes(build(extra=f"<p>{more}</p>")) == {"parts-differ"}


def test_parts_are_compared_by_words_and_not_by_their_order(build, change):
    proof = change(build(), "text", "Digest — November", "November — Digest")
    assert codes(proof) == set()
