from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from ranvier.rendering.prose import ELLIPSIS, excerpt, paragraphs, shorten

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


def test_blank_lines_part_paragraphs_and_single_line_ends_do_not():
    assert paragraphs("One\r\nand the same.\r\n \r\n\r\nTwo.") == ("One and the same.", "Two.")


def test_a_short_text_is_not_an_excerpt():
    assert excerpt("One two. Three four.", words=4) == ("One two. Three four.",)


def test_an_excerpt_ends_with_a_sentence_and_says_that_there_is_more():
    assert excerpt("One two. Three four. Five six.", words=5) == ("One two. Three four. …",)


def test_an_excerpt_may_end_with_a_paragraph():
    assert excerpt("One two.\n\nThree four five.", words=3) == ("One two. …",)


def test_an_excerpt_of_one_endless_sentence_is_cut_at_a_word():
    (kept,) = excerpt("word " * 2000, words=20)
    assert kept.endswith("word…")
    assert len(kept.split()) <= 24


def test_an_excerpt_of_a_script_without_spaces_is_short_too():
    (kept,) = excerpt("髄" * 5000, words=10)
    assert len(kept) <= 60


def test_a_long_title_is_cut_after_a_whole_word():
    assert shorten("A pill slowed walking problems", 20) == "A pill slowed…"


def test_a_cut_never_splits_what_a_reader_sees_as_one_character():
    assert shorten(FAMILY * 3, 8) == FAMILY + ELLIPSIS


@given(st.text(), st.integers(min_value=2, max_value=40))
@settings(max_examples=80)
def test_a_shortened_text_keeps_its_limit_and_begins_like_the_text(text, limit):
    short = shorten(text, limit)
    assert len(short) <= limit
    begun = list(iter_graphemes(short.removesuffix(ELLIPSIS)))
    assert short == text or begun == list(iter_graphemes(text))[: len(begun)]


@given(st.text(alphabet="ab .!?\n", max_size=400), st.integers(min_value=1, max_value=30))
@settings(max_examples=80)
def test_an_excerpt_adds_no_word_of_its_own(text, words):
    kept = " ".join(excerpt(text, words=words))
    original = " ".join(text.split())
    assert original.startswith(kept.removesuffix(ELLIPSIS).strip())
