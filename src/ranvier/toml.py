"""TOML tables as the options that stages declare; an error names file, key and what is allowed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import msgspec

from ranvier.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

Options = TypeVar("Options")


def parse_toml(text: str, *, where: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises ConfigurationError when it is none."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"not valid TOML: {error}", where=where) from None


def options(table: Mapping[str, Any], kind: type[Options], *, where: str, **given: object) -> Options:
    """A table as `kind`; `given` are fields that its place says already, `where` is "file: [table]"."""
    if not isinstance(table, dict):
        raise ConfigurationError("has to be a table", where=where)
    _check_keys(table, kind, where=where, given=frozenset(given))
    try:
        return msgspec.convert({**table, **given}, kind)
    except msgspec.ValidationError as error:
        raise ConfigurationError(_plain(str(error), kind), where=where) from error


def _check_keys(table: Mapping[str, Any], kind: type[Any], *, where: str, given: frozenset[str]) -> None:
    declared = {field.name: field for field in fields(kind) if field.name not in given}
    for key in table:
        if key not in declared:
            raise ConfigurationError(f"{key} is not known here; allowed: {', '.join(declared)}", where=where)
    for name, field in declared.items():
        if name not in table and _required(field):
            raise ConfigurationError(f"{name} is missing", where=where)
    types = get_type_hints(kind, localns={})
    for key, value in table.items():
        if is_dataclass(types[key]) and isinstance(value, dict):
            _check_keys(value, types[key], where=f"{where} {key}", given=frozenset())


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


_KINDS = {
    "int": "a whole number, such as 7, without quotation marks",
    "float": "a number, such as 2.5, without quotation marks",
    "str": "a text between quotation marks",
    "bool": "true or false, without quotation marks",
    "array": 'a list, such as ["one", "two"]',
    "object": "a table",
}


def _plain(message: str, kind: type[Any]) -> str:
    """The validator's words for people, the key first: "max_items has to be a whole number, …"."""
    if found := re.fullmatch(r"(?s)Invalid enum value .* - at `\$\.(?P<key>\w+)`", message):
        allowed = get_type_hints(kind, localns={})[found["key"]]
        return f"{found['key']} has to be one of: {', '.join(allowed)}"
    found = re.fullmatch(r"Expected `(?P<kind>\w+)`, got `\w+` - at `\$\.?(?P<key>.*)`", message)
    return f"{found['key']} has to be {_KINDS.get(found['kind'], found['kind'])}" if found else message
