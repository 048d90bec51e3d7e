"""What a candidate's score is made of, and how it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ranvier.selection.candidate import Candidate
from ranvier.selection.explain import explain
from ranvier.selection.rank import STRENGTH, Score, score
from ranvier.selection.rules import Rules, Weights
from ranvier.selection.verdict import Reason, Verdict
from ranvier.selection.window import Window
from ranvier.summaries.summary import Evidence

RULES = Rules(weights=Weights(credibility=3, interest=2, evidence=2, recency=1))
WINDOW = Window(opens=date(2026, 11, 16), closes=date(2026, 11, 23))


def candidate(
    *,
    day: int = 22,
    credibility: int | None = 5,
    interest: int | None = 5,
    evidence: Evidence = Evidence.RANDOMIZED_TRIAL,
) -> Candidate:
    return Candidate(
        slug="amber",
        title="Amber",
        takeaway="",
        work="slug:amber",
        date=date(2026, 11, day),
        first_seen=datetime(2026, 11, 1, tzinfo=UTC),
        topics=(),
        credibility=credibility,
        interest=interest,
        evidence=evidence,
    )


def points(scored: Score) -> dict[str, float]:
    return {part.name: part.points for part in scored.parts}


def test_the_best_candidate_has_the_sum_of_the_weights():
    assert score(candidate(), RULES, WINDOW).total == 8


def test_the_worst_candidate_has_only_what_its_evidence_is_worth():
    scored = score(candidate(day=16, credibility=1, interest=1, evidence=Evidence.LAB), RULES, WINDOW)
    assert points(scored) == {
        "credibility": 0,
        "interest": 0,
        "evidence": pytest.approx(0.4),
        "recency": 0,
    }
    assert scored.total == pytest.approx(0.4)


def test_what_is_not_stated_counts_as_the_middle_and_says_so():
    scored = score(candidate(credibility=None, interest=None, evidence=Evidence.UNKNOWN), RULES, WINDOW)
    assert [part.points for part in scored.parts[:3]] == [1.5, 1, 1]
    assert all("not stated" in part.words for part in scored.parts[:3])


def test_recency_falls_evenly_through_the_window():
    falling = [points(score(candidate(day=day), RULES, WINDOW))["recency"] for day in (22, 19, 16, 15, 1)]
    assert falling == [1, 0.5, 0, 0, 0]


def test_every_kind_of_evidence_has_a_strength():
    assert set(STRENGTH) == set(Evidence)
    assert all(0 <= strength <= 1 for strength in STRENGTH.values())


def test_why_shows_every_part_with_its_weight_and_where_it_comes_from():
    scored = score(candidate(credibility=4, interest=None, evidence=Evidence.COHORT, day=19), RULES, WINDOW)
    verdict = Verdict(
        slug="amber", title="Amber", reason=Reason.CHOSEN, detail="ranked 1 of 2", topic="gut", score=scored
    )
    assert explain(verdict).splitlines() == [
        'amber ("Amber"), topic gut',
        "Chosen: ranked 1 of 2.",
        "Score 5.15 of 8.00:",
        "  credibility 2.25 of 3.00  (4 of 5)",
        "  interest    1.00 of 2.00  (not stated, counted as the middle)",
        "  evidence    1.40 of 2.00  (cohort)",
        "  recency     0.50 of 1.00  (2026-11-19, day 4 of 7)",
    ]


@pytest.mark.parametrize("reason", Reason)
def test_why_has_words_for_every_reason(reason: Reason):
    verdict = Verdict(slug="amber", title="Amber", reason=reason, detail="because", topic="gut")
    decision = explain(verdict).splitlines()[1]
    assert decision.endswith(": because.")
    assert decision.startswith("Chosen" if verdict.chosen else "Not chosen")
