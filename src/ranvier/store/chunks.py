"""Long lists of parameters, a statement's worth at a time."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST = 500  # SQLite takes so many parameters, and more

Value = TypeVar("Value")


def chunks(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values in lists of at most 500."""
    left = iter(values)
    while chunk := list(islice(left, _MOST)):
        yield chunk
