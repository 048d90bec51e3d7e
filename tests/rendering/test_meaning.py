"""What a study means for each audience: its own sentences first, nobody's words changed."""

import pytest

from ranvier.rendering.meaning import for_audience
from ranvier.rendering.publication import Audience

PEOPLE = Audience(slug="people")
CARERS = Audience(slug="carers", addressed_as=("caregivers", "families"))
CLINICIANS = Audience(slug="clinicians", addressed_as=("clinicians", "neurologists"), compact=True)
ALL = (PEOPLE, CARERS, CLINICIANS)

TEXT = "Many wait for this. Caregivers may ask about help. It is early. Clinicians can think of the dose."


def told(text: str, audience: Audience) -> tuple[str, ...]:
    return for_audience(text, audience, [other for other in ALL if other is not audience])


def test_who_is_never_named_gets_the_whole_text():
    assert told(TEXT, PEOPLE) == (TEXT,)


def test_own_sentences_come_first_with_those_that_follow_them():
    assert told(TEXT, CARERS) == (
        "Caregivers may ask about help. It is early.",
        "Many wait for this.",
        "Clinicians can think of the dose.",
    )


def test_a_compact_audience_gets_only_its_own():
    assert told(TEXT, CLINICIANS) == ("Clinicians can think of the dose.",)


def test_a_text_that_does_not_name_the_audience_is_for_it_too():
    assert told("Older people often ask. Nobody knows.", CLINICIANS) == (
        "Older people often ask. Nobody knows.",
    )


def test_a_sentence_may_speak_to_two():
    text = "Caregivers and clinicians can use it. The rest is open."
    assert told(text, CARERS) == told(text, CLINICIANS) == (text,)


def test_a_name_inside_a_word_is_no_name():
    assert told("Subfamilies of cells were seen. Caregivers gain little.", CARERS)[0] == (
        "Caregivers gain little."
    )


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_nothing_means_nothing(text):
    assert told(text, CARERS) == ()


@pytest.mark.parametrize("audience", [PEOPLE, CARERS], ids=lambda one: one.slug)
def test_no_sentence_is_lost(audience):
    assert sorted(" ".join(told(TEXT, audience)).split()) == sorted(TEXT.split())
