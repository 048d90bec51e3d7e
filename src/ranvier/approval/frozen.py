"""An issue as it was approved, in the form in which it is kept until the last reader has it (promise 5)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from ranvier.message.sender import Sender
from ranvier.rendering.chunks import Chunk, Part, Slot, SlotName, Variant

# JSON as `json` gives it back: the shapes are those that `to_json` wrote.
Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """All that leaves for readers, but for their own slots."""

    variants: tuple[Variant, ...]
    header: Part
    subject: str
    """Decoded; `header` holds the same subject encoded."""
    sender: Sender
    site: str
    """What personal links begin with."""

    def variant(self, audience: str) -> Variant:
        """The variant of an audience; KeyError when the issue has none for it."""
        return {variant.audience: variant for variant in self.variants}[audience]


def to_json(frozen: Frozen) -> str:
    """One JSON document, the same for the same value whatever the machine; `from_json` gives it back."""
    document = {
        "header": _pieces(frozen.header),
        "sender": asdict(frozen.sender),
        "site": frozen.site,
        "subject": frozen.subject,
        "variants": [_variant(variant) for variant in frozen.variants],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Frozen:
    """What `to_json` was given."""
    document: Json = json.loads(text)
    return Frozen(
        variants=tuple(
            Variant(
                audience=variant["audience"],
                items=variant["items"],
                html=_part(variant["html"]),
                text=_part(variant["text"]),
            )
            for variant in document["variants"]
        ),
        header=_part(document["header"]),
        subject=document["subject"],
        sender=Sender(**document["sender"]),
        site=document["site"],
    )


def _variant(variant: Variant) -> Json:
    return {
        "audience": variant.audience,
        "items": variant.items,
        "html": _pieces(variant.html),
        "text": _pieces(variant.text),
    }


def _pieces(part: Part) -> list[Json]:
    """A slot as its name, a chunk as its text and mask: no text can pass for a slot."""
    return [piece.name if isinstance(piece, Slot) else [piece.text, piece.items] for piece in part]


def _part(pieces: list[Json]) -> Part:
    return tuple(
        Slot(SlotName(piece)) if isinstance(piece, str) else Chunk(text=piece[0], items=piece[1])
        for piece in pieces
    )
