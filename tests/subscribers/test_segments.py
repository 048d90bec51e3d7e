from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.errors import ConfigurationError
from ranvier.subscribers.conditions import All, Any, Field, Is, Joined, Not
from ranvier.subscribers.fields import Allowed
from ranvier.subscribers.segments import Segment, read_segments

ALLOWED = Allowed(
    audiences=("people-with-ms", "clinicians"),
    topics=("treatments", "lifestyle"),
    timezones=frozenset({"Europe/Berlin"}),
)


def read(text):
    return read_segments(text, where="segments.toml", allowed=ALLOWED)


def where(condition):
    return read(f"[some]\nwhere = {condition}")[0].where


def test_segments_come_in_file_order_with_their_labels():
    text = '[b-2]\nlabel = "Bees"\nwhere = { tags = "bee" }\n[a]\nwhere = {}'
    assert read(text) == (
        Segment(slug="b-2", label="Bees", where=Is(field=Field.TAGS, values=("bee",))),
        Segment(slug="a", label="a", where=All(())),
    )


def test_a_file_without_segments_is_none():
    assert read("") == ()


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        pytest.param('{frequency="weekly"}', Is(field=Field.FREQUENCY, values=("weekly",)), id="one-word"),
        pytest.param(
            '{topics=["treatments","lifestyle"]}',
            Is(field=Field.TOPICS, values=("treatments", "lifestyle")),
            id="any-of-these",
        ),
        pytest.param(
            '{audience="clinicians", timezone="Europe/Berlin"}',
            All(
                (
                    Is(field=Field.AUDIENCE, values=("clinicians",)),
                    Is(field=Field.TIMEZONE, values=("Europe/Berlin",)),
                )
            ),
            id="several-keys-all-hold",
        ),
        pytest.param(
            '{locale="DE_at"}', Is(field=Field.LOCALE, values=("de-AT",)), id="locale-as-people-have-it"
        ),
        pytest.param('{tags="Trial"}', Is(field=Field.TAGS, values=("trial",)), id="tag-as-people-have-it"),
        pytest.param(
            "{joined={after=2026-01-01, before=2026-02-01}}",
            Joined(after=date(2026, 1, 1), before=date(2026, 2, 1)),
            id="joined-between",
        ),
        pytest.param("{joined={before=2026-02-01}}", Joined(before=date(2026, 2, 1)), id="joined-before"),
        pytest.param('{not={tags="x"}}', Not(Is(field=Field.TAGS, values=("x",))), id="not"),
        pytest.param(
            '{any=[{tags="x"}, {all=[{tags="y"}, {tags="z"}]}]}',
            Any(
                (
                    Is(field=Field.TAGS, values=("x",)),
                    All((Is(field=Field.TAGS, values=("y",)), Is(field=Field.TAGS, values=("z",)))),
                )
            ),
            id="nested",
        ),
    ],
)
def test_a_condition_is_read_as_written(text, condition):
    assert where(text) == condition


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[some]\nwhere = {colour="red"}',
            "[some] where.colour: unknown condition; known: audience, topics, ",
        ),
        (
            '[some]\nwhere = {audience="vets"}',
            '[some] where.audience: unknown audience "vets"; known: people-with-ms',
        ),
        ('[some]\nwhere = {topics=["golf"]}', '[some] where.topics: unknown topic "golf"; known: treatments'),
        ('[some]\nwhere = {frequency="hourly"}', "known: daily, weekly, monthly"),
        ('[some]\nwhere = {timezone="Berlin"}', 'unknown time zone "Berlin"'),
        ('[some]\nwhere = {locale="deutsch!"}', "is not a language tag"),
        ("[some]\nwhere = {tags=[]}", "[some] where.tags: has to be a word or a list of words"),
        ("[some]\nwhere = {tags=[1]}", "has to be a word or a list of words"),
        ('[some]\nwhere = {tags=""}', "has to be a word or a list of words"),
        ("[some]\nwhere = {any=[]}", "[some] where.any: has to be a list of tables"),
        ("[some]\nwhere = {all={}}", "[some] where.all: has to be a list of tables"),
        (
            '[some]\nwhere = {any=[{tags="x"}, {any=[{x=1}]}]}',
            "[some] where.any[2].any[1].x: unknown condition",
        ),
        ("[some]\nwhere = {not=1}", "[some] where.not: has to be a table"),
        ("[some]\nwhere = {joined={}}", "[some] where.joined: has to be a table with after, before or both"),
        (
            '[some]\nwhere = {joined={after="2026-01-01"}}',
            "where.joined.after: has to be a date such as 2026-11-22",
        ),
        ("[some]\nwhere = {joined={after=2026-01-01T10:00:00}}", "has to be a date such as 2026-11-22"),
        ("[some]\nwhere = {joined={since=2026-01-01}}", "has to be a table with after, before or both"),
        ("[some]\nlabel = 'x'", "[some]: where is missing; where = {} means everyone"),
        ("[some]\nwhere = {}\nlable = 'x'", '[some]: unknown key "lable"; known: label, where'),
        ("[some]\nwhere = {}\nlabel = 3", "[some] label: has to be a text on one line"),
        ("[Some_]\nwhere = {}", "a segment is a table named in a-z, 0-9 and hyphens"),
        ("some = 1", "a segment is a table named in a-z, 0-9 and hyphens"),
        ("[some", "not valid TOML: "),
    ],
)
def test_a_mistake_names_file_key_and_what_is_allowed(text, message):
    with pytest.raises(ConfigurationError) as refused:
        read(text)
    assert str(refused.value).startswith("segments.toml: ")
    assert message in str(refused.value)


@given(st.text(st.sampled_from("[]{}=\"',.\n ax1-\\#"), max_size=40) | st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_whatever_a_file_holds_it_is_segments_or_one_clear_error(text):
    try:
        assert isinstance(read(text), tuple)
    except ConfigurationError as error:
        assert str(error).startswith("segments.toml: ")  # noqa: PT017  # both ends are fine
