"""Addresses of papers and pages: kept only when a reader can follow them."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

# RFC 2606 and RFC 6761: these never resolve. example.org and its siblings do.
_RESERVED = frozenset({"invalid", "test", "localhost", "example"})
_FORBIDDEN = re.compile(r"""[\s"<>\\^`{|}\x00-\x1f]""")
_DOI_PREFIX = re.compile(r"^(?:https?://)?(?:dx\.|www\.)?doi\.org/|^doi:\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_TRACKING = re.compile(r"utm_.*|mc_[ce]id|fbclid|gclid|msclkid|yclid|_hs(?:enc|mi)|ref|source", re.IGNORECASE)


def web_address(text: str) -> str:
    """`text` when it is an http(s) address of a public name, else an empty string."""
    address = text.strip()
    if len(address) > 2000 or _FORBIDDEN.search(address):
        return ""
    return address if _split(address) else ""


def doi(text: str) -> str:
    """The DOI in `text`, as written, without resolver and final punctuation, else an empty string."""
    bare = _DOI_PREFIX.sub("", text.strip())
    bare = unquote(bare) if bare != text.strip() else bare
    bare = bare.rstrip(".,;")
    return bare if _DOI.fullmatch(bare) else ""


def canonical(address: str) -> str:
    """An address for comparing: https, host in lower case, no tracking, no fragment, no final slash."""
    parts = _split(address)
    if parts is None:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])))
    return f"https://{host}{port}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")


def last_segment(address: str) -> str:
    """The last word of an address's path, which often is a page's own slug; it may be empty."""
    parts = _split(address)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) if parts else ""


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:  # a broken IPv6 address or port
        return None
    labels = host.rstrip(".").split(".")
    is_public = len(labels) > 1 and all(labels) and labels[-1] not in _RESERVED
    return parts if parts.scheme in {"http", "https"} and is_public and "@" not in parts.netloc else None
