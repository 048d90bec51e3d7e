"""What a segment means to the database is what it means to `matches`, on both databases."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ranvier.store import people as store
from ranvier.store import topic_bits
from ranvier.store.conditions import sql
from ranvier.store.schema import subscribers
from ranvier.subscribers.conditions import All, Any, Condition, Field, Is, Joined, Not, matches
from ranvier.subscribers.subscriber import Frequency, Subscriber

if TYPE_CHECKING:
    from ranvier.store.database import Database

IMPORTED = date(2026, 11, 23)
DAYS = (date(2024, 2, 29), date(2026, 3, 10), IMPORTED)
TOPICS = ("trials", "diet", "falls", "sleep")
# Each word is the beginning of another, or holds what LIKE takes for a joker or for its escape.
WORDS = {
    Field.AUDIENCE: ("readers", "reader", "clinicians"),
    Field.TOPICS: TOPICS,
    Field.FREQUENCY: tuple(Frequency),
    Field.LOCALE: ("de", "de-AT", "de-DE-1996", "den", "d"),
    Field.TIMEZONE: ("Europe/Berlin", "Europe", "America/New_York"),
    Field.TAGS: ("trial", "tri", "tri%", "tri_l", "a/b", "back\\slash", "o'neil", "grün"),
}
PEOPLE = tuple(
    Subscriber(
        email=f"p{number}@example.org",
        key=f"p{number}@example.org",
        audience=audience,
        topics=topics,
        frequency=tuple(Frequency)[number % 3],
        locale=("", *WORDS[Field.LOCALE])[number % 6],
        timezone=("", "Europe/Berlin", "America/New_York")[number % 3],
        consent_date=day,
        tags=tags,
    )
    for number, (audience, topics, day, tags) in enumerate(
        product(
            ("", "readers", "clinicians"),
            ((), ("diet",), ("trials", "falls")),
            (None, date(2024, 2, 29), date(2026, 3, 10)),
            ((), *((tag,) for tag in WORDS[Field.TAGS]), ("trial", "a/b")),
        )
    )
)


def one_of(field: Field) -> st.SearchStrategy[Condition]:
    values = st.lists(st.sampled_from(WORDS[field]), min_size=1, max_size=3).map(tuple)
    return st.builds(Is, field=st.just(field), values=values)


def several(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[tuple[Condition, ...]]:
    return st.lists(parts, min_size=1, max_size=3).map(tuple)


BOUNDS = st.none() | st.sampled_from(DAYS)
CONDITIONS = st.recursive(
    st.sampled_from(Field).flatmap(one_of)
    | st.builds(Joined, after=BOUNDS, before=BOUNDS)
    | st.just(All(())),
    lambda parts: several(parts).map(All) | several(parts).map(Any) | parts.map(Not),
    max_leaves=6,
)


def test_the_database_and_matches_agree_on_every_condition(database: Database) -> None:
    with database.write() as connection:
        masks = topic_bits.bits(connection, TOPICS)
        store.add(connection, PEOPLE, masks, joined=IMPORTED)
        # Hypothesis runs inside the test: the people are put in once and asked many times.

        @given(CONDITIONS)
        @settings(max_examples=80, deadline=None)
        def agree(condition: Condition) -> None:
            found = connection.scalars(select(subscribers.c.key).where(sql(condition, masks)))
            assert set(found) == {
                one.key for one in PEOPLE if matches(condition, one, joined=one.consent_date or IMPORTED)
            }

        agree()


def test_each_single_word_tells_some_people_from_others(database: Database) -> None:
    with database.write() as connection:
        masks = topic_bits.bits(connection, TOPICS)
        store.add(connection, PEOPLE, masks, joined=IMPORTED)
        for field, word in (
            (Field.AUDIENCE, "readers"),
            (Field.TOPICS, "diet"),
            (Field.FREQUENCY, "weekly"),
            (Field.LOCALE, "de"),
            (Field.TIMEZONE, "Europe/Berlin"),
            (Field.TAGS, "tri%"),
        ):
            wanted = sql(Is(field=field, values=(word,)), masks)
            found = connection.scalars(select(subscribers.c.key).where(wanted)).all()
            assert 0 < len(found) < len(PEOPLE), field
