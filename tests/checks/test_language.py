"""What the gate says of the words: claims, advice, numbers, stories told twice, selling."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ranvier.checks.finding import Severity
from ranvier.checks.gate import run_checks
from ranvier.checks.proof import SpamScore
from ranvier.checks.rules import CheckRules
from ranvier.issue.issue import Item
from ranvier.selection.candidate import Used
from ranvier.summaries.summary import Evidence, Subjects
from ranvier.summaries.work import work_of


def said(proof, code: str) -> list[str]:
    return [finding.message for finding in run_checks(proof) if finding.code == code]


def severity(proof, code: str) -> Severity | None:
    return next((finding.severity for finding in run_checks(proof) if finding.code == code), None)


@pytest.mark.parametrize(
    ("title", "evidence", "is_causal"),
    [
        ("Vitamin D reduces relapses", Evidence.COHORT, True),
        ("Smoking causes faster worsening", Evidence.CASE_CONTROL, True),
        ("Exercise improved walking", Evidence.UNKNOWN, True),
        ("Vitamin D reduces relapses", Evidence.RANDOMIZED_TRIAL, False),
        ("Vitamin D may reduce relapses", Evidence.COHORT, False),
        ("Vitamin D was linked to fewer relapses", Evidence.COHORT, False),
        ("Does vitamin D prevent relapses?", Evidence.COHORT, False),
        ("Breastfeeding and relapses after birth", Evidence.COHORT, False),
    ],
)
def test_a_headline_of_cause_and_effect_needs_a_randomized_design(build, vitamin, title, evidence, is_causal):
    proof = build(replace(vitamin, title=title, evidence=evidence))
    assert bool(said(proof, "causal-headline")) is is_causal


@pytest.mark.parametrize(
    ("subjects", "takeaway", "is_unsaid"),
    [
        (Subjects.ANIMALS, "Blocking one protein helped nerves.", True),
        (Subjects.ANIMALS, "Blocking one protein helped the nerves of mice.", False),
        (Subjects.CELLS, "Blocking one protein helped nerves.", True),
        (Subjects.CELLS, "Blocking one protein helped nerve cells in a dish.", False),
        (Subjects.PEOPLE, "Blocking one protein helped nerves.", False),
    ],
)
def test_work_that_was_not_in_people_says_so_in_its_first_sentence(
    build, vitamin, subjects, takeaway, is_unsaid
):
    proof = build(replace(vitamin, subjects=subjects, evidence=Evidence.MIXED, takeaway=takeaway))
    assert bool(said(proof, "species-unsaid")) is is_unsaid


@pytest.mark.parametrize(
    ("takeaway", "findings", "is_alone"),
    [
        ("Relapses were reduced by 31 %.", "The trial had two groups.", True),
        ("There were 40% fewer relapses.", "The trial had two groups.", True),
        ("The risk was halved.", "The trial had two groups.", True),
        ("Relapses were twice as common.", "The trial had two groups.", True),
        ("Relapses were reduced by 31 %.", "It was 22.6% in one group and 30.7% in the other.", False),
        ("The risk was halved.", "It fell to 5 of 100 people, from 10 of 100.", False),
        ("The risk was halved, from one in ten to one in twenty.", "Two groups were compared.", False),
        ("Half of the people took vitamin D.", "The trial had two groups.", False),
        ("In 31 % of people nothing changed.", "The trial had two groups.", False),
    ],
)
def test_a_relative_number_needs_an_absolute_one(build, vitamin, takeaway, findings, is_alone):
    proof = build(replace(vitamin, takeaway=takeaway, findings=findings))
    assert bool(said(proof, "relative-alone")) is is_alone


@pytest.mark.parametrize(
    ("text", "is_advice"),
    [
        ("Take vitamin D every day.", True),
        ("Do not stop the drug.", True),
        ("You should take more of it.", True),
        ("People can ask their doctor for it. You need to switch.", True),
        ("Ask your neurologist for tolebrutinib.", True),
        ("Talk to your care team before you change anything.", False),
        ("You should talk to your care team first.", False),
        ("Do not stop the drug before you talk to your neurologist.", False),
        ("Never stop a treatment without planning it with the care team.", False),
        ("Taking vitamin D was common.", False),
        ("Stopping was safe for most.", False),
    ],
)
def test_a_digest_gives_no_orders(build, vitamin, text, is_advice):
    assert bool(said(build(replace(vitamin, meaning=text)), "advice")) is is_advice


def test_an_editors_remark_gives_no_orders_either(build):
    proof = build()
    section = proof.issue.sections[0]
    told = replace(section, items=(Item(slug=section.items[0].slug, remark="Try it."), *section.items[1:]))
    assert said(replace(proof, issue=replace(proof.issue, sections=(told,))), "advice")


@pytest.mark.parametrize("place", ["subject", "preview", "note"])
def test_what_editors_write_may_not_overclaim(build, place):
    proof = build()
    issue = replace(proof.issue, **{place: "AI-written: a breakthrough"})
    assert len(said(replace(proof, issue=issue), "overclaim")) == 1


HARD = (
    "Notwithstanding heterogeneous methodological characteristics, immunomodulatory interventions "
    "demonstrated statistically significant differences regarding neurodegenerative deterioration, "
    "consequently necessitating "
    "comprehensive multidisciplinary reconsideration of contemporary therapeutic recommendations throughout "
    "participating international neurological institutions."
)


def test_a_text_that_needs_many_years_of_school_is_a_warning(build, vitamin, mice):
    proof = build(replace(vitamin, findings=HARD, considerations=HARD), mice)
    assert len(said(proof, "hard-to-read")) == 1
    assert "issue-hard-to-read" not in {finding.code for finding in run_checks(build(vitamin, mice))}
    assert said(build(replace(vitamin, findings=HARD, considerations=HARD)), "issue-hard-to-read")


@pytest.mark.parametrize(("words", "is_long"), [(20, False), (21, True)])
def test_sentences_that_are_long_on_average_are_a_warning(build, vitamin, words, is_long):
    sentence = f"{' '.join(['word'] * words)}."
    texts = dict.fromkeys(("takeaway", "findings", "meaning", "considerations"), f"{sentence} {sentence}")
    assert bool(said(build(replace(vitamin, **texts)), "long-sentences")) is is_long


@pytest.mark.parametrize(
    ("name", "known", "is_hard"),
    [
        ("tolebrutinib", (), False),
        ("hyperintensification", (), True),
        ("hyperintensification", ("hyperintensification",), False),
    ],
    ids=["a-drug", "unknown", "known"],
)
def test_names_that_readers_know_do_not_make_a_text_hard(build, vitamin, name, known, is_hard):
    texts = dict.fromkeys(("takeaway", "findings", "meaning", "considerations"), f"It was {name}. " * 12)
    rules = CheckRules(known_names=known, item_leeway=0)
    proof = replace(build(replace(vitamin, **texts)), rules=rules)
    assert bool(said(proof, "hard-to-read")) is is_hard


def test_the_formulas_are_of_english_and_judge_nothing_else(build, vitamin, publication):
    proof = build(replace(vitamin, findings=HARD, considerations=HARD))
    assert not said(replace(proof, publication=replace(publication, language="de")), "hard-to-read")


def test_a_story_of_an_earlier_issue_is_a_warning(build, vitamin):
    before = Used(
        slug="other-name", work=work_of(vitamin), title="x", takeaway="y", issue="weekly/2026-11-16"
    )
    alike = Used(
        slug="alike",
        work="doi:10.1/x",
        title=vitamin.title,
        takeaway=vitamin.takeaway,
        issue="weekly/2026-11-16",
    )
    assert said(replace(build(vitamin), used=(before,)), "already-sent") == [
        "same work as other-name in weekly/2026-11-16"
    ]
    assert (
        "alike to alike in weekly/2026-11-16"
        in said(replace(build(vitamin), used=(alike,)), "near-duplicate")[0]
    )
    assert not said(build(vitamin), "near-duplicate")


def test_two_items_that_tell_one_story_are_a_warning(build, vitamin):
    twin = replace(vitamin, slug="twin", source=replace(vitamin.source, doi="", title="Another study"))
    assert len(said(build(vitamin, twin), "near-duplicate")) == 1


@pytest.mark.parametrize(
    ("place", "text", "code"),
    [
        ("subject", "Act now: new studies", "spam-words"),
        ("preview", "AI-written, risk-free", "spam-words"),
        ("note", "Click here for a free trial", "spam-words"),
        ("subject", "New studies!!", "shouting"),
        ("note", "READ THIS VERY LONG NOTE TODAY", "shouting"),
    ],
)
def test_selling_and_shouting_are_warnings(build, place, text, code):
    proof = build()
    assert said(replace(proof, issue=replace(proof.issue, **{place: text})), code)


def test_ordinary_words_of_a_digest_are_no_spam(build):
    proof = build()
    issue = replace(
        proof.issue, note="Dear readers, five studies of MRI and MS are free to read. What is new?"
    )
    found = {finding.code for finding in run_checks(replace(proof, issue=issue))}
    assert not found & {"spam-words", "shouting"}


@pytest.mark.parametrize(
    ("score", "code", "how"),
    [
        (SpamScore(points=0.1, rules=()), "spam-score", None),
        (SpamScore(points=1.2, rules=("LONGWORDS",)), "spam-score", Severity.WARNING),
        (SpamScore(points=5.0, rules=("A", "B")), "spam-score", Severity.ERROR),
        (None, "spam-unknown", Severity.WARNING),
    ],
    ids=["clean", "some", "spam", "silent"],
)
def test_a_spam_score_is_said(build, score, code, how):
    assert severity(replace(build(), spam={"people": score}), code) is how


def test_a_dead_link_is_said_and_a_living_one_is_not(build):
    followed = {"https://a.example.org/": "answers 404 Not Found", "https://b.example.org/": ""}
    assert said(replace(build(), followed=followed), "dead-link") == [
        "https://a.example.org/: answers 404 Not Found"
    ]


def test_a_warning_of_style_can_be_quiet_and_an_error_cannot(build, vitamin):
    proof = build(replace(vitamin, title="Vitamin D reduces relapses", evidence=Evidence.COHORT))
    quiet = replace(proof, rules=CheckRules(quiet=("causal-headline", "spam-score")))
    assert said(proof, "causal-headline")
    assert not said(quiet, "causal-headline")
    spam = replace(quiet, spam={"people": SpamScore(points=6.0, rules=())})
    assert severity(spam, "spam-score") is Severity.ERROR
