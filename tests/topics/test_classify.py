"""Which topics a summary gets: what it declares, what its words say, and nothing when they say nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ranvier.summaries.summary import Source, Summary
from ranvier.topics.classify import assign, unknown_topics
from ranvier.topics.file import read_taxonomy

ROOT = Path(__file__).parents[2]
TAXONOMY = read_taxonomy(
    (ROOT / "summaries" / "topics.toml").read_text(encoding="utf-8"), where="topics.toml"
)


def test_declared_topics_win_over_the_words():
    given = assign(Summary(slug="a", title="Gut bacteria", topics=("life-stages",)), TAXONOMY)
    assert given == ("life-stages",)


def test_a_declared_topic_may_be_a_label_and_counts_once():
    given = assign(Summary(slug="a", topics=("Gut, diet & lifestyle", "lifestyle-gut")), TAXONOMY)
    assert given == ("lifestyle-gut",)


def test_an_item_has_at_most_three_topics():
    assert assign(Summary(slug="a", topics=TAXONOMY.slugs), TAXONOMY) == TAXONOMY.slugs[:3]


def test_unknown_declared_topics_are_left_out_and_said():
    summary = Summary(slug="a", title="Gut bacteria", topics=("gutt",))
    assert assign(summary, TAXONOMY) == ("lifestyle-gut",)
    assert unknown_topics(summary, TAXONOMY) == ("gutt",)


@pytest.mark.parametrize(
    "title", ["", "A letter to the editor", "How we drew the map", "\u05e9\u05dc\u05d5\u05dd"]
)
def test_what_says_nothing_is_not_guessed(title: str):
    given = assign(Summary(slug="a", title=title), TAXONOMY)
    assert given == ("other",)


def test_the_disease_comes_before_the_method_and_the_life_stage():
    summary = Summary(
        slug="a",
        title="Ocrelizumab and rituximab infusions compared in pregnancy",
        takeaway="In a trial, treatment with either drug prevented NMOSD attacks.",
    )
    assert assign(summary, TAXONOMY)[0] == "related-conditions"


def test_the_life_stage_comes_before_the_drug():
    summary = Summary(slug="a", title="Cladribine, ocrelizumab and ofatumumab in children with MS")
    assert assign(summary, TAXONOMY)[:2] == ("life-stages", "treatments-trials")


def test_a_disease_that_only_the_text_mentions_does_not_come_first():
    summary = Summary(
        slug="a",
        title="New diagnostic criteria for MS",
        findings="Doctors also have to think of MOGAD, of NMOSD and of neuromyelitis.",
    )
    assert assign(summary, TAXONOMY)[0] == "diagnosis-imaging"


def test_considerations_speak_of_what_was_not_studied():
    summary = Summary(
        slug="a", title="A study", considerations="Smoking, diet and pregnancy were not recorded."
    )
    assert assign(summary, TAXONOMY) == ("other",)


def test_the_papers_own_title_helps():
    summary = Summary(slug="a", title="A study", source=Source(title="Fatigue and depression in adults"))
    assert assign(summary, TAXONOMY) == ("symptoms-daily-life",)


def test_a_long_text_does_not_outweigh_the_title():
    summary = Summary(slug="a", title="Thinking and memory", findings="drug treatment exercise " * 700)
    assert assign(summary, TAXONOMY)[0] == "symptoms-daily-life"


# Written after the first term lists, which found 27 of them; general words were then added, no names.
# Title, takeaway, findings, topics that fit.
TEXTS = (
    (
        "Monthly self-injections kept relapses away for six years",
        "Most people who took ofatumumab early in their illness had no relapse in six years of follow-up.",
        "The extension of two trials followed 1,300 adults. Antibody levels fell a little in some of them.",
        ("treatments-trials",),
    ),
    (
        "Two ways to begin: strong medicine first or step by step",
        "Starting with a highly effective therapy did not clearly beat a gradual approach.",
        "Adults with newly found relapsing MS were put on either plan at random. Brain scans were compared.",
        ("treatments-trials",),
    ),
    (
        "A cheaper copy of natalizumab worked as well as the original",
        "The copy and the original drug led to the same number of new lesions over half a year.",
        "In all, 264 adults received one or the other by drip every four weeks.",
        ("treatments-trials",),
    ),
    (
        "Engineered immune cells were given to five people with very active MS",
        "CAR T-cell therapy cleared B cells deeply, and nobody in this small group relapsed in nine months.",
        "Fever was common in the first week. One person spent two days in intensive care.",
        ("treatments-trials",),
    ),
    (
        "An old allergy pill sped up nerve signals, but only a little",
        "Clemastine shortened the delay between eye and brain, which hints at new insulation around nerves.",
        "Fifty people with long-standing optic nerve damage took part.",
        ("progression-repair",),
    ),
    (
        "A cholesterol pill did not slow secondary progressive MS",
        "Simvastatin made no difference to disability over three years or more.",
        "Nearly 1,000 people at 31 hospitals took either the pill or a placebo.",
        ("progression-repair", "treatments-trials"),
    ),
    (
        "Cells that clean up waste decide whether nerves heal in older mice",
        "Young microglia cleared myelin debris quickly, old ones did not, and healing stalled.",
        "Removing a fat-handling gene in mice had the same effect as age.",
        ("progression-repair", "causes-immune"),
    ),
    (
        "A vein in the middle of the spot may help doctors to be sure",
        "Counting brain lesions with a central vein told MS apart from migraine in nine of ten people.",
        "The scan takes six minutes on a common scanner.",
        ("diagnosis-imaging",),
    ),
    (
        "A quick test of spinal fluid could replace a slow one",
        "Measuring kappa free light chains was about as accurate as looking for oligoclonal bands.",
        "Laboratories in seven countries tested 1,600 samples.",
        ("diagnosis-imaging",),
    ),
    (
        "Typing on a phone shows changes before people feel them",
        "Key-press patterns shifted weeks before a clinic test did in adults with MS.",
        "An app recorded how long keys were held down, and never what was written.",
        ("diagnosis-imaging", "symptoms-daily-life"),
    ),
    (
        "About one in five people told they have MS may have something else",
        "Misdiagnosis was common in two specialist centers, often after migraine or odd MRI spots.",
        "Doctors looked again at the records of 241 new patients.",
        ("diagnosis-imaging",),
    ),
    (
        "Where do the cells that attack myelin learn to do so?",
        "In mice, T cells picked up the signal in the lining of the brain, not in the blood.",
        "The researchers coloured the cells and watched them through a thin window in the skull.",
        ("causes-immune",),
    ),
    (
        "How many people have MS: a new count",
        "Roughly 2.9 million people live with MS, more than earlier counts found.",
        "The prevalence differs thirty-fold between regions, partly because records are better in some.",
        ("causes-immune",),
    ),
    (
        "Growing up with cleaner air was linked to a lower chance of MS",
        "Children from areas with little traffic pollution developed MS less often as adults.",
        "Registers in Sweden and Italy were compared over thirty years.",
        ("causes-immune", "life-stages"),
    ),
    (
        "Some people carry an antibody pattern years before MS begins",
        "One in ten people with MS had the same autoantibodies in blood drawn long before the first attack.",
        "Soldiers' stored samples were compared with those of healthy comrades.",
        ("causes-immune",),
    ),
    (
        "A short-chain fatty acid capsule raised calming cells",
        "Propionate, which gut bacteria make from fiber, was followed by more regulatory cells.",
        "Thirty-six people took it twice a day. Relapses over three years were fewer than before.",
        ("lifestyle-gut", "causes-immune"),
    ),
    (
        "Eating only within eight hours a day: a pilot study",
        "Intermittent fasting was feasible for most adults with MS and did not harm them.",
        "Weight fell by two kilograms on average; mood did not change.",
        ("lifestyle-gut",),
    ),
    (
        "Talking about thoughts eased low mood as well as pills did",
        "Cognitive behavioral therapy by phone lowered depression scores in people with MS.",
        "Eight calls of 45 minutes were enough for half of the participants.",
        ("symptoms-daily-life",),
    ),
    (
        "Practising balance at home led to fewer falls",
        "Adults with MS who did balance exercises three times a week fell less often in the next half year.",
        "A physiotherapist called them once a month.",
        ("symptoms-daily-life", "lifestyle-gut"),
    ),
    (
        "Who cares for those who care?",
        "Partners of people with MS reported more strain when nights were broken, less when friends helped.",
        "Caregivers filled in a questionnaire each spring for four years.",
        ("symptoms-daily-life",),
    ),
    (
        "Having a baby while on infusions: what 1,000 pregnancies show",
        "Ocrelizumab before or early in pregnancy was not linked to more birth defects.",
        "Women reported to a register of the maker, so some outcomes are missing.",
        ("life-stages",),
    ),
    (
        "The change of life and MS: disability did not speed up",
        "Women did not get worse faster after menopause than before it.",
        "The register held data on 987 women and their last periods.",
        ("life-stages",),
    ),
    (
        "A pill against relapses in teenagers",
        "In adolescents with MS, fingolimod prevented more relapses than weekly interferon injections.",
        "The trial included 215 patients aged 10 to 17 for up to two years.",
        ("life-stages", "treatments-trials"),
    ),
    (
        "Shots still help most people on B-cell drugs",
        "After a COVID-19 booster, people on ocrelizumab made few antibodies but good T-cell responses.",
        "Blood was drawn four weeks after the third dose.",
        ("safety-infections", "treatments-trials"),
    ),
    (
        "High blood pressure and diabetes go with faster decline in MS",
        "People with MS who also had two or more health conditions lost walking ability sooner.",
        "Records of 2,500 patients were followed for five years.",
        ("safety-infections", "progression-repair"),
    ),
    (
        "Serious infections under MS drugs: a register from Sweden",
        "Hospital stays for infection were most common with rituximab and least with interferon.",
        "The study compared 6,400 people with 42,000 from the general population.",
        ("safety-infections", "treatments-trials"),
    ),
    (
        "Blocking one step of complement stopped attacks",
        "In adults with AQP4-positive NMOSD, eculizumab lowered the share with attacks from 43 to 3 in 100.",
        "All received a meningitis vaccine first.",
        ("related-conditions",),
    ),
    (
        "A cancer medicine was tried against a rare brain infection",
        "Pembrolizumab lowered the amount of JC virus in five of eight people with PML.",
        "None had MS; most had a weak immune system for other reasons.",
        ("related-conditions", "safety-infections"),
    ),
    (
        "Seizures and confusion: who gets well after autoimmune encephalitis",
        "Early treatment with antibodies or plasma exchange was linked to a better outcome after two years.",
        "Doctors in 11 hospitals followed 120 adults and children.",
        ("related-conditions",),
    ),
    (
        "Children with MOG antibodies often need no long-term medicine",
        "Most children with MOGAD had a single attack and recovered well.",
        "The team followed 116 children in Europe.",
        ("related-conditions", "life-stages"),
    ),
)


def test_short_texts_find_their_place():
    wrong = {
        title: topics[0]
        for title, takeaway, findings, fitting in TEXTS
        if (topics := assign(_summary(title, takeaway, findings), TAXONOMY))[0] not in fitting
    }
    assert len(wrong) <= len(TEXTS) * 0.05, wrong


def _summary(title: str, takeaway: str, findings: str) -> Summary:
    return Summary(slug="a", title=title, takeaway=takeaway, findings=findings)
