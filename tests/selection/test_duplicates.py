"""When two summaries tell one story."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path

import pytest

from ranvier.selection.candidate import Candidate, Used
from ranvier.selection.duplicates import Stories
from ranvier.selection.rules import Rules
from ranvier.selection.verdict import Reason
from ranvier.summaries.markdown import read_markdown
from ranvier.summaries.summary import Evidence
from ranvier.summaries.text import decode

SHARED = Path(__file__).parents[2].parent / "shared"
SIMILARITY = Rules().similarity

PILL = (
    "Daily pill slows worsening in progressive MS",
    "Tolebrutinib lowered the risk of lasting disability worsening by about a third without relapses.",
)
PILL_EDITED = (
    "UPDATED: A daily pill slows worsening in progressive MS",
    "Tolebrutinib lowered the risk of lasting disability worsening by about 31% without relapses.",
)
DRUG_A = (
    "Eculizumab lowered the risk of NMOSD attacks",
    "Eculizumab, which blocks complement, lowered the risk of attacks in neuromyelitis optica clearly.",
)
DRUG_B = (
    "Inebilizumab lowered the risk of NMOSD attacks",
    "Inebilizumab, which removes B cells, lowered the risk of attacks in neuromyelitis optica clearly.",
)


def candidate(slug: str, words: tuple[str, str], work: str) -> Candidate:
    title, takeaway = words
    return Candidate(
        slug=slug,
        title=title,
        takeaway=takeaway,
        work=work,
        date=date(2026, 11, 20),
        first_seen=datetime(2026, 11, 20, tzinfo=UTC),
        topics=(),
        credibility=None,
        interest=None,
        evidence=Evidence.UNKNOWN,
    )


def verdict(first: Candidate, second: Candidate) -> tuple[Reason, str] | None:
    stories = Stories((), similarity=SIMILARITY)
    stories.tell(first)
    return stories.told(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("url:https://example.org/1", "url:https://example.org/2", id="addresses"),
        pytest.param("doi:10.1/a", "title:a", id="one DOI"),
        pytest.param("doi:10.1/a", "doi:10.1/b", id="two DOIs"),
    ],
)
def test_an_edited_copy_is_the_same_story(first: str, second: str):
    told = verdict(candidate("old", PILL, first), candidate("new", PILL_EDITED, second))
    assert told is not None
    assert told[0] is Reason.NEAR_DUPLICATE
    assert told[1].endswith(" % alike to old")


def test_two_studies_worded_alike_are_two_stories():
    assert verdict(candidate("a", DRUG_A, "doi:10.1/a"), candidate("b", DRUG_B, "doi:10.1/b")) is None


def test_without_dois_nobody_knows_that_two_studies_worded_alike_are_two():
    assert verdict(candidate("a", DRUG_A, "title:a"), candidate("b", DRUG_B, "title:b")) is not None


def test_a_story_of_an_earlier_issue_is_named_with_its_issue():
    title, takeaway = PILL
    used = Used(slug="old", work="title:a", title=title, takeaway=takeaway, issue="weekly/2026-11-16")
    told = Stories((used,), similarity=SIMILARITY).told(candidate("new", PILL_EDITED, "title:b"))
    assert told is not None
    assert told[0] is Reason.NEAR_DUPLICATE
    assert told[1].endswith("alike to old in weekly/2026-11-16")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus in ../shared is not here")
def test_in_the_corpus_only_summaries_of_one_study_tell_one_story():
    gold = [json.loads(line) for line in (SHARED / "corpus" / "gold.jsonl").read_text("utf-8").splitlines()]
    summaries = [
        read_markdown(decode((SHARED / "corpus" / each["file"]).read_bytes()), name=each["slug"]).summary
        for each in gold
    ]
    known = [
        candidate(
            each["slug"],
            (summary.title, summary.takeaway),
            f"doi:{summary.source.doi}" if summary.source.doi else f"slug:{each['slug']}",
        )
        for each, summary in zip(gold, summaries, strict=True)
    ]
    found = {frozenset((a.slug, b.slug)) for a, b in combinations(known, 2) if verdict(a, b)}
    exclusive = {frozenset((each["slug"], other)) for each in gold for other in each["exclusive_with"]}
    here = {pair for pair in exclusive if pair <= {each["slug"] for each in gold}}
    assert found == here
