"""Which addresses may become links: https and a host name, nothing that breaks out of an attribute (R217)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from ranvier.summaries.links import doi

if TYPE_CHECKING:
    from ranvier.summaries.summary import Source

LONGEST = 900
"""A line of a mail holds 998 octets (RFC 5322 2.1.1) and an address is never broken (R233)."""

_HTTPS = re.compile(
    r"https://(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*(?::\d{1,5})?(?:[/?#][!#-;=?-Z\[\]_a-z~]*)?", re.IGNORECASE
)

_PMID = re.compile(r"[0-9]{1,9}")


def https_url(url: str) -> str:
    """The address if it is absolute https with a host name and printable ASCII only, else nothing."""
    stripped = url.strip()
    return stripped if len(stripped) <= LONGEST and _HTTPS.fullmatch(stripped) else ""


def doi_url(text: str) -> str:
    """The resolver's address of a DOI, percent-encoded where it holds what a URL must not; else nothing."""
    bare = doi(text)
    return https_url(f"https://doi.org/{quote(bare, safe='/:;.,()_-')}") if bare else ""


def source_url(source: Source) -> str:
    """Where a reader can look a study up: its DOI, else its own address, else PubMed; else nothing."""
    pubmed = f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/" if _PMID.fullmatch(source.pmid) else ""
    return doi_url(source.doi) or https_url(source.url) or pubmed
