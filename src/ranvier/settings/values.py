"""What the parts of newsletter.toml have in common: tables, bounds and names."""

from __future__ import annotations

from typing import Any

from ranvier.errors import ConfigurationError
from ranvier.settings import FILE
from ranvier.slug import is_slug


def table(tables: dict[str, Any], name: str) -> dict[str, Any]:
    """The table of that name, empty if there is none."""
    found = tables.get(name, {})
    if not isinstance(found, dict):
        raise ConfigurationError(f"[{name}] has to be a table", where=FILE)
    return found


def bounded(where: str, key: str, value: float, least: float, most: float) -> None:
    """Raise ConfigurationError for a number that is not from `least` to `most`."""
    if not least <= value <= most:
        raise ConfigurationError(f"{key} = {value} has to be from {least} to {most}", where=where)


def named(slug: str, where: str) -> str:
    """The name of an edition or an audience, as it is."""
    if not is_slug(slug):
        raise ConfigurationError("a name has small letters, digits and hyphens only", where=where)
    return slug
