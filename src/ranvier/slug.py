"""A summary's name in files, addresses and commands."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_SLUG = 80

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether `text` can name a summary as it stands."""
    return len(text) <= MAX_SLUG and bool(_SLUG.fullmatch(text))


def slugify(text: str) -> str:
    """`text` as a slug of at most `MAX_SLUG` characters, cut at a word; empty without Latin letters."""
    ascii_text = (
        unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    )
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['`]", "", ascii_text)).strip("-")
    if len(words) <= MAX_SLUG:
        return words
    cut = words[: MAX_SLUG + 1].rpartition("-")[0]
    return cut or words[:MAX_SLUG]


def choose_slug(*, name: str, stated: str = "", title: str = "") -> str:
    """The stated slug if it is one, else the source's name as a slug, else the title's; never empty."""
    if is_slug(stated):
        return stated
    hashed = hashlib.sha256(f"{name}\n{title}".encode()).hexdigest()
    return slugify(name) or slugify(title) or f"summary-{hashed[:10]}"
