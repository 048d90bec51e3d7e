"""A rendered part as what is the same for everyone and what is not (design: Render once, splice many)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SlotName(StrEnum):
    """What differs between two readers of one variant, besides which items they get."""

    GREETING = "greeting"
    UNSUBSCRIBE_URL = "unsubscribe-url"
    PREFERENCES_URL = "preferences-url"
    TO = "to"
    DATE = "date"
    MESSAGE_ID = "message-id"
    UNSUBSCRIBE_MAIL = "unsubscribe-mail"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of text. It is shown when `items` is 0 or shares a bit with the reader's item set."""

    text: str
    items: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that each reader's own value fills."""

    name: SlotName


Part = tuple[Chunk | Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """An issue rendered for one audience, decoded; `items` is the mask of all that it shows."""

    audience: str
    items: int
    html: Part
    text: Part


def join(part: Part, values: dict[SlotName, str], *, item_set: int = -1) -> str:
    """The part as one reader sees it; `values` are already escaped for the part's own form."""
    return "".join(
        values[piece.name] if isinstance(piece, Slot) else piece.text
        for piece in part
        if isinstance(piece, Slot) or not piece.items or piece.items & item_set
    )
