"""How terms and text meet."""

from __future__ import annotations

import pytest

from ranvier.topics.taxonomy import normalise, pattern


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("stopp", "Stopping a drug", True),
        ("stopp", "nonstopping", False),
        ("mri$", "an MRI.", True),
        ("mri$", "MRIs", False),
        ("b cell", "B-cell depletion", True),
        ("covid-19", "COVID 19", True),
        ("epstein-barr", "Epstein\u2013Barr virus", True),
        ("nmdar", "anti-NMDAR encephalitis", True),
        ("gut$", "gut", True),
        ("gut$", "gutted", False),
        ("per 100", "23 per\n100,000", True),
    ],
)
def test_terms_match_at_word_starts(term: str, text: str, *, found: bool):
    assert (pattern(term) in normalise(text)) is found


def test_text_without_words_holds_no_term():
    assert normalise(" - … ") == ""
