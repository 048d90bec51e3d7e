"""The schema, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from ranvier.errors import ConfigurationError
from ranvier.store import database as module
from ranvier.store.database import HEAD, open_database
from ranvier.store.ledger import SqlLedger
from ranvier.store.schema import deliveries, metadata, subscribers, topic_bits

if TYPE_CHECKING:
    from pathlib import Path

    from ranvier.store.database import Database


def test_migrations_make_exactly_the_declared_tables(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_the_one_that_opening_asks_for() -> None:
    folder = module.__file__.replace("database.py", "migrations")
    assert ScriptDirectory(folder).get_current_head() == HEAD


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state' / 'ranvier.db'}"
    first = open_database(url)
    with first.write() as connection:
        connection.execute(insert(topic_bits).values(slug="a", bit=0))
    first.close()
    second = open_database(url)
    with second.read() as connection:
        assert connection.execute(select(topic_bits.c.slug)).scalars().all() == ["a"]
    second.close()


def test_a_transaction_that_raises_never_happened(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(topic_bits), [{"slug": "a", "bit": 0}, {"slug": "b", "bit": 0}])
    with database.read() as connection:
        assert connection.execute(select(topic_bits)).all() == []


@pytest.mark.parametrize("url", ["nonsense", "nodb://x/y", "postgresql://nobody@127.0.0.1:1/none"])
def test_an_address_that_does_not_open_is_one_clear_error(url: str) -> None:
    with pytest.raises(ConfigurationError):
        open_database(url)


FIRST_ROWS = """
INSERT INTO issues (id, edition, date, state, audience)
VALUES ('weekly/2026-11-16', 'weekly', '2026-11-16', 'sending', 2);

INSERT INTO subscribers (email, key, name, audience, topics, frequency, locale, timezone, status,
    consent_date, joined, tags)
VALUES
    ('a@x.org', 'a@x.org', 'Ann', 'carers', 0, 'weekly', 'en', '', 'active', '2026-01-01', '2026-01-01', ''),
    ('b@x.org', 'b@x.org', 'Bob', 'carers', 3, 'weekly', 'en', '', 'active', '2026-01-01', '2026-01-01', '');

INSERT INTO deliveries (issue, subscriber, audience, item_set, state, reason, attempts, due_at, code, reply)
SELECT 'weekly/2026-11-16', id, audience, 5, CASE name WHEN 'Ann' THEN 'accepted' ELSE 'pending' END, '',
    1, 7.5, '250', 'ok'
FROM subscribers
"""


def at_first_schema(url: str) -> None:
    """A database of the first version: two people, and an issue that was cut off in the middle."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    config = Config()
    config.set_main_option("script_location", module.__file__.replace("database.py", "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in FIRST_ROWS.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_the_first_version_keeps_everything(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sqlite = f"sqlite:///{tmp_path / 'ranvier.db'}"
    url = sqlite if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    at_first_schema(url)
    opened = open_database(url)
    with opened.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        people = connection.execute(select(subscribers.c.name, subscribers.c.topics)).all()
        sent = connection.execute(select(deliveries).order_by(deliveries.c.id)).all()
    assert people == [("Ann", 0), ("Bob", 3)]
    assert [row[1:] for row in sent] == [
        ("weekly/2026-11-16", 1, "carers", 5, "accepted", "", 1, 7.5, "250", "ok"),
        ("weekly/2026-11-16", 2, "carers", 5, "pending", "", 1, 7.5, "250", "ok"),
    ]
    ledger = SqlLedger(opened, "weekly/2026-11-16")
    assert [one.address for one in ledger.due(limit=9, now=8.0)] == ["b@x.org"]
    with opened.write() as connection:
        values = {"issue": "other", "subscriber": 1, "audience": "carers", "item_set": 1, "state": "pending"}
        assert connection.execute(insert(deliveries).values(values)).inserted_primary_key == (3,)
    with pytest.raises(IntegrityError), opened.write() as connection:
        connection.execute(delete(subscribers))
    opened.close()
