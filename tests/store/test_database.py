"""The schema, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from ranvier.errors import ConfigurationError
from ranvier.store import database as module
from ranvier.store.database import HEAD, open_database
from ranvier.store.schema import metadata, topic_bits

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
