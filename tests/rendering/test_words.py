import datetime as dt
from dataclasses import replace

import pytest
from tests.rendering.samples import DISCLOSURES, PUBLICATION

from ranvier.rendering.default_words import DEFAULT_WORDS
from ranvier.rendering.words import item_label, long_date, shown_title, study_words
from ranvier.summaries.summary import Authorship, Evidence, Publishing, Review, Source, Subjects, Summary

REVIEW = Review(by="Dr. Ada Byron", role="neurologist", date="2026-11-20", decision="approve")


def study(
    evidence: Evidence = Evidence.UNKNOWN,
    subjects: Subjects | None = None,
    n: int | None = None,
    title: str = "",
) -> Summary:
    return Summary(slug="s", title=title, evidence=evidence, subjects=subjects, n=n)


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        (study(Evidence.RANDOMIZED_TRIAL, n=303), "Randomized trial in 303 people"),
        (study(Evidence.COHORT, n=9390), "Observational study over time in 9,390 people"),
        (study(Evidence.CASE_SERIES, n=1), "Report on single cases in 1 person"),
        (study(Evidence.RANDOMIZED_TRIAL), "Randomized trial in people, number not stated"),
        (study(Evidence.RANDOMIZED_TRIAL, n=0), "Randomized trial in people, number not stated"),
        (study(Evidence.ANIMAL), "Experiment in animals"),
        (study(Evidence.ANIMAL, Subjects.PEOPLE, 12), "Experiment in animals"),
        (study(Evidence.LAB), "Basic research in the laboratory"),
        (study(Evidence.LAB, Subjects.CELLS), "Basic research in cells"),
        (study(Evidence.LAB, Subjects.PEOPLE, 40), "Basic research in 40 people"),
        (study(Evidence.COHORT, Subjects.DATA), "Observational study over time in existing data"),
        (study(Evidence.REVIEW), "Review of earlier studies, in people, number not stated"),
        (study(), "Kind of study not stated, in people, number not stated"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_design_and_subjects_are_said_in_plain_words(summary, words):
    assert study_words(summary, DEFAULT_WORDS) == words


@pytest.mark.parametrize("evidence", Evidence)
def test_every_kind_of_evidence_has_words(evidence):
    assert study_words(study(evidence), DEFAULT_WORDS)


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        (study(Evidence.ANIMAL, title="Myelin grew back"), "Myelin grew back (study in animals)"),
        (study(Evidence.ANIMAL, title="Myelin grew back in mice"), "Myelin grew back in mice"),
        (study(Evidence.ANIMAL, title="Micelles heal"), "Micelles heal (study in animals)"),
        (study(Evidence.LAB, title="Stem cells mend"), "Stem cells mend (study in the laboratory)"),
        (
            study(Evidence.LAB, Subjects.CELLS, title="A drug calms cells"),
            "A drug calms cells (study in cells)",
        ),
        (study(Evidence.LAB, Subjects.CELLS, title="A drug in brain cells"), "A drug in brain cells"),
        (study(Evidence.RANDOMIZED_TRIAL, title="A pill"), "A pill"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_title_says_when_nobody_was_studied(summary, title):
    assert shown_title(summary, DEFAULT_WORDS) == title


def test_a_title_too_long_to_say_mice_at_its_end_still_says_animals():
    shown = shown_title(study(Evidence.ANIMAL, title="word " * 80 + "in mice"), DEFAULT_WORDS)
    assert shown.endswith("… (study in animals)")
    assert len(shown) <= 200


def test_a_label_begins_with_who_wrote_the_text():
    label = item_label(study(Evidence.RANDOMIZED_TRIAL, n=303), DISCLOSURES, DEFAULT_WORDS)
    assert label == (
        "AI-written summary",
        "Randomized trial in 303 people",
        "peer review not stated",
        "not checked by a person",
    )


def test_a_complete_review_record_names_the_person():
    label = item_label(replace(study(), review=REVIEW), DISCLOSURES, DEFAULT_WORDS)
    assert label[3] == "checked by Dr. Ada Byron, neurologist, on 2026-11-20"


def test_a_negative_review_is_no_review():
    rejected = replace(REVIEW, decision="Rejected")
    label = item_label(replace(study(), review=rejected), DISCLOSURES, DEFAULT_WORDS)
    assert label[3] == "not checked by a person"


def test_the_model_is_named_last_and_only_when_it_is_known():
    known = replace(study(), ai=Authorship(model="Model 3", date="2026-10"))
    assert item_label(known, DISCLOSURES, DEFAULT_WORDS)[4:] == ("AI model: Model 3, written 2026-10",)
    assert item_label(study(), DISCLOSURES, DEFAULT_WORDS)[4:] == ()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source(), "peer review not stated"),
        (Source(journal="Brain"), "peer review not stated"),
        (Source(status=Publishing.PEER_REVIEWED, journal="medRxiv"), "peer-reviewed"),
        (Source(status=Publishing.CONFERENCE_ABSTRACT), "conference abstract"),
        (Source(status=Publishing.PRESS_RELEASE), "press release"),
        (Source(journal="medRxiv"), "preprint, not yet checked by independent experts"),
        (Source(journal="bioRxiv (Cold Spring Harbor)"), "preprint, not yet checked by independent experts"),
        (Source(doi="10.48550/arXiv.2601.00001"), "preprint, not yet checked by independent experts"),
        (Source(journal="Genome Research", doi="10.1101/gr.1"), "peer review not stated"),
    ],
    ids=lambda value: value if isinstance(value, str) else (value.journal or value.doi or str(value.status)),
)
def test_a_label_says_whether_experts_had_looked_at_the_study(source, said):
    label = item_label(replace(study(), source=source), DISCLOSURES, DEFAULT_WORDS)
    assert label[2] == said


def test_a_publication_may_use_its_own_words():
    words = PUBLICATION.words | {"randomized-trial": "Ausgeloster Versuch"}
    assert study_words(study(Evidence.RANDOMIZED_TRIAL, n=2), words) == "Ausgeloster Versuch in 2 people"


def test_a_date_is_written_out():
    assert long_date(dt.date(2026, 3, 1), DEFAULT_WORDS) == "1 March 2026"
