"""How the rows of another program's export become rows of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.subscribers.exports_of_others import DECISIVE, everyone_in, recognised
from ranvier.subscribers.fields import COLUMNS
from ranvier.subscribers.subscriber import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from ranvier.subscribers.exports_of_others import Everyone, Export, Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The cell of COLUMNS[column] is what `by` makes of the record's cells at `places`."""

    column: int
    places: tuple[int, ...]
    by: Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What is read otherwise than by the name of a column; `places` are the columns that this reads."""

    format: Format
    recipes: tuple[Recipe, ...]
    places: frozenset[int]
    note: str


def translation(
    names: list[str], ours: list[str], *, mapped: Collection[str], where: str
) -> Translation | None:
    """How to read the export of a program that is known; None for any other list.

    `names` are the list's columns in small letters, `ours` which of COLUMNS each is, or nothing. What is
    `mapped`, and what has our name without being the program's own column, is left as it is.
    """
    export = recognised(names)
    if not export:
        return None
    left = set(mapped) | _of_our_name(export, dict(zip(ours, names, strict=True)))
    recipes = tuple(_recipes(export, names, left))
    places = {place for recipe in recipes for place in recipe.places}
    if everyone := everyone_in(export, names, where=where):
        recipes += _about(everyone)
        places |= {place for place, name in enumerate(names) if name in DECISIVE}
    return Translation(
        format=export.format, recipes=recipes, places=frozenset(places), note=_note(export, everyone)
    )


def _of_our_name(export: Export, name_of: Mapping[str, str]) -> set[str]:
    return {
        column
        for column, made in export.cells.items()
        if column in name_of and name_of[column] not in made.of
    }


def _recipes(export: Export, names: list[str], left: Collection[str]) -> Iterator[Recipe]:
    for column, made in export.cells.items():
        places = tuple(names.index(name) for name in made.of if name in names)
        if places and column not in left:
            yield Recipe(column=COLUMNS.index(column), places=places, by=made.by)


def _about(everyone: Everyone) -> tuple[Recipe, ...]:
    """The file's word wins over any column: nobody who left is made active by a cell."""
    status = Recipe(column=COLUMNS.index("status"), places=(), by=lambda _: everyone.status)
    if everyone.status is not Status.PENDING:
        return (status,)
    # Mailchimp fills CONFIRM_TIME for people whom an owner added, too.
    return status, Recipe(column=COLUMNS.index("consent_date"), places=(), by=lambda _: "")


def _note(export: Export, everyone: Everyone | None) -> str:
    who = f": {everyone.who}" if everyone else ""
    caution = f"; {export.caution}" if export.caution else ""
    return f"read as an export of {export.program}{who}{caution}"
