"""The look: colours, type and spacing of mail and web pages, defined once, in templates/look.toml."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from ranvier.errors import ConfigurationError
from ranvier.rendering.contrast import LEAST, contrast
from ranvier.toml import options, parse_toml

FILE = "look.toml"
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_FAMILIES = re.compile(r"[A-Za-z0-9 ,'-]+")
_TEXTS = ("ink", "quiet", "accent", "link")
_GROUNDS = ("page", "sheet", "panel", "label", "caution", "remark")
_SMALLEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours as #rrggbb: grounds, the texts that stand on any of them, and lines."""

    page: str
    """Around the sheet."""
    sheet: str
    panel: str
    """Behind the list of contents."""
    label: str
    caution: str
    remark: str
    ink: str
    quiet: str
    """For what stands beside the text: dates, ratings, sources."""
    accent: str
    """Headings of topics, the scale of a rating."""
    link: str
    line: str
    caution_line: str
    remark_line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """Font families; sizes in px; `height` of a line as a multiple of its size."""

    text: str
    title: str
    size: int
    height: float
    lead: int
    """The key takeaway."""
    topic: int
    item: int
    masthead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Px: the widest column, the room beside it, and below a paragraph, a block and a section."""

    width: int
    edge: int
    paragraph: int
    block: int
    section: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything that templates and style sheets may ask for."""

    light: Palette
    dark: Palette
    type: Type
    space: Space


_KINDS = {"light": Palette, "dark": Palette, "type": Type, "space": Space}


def read_look(*texts: str, where: str) -> Look:
    """look.toml, checked; each text changes single values of those before it.

    Raises ConfigurationError for what readers could not read (R199, R200).
    """
    tables: dict[str, dict[str, Any]] = {}
    for text in texts:
        for name, table in parse_toml(text, where=where).items():
            if name not in _KINDS or not isinstance(table, dict):
                raise ConfigurationError(f"[{name}] is not known; allowed: {', '.join(_KINDS)}", where=where)
            tables[name] = tables.get(name, {}) | table
    look = Look(
        **{
            name: options(tables.get(name, {}), kind, where=f"{where}: [{name}]")
            for name, kind in _KINDS.items()
        }
    )
    _check_palette(look.light, where=f"{where}: [light]")
    _check_palette(look.dark, where=f"{where}: [dark]")
    _check_type(look.type, where=f"{where}: [type]")
    return look


def _check_palette(palette: Palette, *, where: str) -> None:
    colours = asdict(palette)
    for name, colour in colours.items():
        if not _COLOUR.fullmatch(colour):
            raise ConfigurationError(f'{name} = "{colour}" has to be a colour such as #16515c', where=where)
    for text in _TEXTS:
        for ground in _GROUNDS:
            ratio = contrast(colours[text], colours[ground])
            if ratio < LEAST:
                message = f"{text} on {ground} has a contrast of {ratio:.1f}:1; {LEAST}:1 is needed"
                raise ConfigurationError(message, where=where)


def _check_type(chosen: Type, *, where: str) -> None:
    for name in ("text", "title"):
        families = getattr(chosen, name)
        if not _FAMILIES.fullmatch(families):
            message = f"{name} has to be names of fonts between commas; a name with spaces in '…'"
            raise ConfigurationError(message, where=where)
    for name in ("size", "lead", "topic", "item", "masthead"):
        if getattr(chosen, name) < _SMALLEST:
            raise ConfigurationError(f"{name} has to be {_SMALLEST} or more", where=where)
    if chosen.height < 1.5:  # WCAG 1.4.12's own figure
        raise ConfigurationError("height has to be 1.5 or more, so that lines can be followed", where=where)
