"""A value that is wrong is not stated; it is never guessed."""

from datetime import date

import pytest

from ranvier.slug import MAX_SLUG, choose_slug, is_slug, slugify
from ranvier.summaries.dates import parse_date
from ranvier.summaries.fields import summary_of
from ranvier.summaries.links import canonical, doi, web_address
from ranvier.summaries.summary import Authorship, Card, Evidence, Review, Subjects


def stated(**fields):
    return summary_of(fields, name="n", sections={})


@pytest.mark.parametrize(
    "value", ["high", "7", "0", "-3", "4.5", 4.5, True, "true", None, "", [4], {"a": 4}, "4/5"]
)
def test_a_rating_that_is_no_whole_number_from_1_to_5_is_not_stated(value):
    assert stated(credibility=value).credibility is None


@pytest.mark.parametrize("value", ["4", 4, " 4 "])
def test_a_rating_is_read_as_text_or_number(value):
    assert stated(interest=value).interest == 4


def test_unknown_evidence_and_subjects_are_not_guessed():
    assert stated(evidence="breakthrough", subjects="mice").evidence is Evidence.UNKNOWN
    assert stated(evidence="breakthrough", subjects="mice").subjects is None


def test_evidence_is_recognised_in_other_spellings():
    assert stated(evidence="Randomised trial").evidence is Evidence.RANDOMIZED_TRIAL
    assert stated(evidence="case_control", subjects="People").evidence is Evidence.CASE_CONTROL
    assert stated(subjects="People").subjects is Subjects.PEOPLE


def test_a_number_of_people_may_have_thousands_separators():
    assert stated(n="1,131").n == 1131
    assert stated(n="about 100").n is None
    assert stated(n="0").n is None


@pytest.mark.parametrize(
    "value", ["people-with-ms; clinicians", "People with MS, clinicians", ["people-with-ms", "clinicians"]]
)
def test_audiences_may_be_a_list_or_a_line(value):
    assert stated(audiences=value).audiences == ("people-with-ms", "clinicians")


def test_topics_are_slugs_and_stand_once():
    assert stated(topics=["Treatments & trials", "treatments-trials", None, 3]).topics == (
        "treatments-trials",
        "3",
    )


def test_only_a_complete_review_counts():
    complete = {"by": "A. Editor", "role": "neurologist", "date": "2026-11-01", "decision": "approved"}
    assert stated(review=complete).review == Review(**complete)
    for missing in complete:
        assert stated(review={**complete, missing: ""}).review is None
    assert stated(review="approved").review is None


def test_a_model_is_named_only_by_a_mapping():
    assert stated(ai={"model": "m", "date": "2026-01-01"}).ai == Authorship(model="m", date="2026-01-01")
    assert stated(ai_generated=True, ai=True).ai == Authorship()


def test_one_line_fields_are_one_line():
    summary = stated(title="Two\nlines <b>here</b>", source={"journal": "A\r\nB", "authors": ["X Y", "Z"]})
    assert (summary.title, summary.source.journal, summary.source.authors) == (
        "Two lines here",
        "A B",
        "X Y, Z",
    )


def test_cards_are_read_and_nonsense_among_them_is_not():
    related = [{"title": "T", "date": "11/9/2026", "blurb": "b"}, "x", None]
    assert stated(related=related).related == (Card(title="T", date=date(2026, 11, 9), blurb="b"),)
    assert stated(related="x").related == ()


def test_a_table_states_the_source_in_columns():
    source = stated(journal="Brain", source_title="T", year="2022", doi="10.1093/x", pmid="PMID: 123").source
    assert (source.journal, source.title, source.year, source.doi, source.pmid) == (
        "Brain",
        "T",
        2022,
        "10.1093/x",
        "123",
    )


def test_a_doi_address_states_the_doi():
    assert (
        stated(source={"url": "https://doi.org/10.1093/brain/awab385"}).source.doi == "10.1093/brain/awab385"
    )


DATES = {
    "2026-10-21": date(2026, 10, 21),
    "2026-10-21T23:30:00-05:00": date(2026, 10, 21),
    "2026-10-21 08:00:00": date(2026, 10, 21),
    "5/1/2026": date(2026, 5, 1),
    "12/31/2026": date(2026, 12, 31),
    "November 5, 2026": date(2026, 11, 5),
    "Nov. 5th, 2026": date(2026, 11, 5),
    "5 November 2026": date(2026, 11, 5),
    "Thursday, 5 Nov 2026": date(2026, 11, 5),
    "Thu, 05 Nov 2026 09:00:00 +0000": date(2026, 11, 5),
    "27.11.2026": date(2026, 11, 27),
    "5. 1. 2026": date(2026, 1, 5),
    "11.27.2026": None,
    "31/12/2026": None,
    "2026-02-30": None,
    "2026": None,
    "last week": None,
    "": None,
    "2026-10-21junk": None,
    "\u0662\u0660\u0662\u0666-10-21": None,
}


@pytest.mark.parametrize(("text", "day"), DATES.items(), ids=DATES)
def test_a_day_is_read_or_nothing(text, day):
    assert parse_date(text) == day


FOLLOWED = [
    "https://example.org/x?y=1#z",
    "http://sub.example.com",
    "https://doi.org/10.1016/S1474-4422(21)00179-4",
]
DROPPED = {
    "script": "javascript:alert(1)",
    "data": "data:text/html,x",
    "file": "file:///etc/passwd",
    "reserved name": "https://journals.example.invalid/404",
    "test name": "http://a.test/",
    "example top level": "https://journal.example/",
    "this machine": "http://localhost:8000/",
    "one label": "http://intranet/",
    "user": "https://example.org@evil.org/",
    "space": "https://example.org/a b",
    "quote": 'https://example.org/"onclick=',
    "broken port": "http://example.org:x/",
    "broken brackets": "http://[::1",
    "no scheme": "example.org",
    "endless": "https://example.org/" + "x" * 2000,
}


@pytest.mark.parametrize("address", FOLLOWED)
def test_an_address_that_can_be_followed_is_kept(address):
    assert web_address(f" {address} ") == address


@pytest.mark.parametrize("address", DROPPED.values(), ids=DROPPED)
def test_an_address_that_cannot_be_followed_is_dropped(address):
    assert web_address(address) == ""


@pytest.mark.parametrize(
    "text",
    [
        "10.1093/Brain/x",
        "doi:10.1093/Brain/x",
        "https://doi.org/10.1093/Brain/x",
        "http://dx.doi.org/10.1093/Brain/x.",
    ],
)
def test_a_doi_is_found_in_its_usual_forms(text):
    assert doi(text) == "10.1093/Brain/x"


def test_what_is_no_doi_is_none():
    assert [doi(text) for text in ("", "11.1093/x", "10.1093", "see 10.1093/x y")] == ["", "", "", ""]


def test_addresses_are_compared_without_what_does_not_matter():
    assert canonical("http://WWW.Example.org:80/a/?utm_source=x&id=2#top") == "https://example.org/a?id=2"
    assert canonical("https://example.org:8443/A") == "https://example.org:8443/A"
    assert canonical("ftp://example.org") == ""


def test_a_slug_is_cut_at_a_word():
    slug = slugify("Straße: " + "word " * 40)
    assert slug.startswith("strasse-word")
    assert len(slug) <= MAX_SLUG
    assert slug.endswith("-word")
    assert is_slug(slug)
    assert slugify("x" * 200) == "x" * MAX_SLUG


def test_a_slug_comes_from_the_front_matter_then_the_name_then_the_title():
    assert choose_slug(stated="mine", name="File Name", title="T") == "mine"
    assert choose_slug(stated="../etc", name="File Name", title="T") == "file-name"
    assert choose_slug(stated="", name="多发性", title="The title\u2019s") == "the-titles"


def test_a_slug_is_never_empty():
    slug = choose_slug(stated="", name="多", title="多发性硬化")
    assert is_slug(slug)
    assert slug != choose_slug(stated="", name="多", title="别的")
