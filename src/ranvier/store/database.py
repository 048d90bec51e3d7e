"""Opening the database: SQLite in the workspace or PostgreSQL elsewhere, always at the newest schema."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event, func, inspect, select
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from ranvier.errors import ConfigurationError, UnfinishedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Dialect, Engine
    from sqlalchemy.engine.interfaces import DBAPICursor as Cursor
    from sqlalchemy.pool import PoolProxiedConnection

_MIGRATE = 0x52414E4D
"""The number of the lock under which tables are made; any number that nothing else uses."""

LOST = "the database was lost or is held by another process; run it again"

HEAD = "0005"
"""The newest migration; a test holds it against the migrations folder."""


class Database:
    """One database, opened and brought up to date."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._quick: PoolProxiedConnection | None = None
        self._turn = Lock()

    @property
    def dialect(self) -> Dialect:
        """What its SQL is like."""
        return self._engine.dialect

    @property
    def url(self) -> str:
        """Where it is, password included."""
        return self._engine.url.render_as_string(hide_password=False)

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for a server."""
        url = self._engine.url
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look that blocks nobody."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is durable when the block ends, and never happened if it raises."""
        # SQLite has one writer. Threads that wait for each other here go on at once; there they sleep.
        with (
            self._turn if self.file else nullcontext(),
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def rehearsal(self) -> Iterator[Connection]:
        """A transaction that never happened, however the block ends."""
        with self._engine.connect().execution_options(writes=True) as connection:
            yield connection

    @contextmanager
    def quick(self, *, writes: bool = True) -> Iterator[Cursor]:
        """As `write` and `read`, but with the driver's own cursor: for what runs for every message.

        SQLAlchemy's way to a small transaction costs several times what the transaction costs. There is one
        connection for it, so threads take turns. Raises UnfinishedError when the database is lost or stays
        locked.
        """
        with self._turn:
            yield from self._quickly(writes=writes)

    def _quickly(self, *, writes: bool) -> Iterator[Cursor]:
        try:
            connection = self._raw()
            cursor = connection.cursor()
            try:
                if self._engine.dialect.name == "sqlite":  # psycopg begins by itself
                    cursor.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
                yield cursor
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
            finally:
                cursor.close()
        except self._engine.dialect.loaded_dbapi.OperationalError as error:
            raise UnfinishedError(LOST) from error

    def undo(self) -> None:
        """What the block of `quick` has written so far never happened; the block ends here."""
        self._raw().rollback()

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection outside any transaction, for what belongs to a connection: settings and locks."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def settle(self) -> None:
        """What was deleted is not in SQLite's log either; PostgreSQL's own vacuum sees to its pages."""
        if self._engine.dialect.name == "sqlite":
            with self.session() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of all connections."""
        if self._quick:
            self._quick.close()
        self._engine.dispose()

    def _raw(self) -> PoolProxiedConnection:
        """One connection of the driver's, kept."""
        if self._quick is None:
            self._quick = self._engine.raw_connection()
        return self._quick


def open_database(url: str) -> Database:
    """The database at an SQLAlchemy URL; missing tables and columns are made first."""
    try:
        engine = _engine(url)
        _upgrade(engine)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        message = f"{error}; use sqlite:///PATH or postgresql://… (the extra `cluster` brings the driver)"
        raise ConfigurationError(message, where="RANVIER_DATABASE") from error
    except DBAPIError as error:
        raise ConfigurationError(f"the database does not open: {error.orig}", where=_shown(url)) from error
    return Database(engine)


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        folder = Path(parsed.database).parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)  # an error never shows who was written
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guesses
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # who is forgotten is gone from the file too
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that begins by reading and then writes can lose to another writer half-way; one that
    # says so at once waits its turn.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(engine: Engine) -> None:
    if _version(engine) == HEAD:
        return
    from alembic import command  # noqa: PLC0415 - alembic takes 0.2 s to import and is needed once
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with (
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            # Of processes that open a new database at once, one makes the tables; SQLite has one writer.
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATE)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version = sql_table("alembic_version", sql_column("version_num"))
        return connection.execute(select(version.c.version_num)).scalar()


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
