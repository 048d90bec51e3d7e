"""topics.toml: what it may say, and how it says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ranvier.errors import ConfigurationError
from ranvier.topics.file import TOPIC_BITS, read_taxonomy

SAMPLE = Path(__file__).parents[2] / "summaries" / "topics.toml"


def test_topics_come_in_their_order_and_other_is_always_last():
    taxonomy = read_taxonomy(
        '[second]\nlabel = "B"\norder = 2\n[first]\nlabel = "A"\norder = 1\n', where="topics.toml"
    )
    assert taxonomy.slugs == ("first", "second", "other")
    assert taxonomy.label("other") == "Other research"


def test_other_may_be_renamed():
    assert read_taxonomy('[other]\nlabel = "Weiteres"', where="topics.toml").label("other") == "Weiteres"


def test_a_topic_is_found_by_slug_or_label_in_any_case():
    taxonomy = read_taxonomy('[gut]\nlabel = "Gut & Diet"\norder = 1', where="topics.toml")
    assert [topic and topic.slug for topic in map(taxonomy.find, ("GUT", " gut & diet ", "diet"))] == [
        "gut",
        "gut",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[a", "not valid TOML", id="broken"),
        pytest.param('[a]\nlabel = "A"\norder = 1\n[a]\nlabel = "B"\norder = 2', "line 4", id="same slug"),
        pytest.param("[a]\norder = 1", "[a]", id="no label"),
        pytest.param('[a]\nlabel = "A"\norder = "1"', "[a]: order", id="order in words"),
        pytest.param('[a]\nlabel = "A"\norder = 1\nterm = ["x"]', "term is not known", id="unknown key"),
        pytest.param('[a]\nlabel = "A"\norder = 1\nterms = "x"', "[a]: terms", id="terms not a list"),
        pytest.param('[a]\nlabel = "A"\norder = 1\nterms = ["$"]', '"$"', id="term without a word"),
        pytest.param('[A_b]\nlabel = "A"\norder = 1', "[A_b]: a topic is named", id="not a slug"),
        pytest.param("a = 1", "[a]", id="not a table"),
        pytest.param('[a]\nlabel = ""\norder = 1', "[a]: label", id="empty label"),
        pytest.param('[a]\nlabel = "X\\nY"\norder = 1', "[a]: label", id="label of two lines"),
        pytest.param(
            '[a]\nlabel = "X"\norder = 1\n[b]\nlabel = "x"\norder = 2', "already names [a]", id="same label"
        ),
        pytest.param('[other]\nterms = ["x"]', "[other]", id="terms for other"),
    ],
)
def test_a_mistake_names_file_and_key(text: str, says: str):
    with pytest.raises(ConfigurationError) as caught:
        read_taxonomy(text, where="topics.toml")
    assert str(caught.value).startswith("topics.toml: ")
    assert says in str(caught.value)


def test_topics_fit_into_the_bits_of_the_ledger():
    tables = [f'[t{at}]\nlabel = "T {at}"\norder = {at}' for at in range(TOPIC_BITS)]
    assert len(read_taxonomy("\n".join(tables[:-1]), where="topics.toml").topics) == TOPIC_BITS
    with pytest.raises(ConfigurationError, match="at most 61"):
        read_taxonomy("\n".join(tables), where="topics.toml")


def test_the_sample_taxonomy_has_nine_topics():
    assert len(read_taxonomy(SAMPLE.read_text(encoding="utf-8"), where="topics.toml").topics) == 10
