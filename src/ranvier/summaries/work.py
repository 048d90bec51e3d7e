"""Which study a summary is about, and whether its content is what it was."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from ranvier.summaries import links

if TYPE_CHECKING:
    from ranvier.summaries.summary import Summary


def work_of(summary: Summary) -> str:
    """The study behind `summary`: DOI, else PMID, else its address, else its title, else the summary itself.

    Two summaries of one study have the same work (design: Words).
    """
    source = summary.source
    address = links.canonical(source.url)
    title = re.sub(r"[\W_]+", " ", source.title.casefold()).strip()
    named = {
        "doi": links.doi(source.doi).lower(),
        "pmid": source.pmid.lstrip("0"),
        "url": address,
        "title": title,
        "slug": summary.slug,
    }
    return next(f"{kind}:{value}" for kind, value in named.items() if value)


def content_hash(summary: Summary) -> str:
    """SHA-256, in hex, over everything that `summary` says; its slug is a name and not content."""
    said = {key: value for key, value in asdict(summary).items() if key != "slug"}
    if summary.source.status is None:
        said["source"].pop("status")  # hashes from before there was such a field stay true
    canonical = json.dumps(said, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
