"""What a mail in the bounce box means: a bounce, a complaint, a wish to leave, or nothing (R87-R106).

Formats: delivery status (RFC 3464), abuse reports (RFC 5965, and Outlook.com's own), Exim's
X-Failed-Recipients, and the plain texts of older servers, in which flufl.bounce finds the address.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from typing import TYPE_CHECKING

from ranvier.events.kind import FAILED, Kind
from ranvier.events.phrases import AT_RCPT
from ranvier.events.report_parts import read_parts
from ranvier.events.verdict import classify, enhanced

if TYPE_CHECKING:
    from ranvier.events.report_parts import Fields, Parts

_ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]@]{1,64}@[\w.-]{1,253}\w")
_MOST_TEXT = 500
_MOST_BYTES = 1_000_000
"""Of a mail: a report and the header of its copy come first."""
_MOST_RECIPIENTS = 100

_TO = (
    *("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "cc"),
    *("apparently-to", "x-forwarded-to", "resent-to", "x-rcpt-to", "received"),
)
_IN_COPY = ("return-path", "errors-to", "x-envelope-from", "sender")
_DAEMON = re.compile(
    r"mailer-?daemon|mail-?daemon|post-?master|<>|mdaemon|mail ?(?:delivery|administrator|system|router)|"
    r"mmdf|delivery (?:sub)?system|internet mail|bounce|undeliver|mail-?admin|system administrator",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"undeliver|(?:mail|message|delivery).{0,40}(?:fail|problem|error|not delivered|could not|cannot|unable)|"
    r"fail(?:ure|ed)|returned (?:mail|to sender)|(?:delivery|non-?delivery) (?:report|status|notif|receipt)|"
    r"nondeliver|not deliver|unzustellbar|user unknown|message rejected|could ?n.?t (?:be )?deliver|"
    r"non remis|no entregado|mancata consegna|mail system error|returned mail|delivery warning|warning: ",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\b5\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b|\brcpt\b", re.IGNORECASE)
_ABSENCE = re.compile(
    r"^(?:auto(?:matic|matische|mated)?[ :-]*(?:re(?:ply|sponse|:)|antwort|ack)?|out of (?:the )?office|"
    r"ooo\b|vacation|abwesen|away|on (?:leave|holiday|vacation)|r[eé]ponse automatique|respuesta autom|"
    r"risposta automatica|absence)",
    re.IGNORECASE,
)
_STILL_TRYING = re.compile(
    r"will (?:be )?(?:re)?tr(?:y|ied)|still (?:being )?(?:trying|tried|in (?:the )?queue)|"
    r"no action is required|do not need to (?:resend|retry|do anything)|"
    r"delivery (?:is|has been) delayed|not yet (?:been )?delivered|"
    r"warning (?:message )?only|this is a warning|retry (?:your|the) message",
    re.IGNORECASE,
)
_COMPLAINTS = frozenset({"abuse", "fraud", "miscategorized"})
_WISHES = frozenset({"opt-out", "opt-out-list", "unsubscribe"})
_ACTIONS = {"delayed": Kind.DELAYED, "delivered": Kind.DELIVERED, "relayed": Kind.DELIVERED}
_UNSUBSCRIBE_URL = re.compile(r"<\s*(https?://[^>\s]+)\s*>")

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # a stranger's bytes are no news of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of the message for one recipient; `addresses` are what the mail calls them, if at all."""

    addresses: tuple[str, ...]
    kind: Kind
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a mail means, and by what it can be told whom it is about.

    `addressed_to` are all addresses that it came to, and the return path in the copy; `message_id` and
    `unsubscribe_urls` are those of the message that came back.
    """

    kind: Kind
    code: str = ""
    text: str = ""
    fates: tuple[Fate, ...] = ()
    addressed_to: tuple[str, ...] = ()
    message_id: str = ""
    unsubscribe_urls: tuple[str, ...] = ()


def read_returned(raw: bytes) -> Returned:
    """Read one mail. Whatever the bytes are, there is an answer; what is no bounce is mostly IGNORED."""
    try:
        return _read(raw[:_MOST_BYTES])
    except Exception:  # noqa: BLE001 - the library's parser on a stranger's bytes: it recurses, and more
        return Returned(kind=Kind.IGNORED)


def _read(raw: bytes) -> Returned:
    parts = read_parts(raw)
    fates = _fates(parts, raw)
    worst = next((one for one in fates if one.kind in FAILED), fates[0] if fates else None)
    original = parts.original
    urls = f"{original.get('list-unsubscribe', '')} {parts.feedback.get('list-unsubscribe', '')}"
    return Returned(
        kind=worst.kind if worst else Kind.IGNORED,
        code=worst.code if worst else "",
        text=worst.text if worst else "",
        fates=fates,
        addressed_to=_addressed(parts),
        message_id=original.get("message-id", ""),
        unsubscribe_urls=tuple(_UNSUBSCRIBE_URL.findall(urls)),
    )


def _fates(parts: Parts, raw: bytes) -> tuple[Fate, ...]:
    if parts.receipt:
        return ()
    if parts.feedback:
        return _complaint(parts)
    if (
        "x-hmxmroriginalrecipient" in parts.original
        and "complaint" in parts.header.get("subject", "").lower()
    ):
        return _fate_of((parts.original["x-hmxmroriginalrecipient"],), Kind.COMPLAINT, "", "")
    if groups := [group for group in parts.groups if _recipients(group)]:
        return tuple(_group(group, parts) for group in groups[:_MOST_RECIPIENTS])
    return _in_words(parts, raw)


def _complaint(parts: Parts) -> tuple[Fate, ...]:
    """Who complained is often blacked out; then only our own marks in the copy say it (R99)."""
    said = parts.feedback.get("feedback-type", "").lower()
    if said not in _COMPLAINTS | _WISHES:
        return ()
    kind = Kind.COMPLAINT if said in _COMPLAINTS else Kind.UNSUBSCRIBE
    names = ("original-rcpt-to", "removal-recipient")
    return _fate_of(tuple(parts.feedback.get(name, "") for name in names), kind, "", said)


def _group(group: Fields, parts: Parts) -> Fate:
    """One block of a delivery status: only `failed` is a bounce (R90)."""
    action = group.get("action", "failed").partition(";")[0].split()[:1]
    said = _said(group.get("diagnostic-code", ""))
    status = group.get("status", "")
    code = enhanced(status, said)
    known = _ACTIONS.get(action[0].lower()) if action else None
    if known:
        kind = known
    elif action and action[0].lower() == "expanded":
        kind = Kind.IGNORED
    else:
        kind = _verdict(status, said, parts)
    return Fate(addresses=_recipients(group), kind=kind, code=code, text=_shown(said or status))


def _verdict(status: str, said: str, parts: Parts) -> Kind:
    """By the server's words; where they say nothing, by those around them."""
    # Who gives a status speaks of the recipient; filters that answer for others mostly give none.
    at_rcpt = bool(status or AT_RCPT.search(parts.text.lower()))
    kind = classify(status, said, at_rcpt=at_rcpt)
    unsaid = not said or enhanced(status, said) in {"", "5.0.0", "5.1.0"}
    if kind is not Kind.SOFT or not unsaid or enhanced(status, said).startswith("4."):
        return kind
    # Without a server's words the report is the reporting server's own, about a mailbox of its own.
    around = classify("" if not said else status, parts.text, at_rcpt=at_rcpt or not said)
    return around if around is Kind.HARD else kind


def _in_words(parts: Parts, raw: bytes) -> tuple[Fate, ...]:
    """A bounce without a report in it (R106: absence notes and challenges look much alike)."""
    header = parts.header
    failed = _ADDRESS.findall(header.get("x-failed-recipients", ""))
    sender = f"{header.get('from', '')} {header.get('sender', '')} {header.get('return-path', '')}"
    subject = header.get("subject", "")
    by_daemon, by_subject = bool(_DAEMON.search(sender)), bool(_FAILURE.search(subject))
    if not failed and (_ABSENCE.match(subject) or not (by_daemon or by_subject)):
        return ()
    found = tuple(failed) or _addresses(raw)
    if not (found or (by_daemon and (by_subject or _REFUSED.search(parts.text)))):
        return ()
    if _STILL_TRYING.search(parts.text):
        return _fate_of(found, Kind.DELAYED, "", "")
    kind = classify("", parts.text, at_rcpt=bool(failed))
    return _fate_of(found, kind, enhanced("", parts.text), _shown(parts.text))


def _fate_of(addresses: tuple[str, ...], kind: Kind, code: str, text: str) -> tuple[Fate, ...]:
    """The same fate for each of the addresses; for somebody unnamed where there are none."""
    known = [(found.group(),) for one in addresses if (found := _ADDRESS.search(one))]
    whom: list[tuple[str, ...]] = [*known[:_MOST_RECIPIENTS]] or [()]
    return tuple(Fate(addresses=one, kind=kind, code=code, text=text) for one in whom)


def _addresses(raw: bytes) -> tuple[str, ...]:
    """Addresses that flufl.bounce finds in the texts of servers that it knows."""
    from flufl.bounce import all_failures  # noqa: PLC0415 - only for old texts

    try:
        passing, lasting = all_failures(message_from_bytes(raw))
    except Exception:  # noqa: BLE001 - another's parser on a stranger's bytes: anything can happen
        return ()
    return tuple(sorted(one.decode("utf-8", "replace") for one in lasting | passing))


def _recipients(group: Fields) -> tuple[str, ...]:
    names = ("original-recipient", "final-recipient", "x-actual-recipient")
    found = (_ADDRESS.search(group.get(name, "").rpartition(";")[2]) for name in names)
    return tuple(dict.fromkeys(one.group() for one in found if one))


def _addressed(parts: Parts) -> tuple[str, ...]:
    values = [value for name in _TO for value in parts.every.get(name, ())]
    values += [parts.original.get(name, "") for name in _IN_COPY]
    return tuple(dict.fromkeys(found for value in values for found in _ADDRESS.findall(value)))


def _said(diagnostic: str) -> str:
    """The words of a Diagnostic-Code without its type, `smtp; 550 …`."""
    kind, semicolon, rest = diagnostic.partition(";")
    return rest.strip() if semicolon and kind.strip().isidentifier() else diagnostic


def _shown(text: str) -> str:
    return " ".join(text.split())[:_MOST_TEXT]
