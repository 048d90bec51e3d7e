"""Statements that are compiled once and run by the driver: what runs for every message has to be cheap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Dialect
    from sqlalchemy.engine.interfaces import DBAPICursor as Cursor
    from sqlalchemy.sql import ClauseElement


class Prepared:
    """For `Database.quick`. Parameters are plain values, as drivers take them: numbers and text."""

    def __init__(self, statement: ClauseElement) -> None:
        self._compiled = lru_cache(partial(_compile, statement))

    def rows(self, cursor: Cursor, dialect: Dialect, **parameters: object) -> Sequence[Any]:
        """All rows of a query."""
        prepared = self._compiled(dialect)
        cursor.execute(prepared.sql, prepared.parameters(parameters))
        return cursor.fetchall()

    def many(self, cursor: Cursor, dialect: Dialect, rows: Sequence[Mapping[str, object]]) -> int:
        """Runs it for each row of parameters; how many rows of the table it changed."""
        if not rows:
            return 0
        prepared = self._compiled(dialect)
        cursor.executemany(prepared.sql, [prepared.parameters(row) for row in rows])
        return cursor.rowcount


@dataclass(frozen=True, slots=True)
class _InDialect:
    sql: str
    names: tuple[str, ...]
    """In the order of the driver's question marks; none if it takes parameters by name."""
    constants: Mapping[str, object]

    def parameters(self, given: Mapping[str, object]) -> Any:  # noqa: ANN401 - as the driver likes
        if not self.names:
            return {**self.constants, **given} if self.constants else given
        return tuple([given[name] if name in given else self.constants[name] for name in self.names])


def _compile(statement: ClauseElement, dialect: Dialect) -> _InDialect:
    # An SQLCompiler: the base class knows no parameters. IN lists are written out as they are.
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return _InDialect(
        sql=str(compiled),
        names=tuple(compiled.positiontup or ()) if compiled.positional else (),
        constants={name: value for name, value in compiled.params.items() if value is not None},
    )
