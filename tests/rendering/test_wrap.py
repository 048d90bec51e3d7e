from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import width

from ranvier.rendering.wrap import prose, underline, wrap

LONG_URL = "https://a.example/" + "x" * 200


def test_lines_hold_72_columns():
    assert wrap("a" * 70 + " b cc").splitlines() == ["a" * 70 + " b", "cc"]


def test_wide_characters_count_as_two_columns_and_combining_ones_as_none():
    assert len(wrap("髄" * 40).splitlines()) == 2
    assert len(wrap("e\u0301" * 72).splitlines()) == 1


def test_an_address_stays_whole_on_its_own_line():
    assert wrap(f"see {LONG_URL} for more").splitlines() == ["see", LONG_URL, "for more"]


def test_later_lines_are_indented():
    assert wrap("* " + "word " * 20, "  ").splitlines()[1].startswith("  word")


def test_a_heading_is_underlined_as_wide_as_it_is():
    assert underline("髄鞘", "=") == "髄鞘\n===="
    assert underline("", "=") == ""


def test_paragraphs_are_parted_by_a_blank_line():
    assert prose(("one", "two")) == "one\n\ntwo"


@given(st.text(max_size=600))
@settings(max_examples=80)
def test_no_line_is_too_wide_and_no_character_is_lost(text):
    text = text.replace("://", "")
    wrapped = wrap(text)
    assert "".join(wrapped.split()) == "".join(text.split())
    assert all(width(line) <= 72 for line in wrapped.split("\n"))
    assert not any(line != line.rstrip() for line in wrapped.split("\n"))
