"""Two summaries are of one study when they name it the same way."""

from dataclasses import replace
from datetime import date

import pytest

from ranvier.summaries.summary import Card, Publishing, Source, Summary
from ranvier.summaries.work import content_hash, work_of

WORKS = {
    "doi": (Source(doi="10.1/ABC", pmid="1", url="https://example.org"), "doi:10.1/abc"),
    "pmid": (Source(doi="", pmid="0123", url="https://example.org"), "pmid:123"),
    "url": (Source(url="http://www.example.org/a/?utm_medium=x"), "url:https://example.org/a"),
    "title": (Source(title="A Study: of  “things”"), "title:a study of things"),
    "nothing": (Source(journal="Brain"), "slug:s"),
}


@pytest.mark.parametrize(("source", "work"), WORKS.values(), ids=WORKS)
def test_a_work_is_named_by_the_best_that_is_stated(source, work):
    source = replace(source, doi=source.doi.replace("10.1/", "10.1000/"))
    assert work_of(Summary(slug="s", source=source)) == work.replace("10.1/", "10.1000/")


def test_the_hash_is_of_the_content_and_not_of_the_name():
    summary = Summary(slug="a", title="T", date=date(2026, 1, 2), related=(Card(title="c"),))
    assert content_hash(summary) == content_hash(replace(summary, slug="b"))
    assert len(content_hash(summary)) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"title": "U"},
        {"date": None},
        {"credibility": 3},
        {"considerations": "x"},
        {"source": Source(year=2020)},
        {"source": Source(status=Publishing.PREPRINT)},
        {"related": ()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_of_content_changes_the_hash(change):
    summary = Summary(slug="a", title="T", date=date(2026, 1, 2), related=(Card(title="c"),))
    assert content_hash(summary) != content_hash(replace(summary, **change))
