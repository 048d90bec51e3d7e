"""issue.md: written for an editor, read back the same, and clear about mistakes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.errors import InputError
from ranvier.issue.file import read_issue, write_issue
from ranvier.issue.issue import MAX_ITEMS, Issue, Item, Section
from ranvier.topics.taxonomy import OTHER, Taxonomy, Topic

TAXONOMY = Taxonomy(
    (
        Topic(slug="gut", label="Gut, diet & lifestyle", order=1),
        Topic(slug="trials", label="Treatments & trials", order=2),
        Topic(slug=OTHER, label="Other research", order=3),
    )
)
WHERE = "digests/weekly/2026-11-23/issue.md"
ISSUE = Issue(
    edition="weekly",
    date=date(2026, 11, 23),
    subject="Research Digest, 23 November 2026",
    preview="AI-written summaries of reviews",
    note="Dear readers,\n\nthis week was **quiet**.",
    sections=(
        Section(
            topic="gut",
            items=(
                Item(slug="a-diet", remark="A small study.\n\nWe asked the authors."),
                Item(slug="smoking"),
                Item(slug="vitamin-d"),
            ),
        ),
        Section(topic=OTHER, items=(Item(slug="old-cells"),)),
    ),
)
HEAD = "---\nedition: weekly\ndate: 2026-11-23\nsubject: Hello\npreview: World\n---\n"


def read(text: str) -> Issue:
    return read_issue(text, TAXONOMY, where=WHERE)


def test_an_issue_reads_well():
    text = write_issue(ISSUE, TAXONOMY)
    assert (
        re.sub(r"<!--.*?-->", "<!-- how to edit -->", text, flags=re.DOTALL)
        == """\
---
edition: weekly
date: 2026-11-23
subject: Research Digest, 23 November 2026
preview: AI-written summaries of reviews
---

<!-- how to edit -->

Dear readers,

this week was **quiet**.

## Gut, diet & lifestyle

- a-diet

  A small study.

  We asked the authors.

- smoking
- vitamin-d

## Other research

- old-cells
"""
    )
    assert read(text) == ISSUE


@pytest.mark.parametrize(
    "rewrite",
    [
        pytest.param(lambda text: "\ufeff" + text.replace("\n", "\r\n"), id="Windows"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="old Mac"),
        pytest.param(lambda text: text.replace("Gut, diet & lifestyle", "GUT"), id="slug as heading"),
        pytest.param(lambda text: text.replace("Other research", "other RESEARCH  "), id="another case"),
        pytest.param(lambda text: text.replace("- smoking", "*   smoking "), id="another bullet"),
        pytest.param(
            lambda text: text.replace("- smoking", "<!-- as Ann\nsaid -->\n- smoking"), id="comment"
        ),
        pytest.param(lambda text: text.replace("A small study.", "A small\n\tstudy."), id="wrapped remark"),
        pytest.param(
            lambda text: text.replace("## Other", "## Treatments & trials\n\n## Other"), id="empty section"
        ),
        pytest.param(lambda text: text.replace("date: 2026-11-23", "date: '2026-11-23'"), id="quoted date"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line end"),
    ],
)
def test_what_editors_and_their_programs_do_changes_nothing(rewrite):
    text = rewrite(write_issue(ISSUE, TAXONOMY))
    assert text != write_issue(ISSUE, TAXONOMY)
    assert read(text) == ISSUE


def test_values_stay_what_the_editor_typed():
    head = HEAD.replace("Hello", "yes").replace("World", "12")
    assert (read(head).subject, read(head).preview) == ("yes", "12")


def test_a_note_may_hold_its_own_headings_lists_and_rules():
    note = "# Hello\n\n### This week\n\n- one-thing\n- another\n\n---\n\n    code"
    assert read(f"{HEAD}\n{note}\n\n## gut\n- a\n").note == note


def test_a_comment_in_the_note_never_reaches_a_reader():
    assert read(f"{HEAD}\nHello\n<!-- Bob: too\nshort? -->\nreaders\n").note == "Hello\nreaders"


def test_a_written_note_cannot_be_taken_for_a_topic_or_a_comment():
    issue = replace(ISSUE, note="## gut\n\n- a-diet\n\n<!-- never closed\n ##")
    assert read(write_issue(issue, TAXONOMY)) == issue


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("", 1, "begins with", id="empty"),
        pytest.param("Hello\n" + HEAD, 1, "begins with", id="text before the head"),
        pytest.param("---\nedition: weekly\n", 1, "begins with", id="head never ends"),
        pytest.param(HEAD.replace("edition: weekly\n", ""), 1, "`edition` is missing", id="no edition"),
        pytest.param(HEAD.replace("Hello", ""), 4, "`subject` is missing", id="empty subject"),
        pytest.param(HEAD.replace("Hello", '"a\\nb"'), 4, "one line", id="two-line subject"),
        pytest.param(HEAD.replace("Hello", "[a]"), 4, "one line", id="list as subject"),
        pytest.param(HEAD.replace("Hello", "MS: news"), 4, "quotes", id="colon in the subject"),
        pytest.param(HEAD.replace("preview", "preveiw"), 5, "`preveiw` is unknown", id="misspelt key"),
        pytest.param(HEAD.replace("2026-11-23", "23.11.2026"), 3, "2026-11-23", id="another form of date"),
        pytest.param(HEAD.replace("11-23", "11-31"), 3, "is not a date", id="no such day"),
        pytest.param(HEAD.replace("2026-11-23", "20261123"), 3, "is not a date", id="without hyphens"),
        pytest.param(HEAD.replace("2026", "0226"), 3, "is not a date", id="no such year"),
        pytest.param(HEAD.replace("weekly", "../weekly"), 2, "slug", id="edition is a path"),
        pytest.param("---\nHello\n---\n", 2, "key: value", id="head without keys"),
        pytest.param(HEAD + "## Gutt\n", 7, "Gut, diet & lifestyle; Treatments & trials", id="unknown topic"),
        pytest.param(HEAD + "##\n", 7, "is not a topic", id="topic without a name"),
        pytest.param(HEAD + "## gut\n- a\n\n## GUT\n", 10, "line 7", id="topic twice"),
        pytest.param(HEAD + "## gut\n- a\n## trials\n- b\n- a\n", 11, "line 8", id="summary twice"),
        pytest.param(HEAD + "## gut\n- A title\n", 8, '"A title"', id="title instead of a slug"),
        pytest.param(HEAD + "## gut\n-\n", 8, "name of a summary", id="item without a name"),
        pytest.param(HEAD + "## gut\n- a\nGood one.\n", 9, "indented", id="remark not indented"),
        pytest.param(HEAD + "## gut\n  Good one.\n- a\n", 8, "indented", id="remark before any item"),
        pytest.param(HEAD + "## gut\n### More\n", 8, "neither", id="deeper heading below a topic"),
        pytest.param(HEAD + "## gut\n<!-- a\n- b\n", 8, "never ends", id="comment without an end"),
        pytest.param(
            HEAD + "## gut\n" + "".join(f"- s{at}\n" for at in range(MAX_ITEMS + 1)),
            70,
            "at most 62",
            id="too many",
        ),
    ],
)
def test_a_mistake_names_its_line(text: str, line: int, says: str):
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.where == f"{WHERE}:{line}"
    assert says in caught.value.message


def test_an_issue_holds_as_many_items_as_the_ledger_has_bits():
    text = HEAD + "## gut\n" + "".join(f"- s{at}\n" for at in range(MAX_ITEMS))
    assert len(read(text).items) == MAX_ITEMS


one_line = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40).map(str.strip)
paragraph = one_line.map(lambda text: re.sub(" +", " ", text).strip(" ")).filter(bool)
note_line = st.sampled_from(("", "## gut", " ## x", "##", "<!--", "-->", "- a", "---", "    code")) | one_line
note = (
    st.lists(note_line).map("\n".join).map(lambda text: re.sub(r"\A(?:[ \t]*\n)+|(?:\n[ \t]*)+\Z", "", text))
)
slug = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    slugs = draw(st.lists(slug, unique=True, max_size=8))
    items = [Item(slug=each, remark="\n\n".join(draw(st.lists(paragraph, max_size=2)))) for each in slugs]
    topics = draw(st.permutations(TAXONOMY.slugs))
    cut = draw(st.integers(0, len(items)))
    groups = ((topics[0], items[:cut]), (topics[1], items[cut:]))
    return Issue(
        edition="weekly",
        date=draw(st.dates(min_value=date(1990, 1, 1), max_value=date(2199, 12, 31))),
        subject=draw(one_line.filter(bool)),
        preview=draw(one_line),
        note=draw(note),
        sections=tuple(Section(topic=topic, items=tuple(group)) for topic, group in groups if group),
    )


@settings(max_examples=100, deadline=None)
@given(issues())
def test_what_is_written_is_read_back_the_same(issue: Issue):
    assert read(write_issue(issue, TAXONOMY)) == issue


@settings(max_examples=100, deadline=None)
@given(
    st.text()
    | st.lists(st.sampled_from((*HEAD.splitlines(), "## gut", "- a", "  b", "<!--", "x"))).map("\n".join)
)
def test_any_text_is_an_issue_or_one_clear_error(text: str):
    match attempt(HEAD + text):
        case InputError(where=where):
            assert where.startswith(f"{WHERE}:")
        case Issue() as issue:
            assert read(write_issue(issue, TAXONOMY)) == issue


def attempt(text: str) -> Issue | InputError:
    try:
        return read(text)
    except InputError as error:
        return error


def test_a_list_in_a_remark_stays_a_list():
    text = HEAD + "## gut\n- a\n\n  Two things:\n  - the first\n    goes on\n  - the second\n"
    (item,) = read_issue(text, TAXONOMY, where="issue.md").items
    assert item.remark == "Two things:\n- the first goes on\n- the second"
    issue = read_issue(text, TAXONOMY, where="issue.md")
    assert read_issue(write_issue(issue, TAXONOMY), TAXONOMY, where="issue.md") == issue
