"""What an issue proposes as its subject and preview line."""

from __future__ import annotations

from itertools import combinations

import pytest

from ranvier.issue.edition import Edition
from ranvier.issue.propose import MAX_PREVIEW, MAX_SUBJECT, propose_preview, propose_subject
from ranvier.summaries.summary import Evidence

LABEL = "Written by AI, and it can be wrong."
DAY = "23 November 2026"


@pytest.mark.parametrize(
    ("name", "label", "subject"),
    [
        ("Research Digest", "Weekly digest", "Research Digest, 23 November 2026 (Weekly digest)"),
        ("Research Digest", "All that was new in four long weeks", "Research Digest, 23 November 2026"),
        (
            "The " + "very " * 12 + "long name",
            "Weekly",
            "The very very very very very very very…, 23 November 2026",
        ),
        ("N" * 80, "Weekly", "N" * 41 + "…, 23 November 2026"),
    ],
    ids=["all of it", "long edition", "long name", "one long word"],
)
def test_a_subject_is_publication_and_date(name: str, label: str, subject: str):
    proposed = propose_subject(name, Edition(slug="weekly", label=label), DAY)
    assert proposed == subject
    assert len(proposed) <= MAX_SUBJECT


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        ((), LABEL),
        ((Evidence.UNKNOWN,), LABEL),
        ((Evidence.COHORT, Evidence.CASE_CONTROL), f"{LABEL} From observational studies."),
        (
            (Evidence.ANIMAL, Evidence.RANDOMIZED_TRIAL),
            f"{LABEL} From randomized trials and studies in animals or cells.",
        ),
        ((Evidence.REVIEW, Evidence.MIXED), f"{LABEL} From reviews and other studies."),
    ],
)
def test_a_preview_line_says_what_kinds_of_studies(evidence: tuple[Evidence, ...], line: str):
    assert propose_preview(LABEL, evidence) == line


def test_a_preview_line_is_short_labelled_and_the_same_for_any_number_of_items():
    for size in range(len(Evidence) + 1):
        for evidence in combinations(Evidence, size):
            line = propose_preview(LABEL, evidence)
            assert line.startswith(LABEL)
            assert len(line) <= MAX_PREVIEW
            assert line == propose_preview(LABEL, (*reversed(evidence), *evidence))


def test_a_label_too_long_for_an_inbox_is_shortened_to_what_matters():
    line = propose_preview("Written by AI. " * 20, [Evidence.REVIEW])
    assert line == "AI-written summaries. From reviews."
