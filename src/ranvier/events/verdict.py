"""What a refusal says about an address: every 5xx is not "nobody there" (R93-R97, R104, R105)."""

from __future__ import annotations

import re

from ranvier.events import phrases
from ranvier.events.kind import Kind

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)")
_REPLY = re.compile(r"(?:^|[\s:;>(\[]|smtp;)([245][0-5]\d)(?=[\s#)\-]|$)")

_NOBODY = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"})
_SILENT = frozenset({"", "5.0.0", "4.0.0", "5.1.0"})
"""Codes that say no more than that it failed."""
_MOST_TEXT = 2000
"""Characters of a refusal that are read: patterns take their time, and it begins with what matters."""
_ABOUT_US = frozenset({"5.1.7", "5.1.8"})
"""Codes of a sender's address."""

_NOISE = re.compile(
    r"https?://\S*|<[^<>\s]*>|[\w.+=/-]{1,64}@[\w.-]+|\[[\d.:a-f]+\]|\(in reply to [^)]*\)|"
    r"\b(?!resolver\.|storedrv\.)[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}\b(?=[\s,;:)\]>]|$)"
)
"""Addresses, hosts and links, whose names are nobody's words, and where in the dialogue it was said."""


def classify(code: str, text: str, *, at_rcpt: bool = False) -> Kind:
    """HARD, SOFT or BLOCKED.

    `code` is what is known besides the text: an enhanced status code (RFC 3463) or a reply code; the text's
    own codes are believed before it when they say more. Words such as "unknown user" without a code that
    says so count if the server answered to RCPT, `at_rcpt` or by its own words: filters say them of any mail.
    """
    text = text[:_MOST_TEXT]
    found, said = enhanced(code, text), _words(text)
    at_rcpt = at_rcpt or bool(phrases.AT_RCPT.search(text.lower()))
    if found.startswith("4.") or phrases.FULL.search(said) or phrases.TOO_LARGE.search(said):
        return Kind.SOFT
    looked_up = phrases.MEANS_NOBODY.search(said)
    if looked_up or phrases.SURELY_NOBODY.search(said):
        if _is_refused(said, found):
            return Kind.BLOCKED
        return Kind.HARD if looked_up or at_rcpt or found in _NOBODY else Kind.SOFT
    if found == "5.2.1":
        closed = phrases.INACTIVE.search(said) or phrases.NOBODY.search(said)
        return Kind.HARD if closed and not phrases.PASSING.search(said) else Kind.SOFT
    return Kind.HARD if found in _NOBODY else _by_words(said, found, at_rcpt=at_rcpt)


def enhanced(code: str, text: str) -> str:
    """The enhanced code that says most; `5.0.0` or `4.0.0` where there is only a reply code, or nothing."""
    codes = [*_all(text[:_MOST_TEXT]), *_all(code)]
    telling = next((one for one in codes if one not in _SILENT and not one.startswith("2.")), "")
    if telling:
        return telling
    if codes and not codes[0].startswith("2."):
        return codes[0]
    reply = _REPLY.search(text[:_MOST_TEXT].lower()) or _REPLY.search(code)
    return f"{reply.group(1)[0]}.0.0" if reply and reply.group(1)[0] in "45" else ""


def _all(text: str) -> list[str]:
    return [".".join(found) for found in _ENHANCED.findall(text)]


def _words(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text.lower()).split())


def _is_refused(said: str, found: str) -> bool:
    """Whether words about the sender or the content stand beside those about the person."""
    return found.startswith("5.7.") and bool(phrases.BLOCKED.search(phrases.SURELY_NOBODY.sub(" ", said)))


def _by_words(said: str, found: str, *, at_rcpt: bool) -> Kind:
    """Where the code alone does not tell; 5.2 to 5.6 are mailboxes, servers, protocols and content (R94)."""
    if phrases.MOVED.search(said) or phrases.NO_MAIL.search(said):
        return Kind.HARD
    if found.startswith("5.7.") or found in _ABOUT_US:
        return Kind.BLOCKED
    unsaid, passing = found in _SILENT or found.startswith("5.1."), bool(phrases.PASSING.search(said))
    if (unsaid or found.startswith("5.4.")) and phrases.NO_HOST.search(said):
        return Kind.SOFT if passing else Kind.HARD
    if phrases.BLOCKED.search(said):
        return Kind.BLOCKED
    return Kind.HARD if unsaid and at_rcpt and not passing and phrases.NOBODY.search(said) else Kind.SOFT
