"""Links lead where they say, to places that a reader can judge (R198, R217).

To mend: link to the whole https address, in words that say what is there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ranvier.checks.finding import error, warning
from ranvier.checks.page import text_seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly"}
    | {"shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "v.gd"}
)
_VAGUE = re.compile(
    r"(click |read |see |learn |find out )?(here|this|more|link|read|details|website)( here)?"
)
_SHOWN_ADDRESS = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#:]\S*)?", re.IGNORECASE)


def check_links(page: Page, _: Proof) -> Iterator[Finding]:
    """`unsafe-link`, `link-shortener`, `link-without-words`, `link-text-differs`; `vague-link`, `twin-links`.

    The last two are warnings.
    """
    targets: dict[str, set[str]] = defaultdict(set)
    for link in () if page.root is None else page.root.iter("a"):
        href, words = link.get("href", "").strip(), " ".join(text_seen(link).split())
        yield from _on_link(href, words, where=page.where)
        targets[words.casefold()].add(href)
    for words, hrefs in targets.items():
        if words and len(hrefs) > 1:
            message = f'{len(hrefs)} links say "{words[:60]}" and lead to different places'
            yield warning("twin-links", message, where=page.where)


def _on_link(href: str, words: str, *, where: str) -> Iterator[Finding]:
    problem = _unsafe(href)
    if problem:
        yield error("unsafe-link", f"<a> leads to {href[:60]}: {problem}", where=where)
        return
    host = (urlsplit(href).hostname or "").removeprefix("www.")
    if host in _SHORTENERS:
        yield error("link-shortener", f"{href[:60]} hides where it leads", where=where)
    if not words:
        yield error("link-without-words", f"the link to {href[:60]} has no words", where=where)
    elif _VAGUE.fullmatch(words.casefold().rstrip(".!: ")):
        yield warning("vague-link", f'a link says only "{words}"; say what is there', where=where)
    shown = _SHOWN_ADDRESS.fullmatch(words)
    if shown and href.startswith("https:") and shown[1].casefold().removeprefix("www.") != host:
        yield error("link-text-differs", f'a link shows "{words[:60]}" and leads to {host}', where=where)


def _unsafe(href: str) -> str:
    """Why a reader should not follow the address; nothing if it is https with a host's name, or mailto."""
    if href.startswith("mailto:"):
        return ""
    try:
        parts = urlsplit(href)
        host, user = parts.hostname or "", parts.username
    except ValueError:
        return "it is no address"
    if parts.scheme != "https":
        return "only https and mailto are safe"
    if user is not None:
        return "it holds a user's name"
    return "" if re.search(r"\.[a-z][a-z0-9-]*$", host) else "it names no host"
