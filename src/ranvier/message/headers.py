"""The header of a digest: list identity, one-click unsubscribe, no name or disease (R1-R34)."""

from __future__ import annotations

import textwrap
import unicodedata
from email import message_from_string
from email.header import Header
from email.utils import quote
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded

from ranvier.errors import ConfigurationError, InputError
from ranvier.message.sender import LIST_ID, MAILBOX, SENDER_ID
from ranvier.rendering.chunks import Chunk, Part, Slot, SlotName, join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ranvier.errors import RanvierError
    from ranvier.message.sender import Sender
    from ranvier.rendering.publication import Publication

MAX_LINE = 76
"""Characters of a header line that holds an encoded-word (RFC 2047 section 2)."""

ONE_CLICK = "List-Unsubscribe=One-Click"
"""The value of List-Unsubscribe-Post, byte for byte (RFC 8058 section 5)."""

_MAIL_SUBJECT = "?subject=unsubscribe"
_UNFIT = {"Cc", "Cs", "Zl", "Zp"}
_PROVIDERS_OWN = {"From", "Reply-To", "To", "Subject", "Date"}
_PERSONAL = {"List-Unsubscribe", "Message-ID"}

Field = tuple[str, str | Slot | Part]
"""A header field: its name, and its folded value, the slot that holds it, or the whole line."""


def header_part(issue_id: str, subject: str, publication: Publication, sender: Sender) -> Part:
    r"""All header fields but MIME-Version and Content-Type, as chunks and slots with CRLF line ends.

    Raises ConfigurationError or InputError for a value that cannot stand in a header (R34).
    """
    return tuple(
        piece
        for name, value in _fields(issue_id, subject, publication, sender)
        for piece in _line(name, value)
    )


def notice_header(subject: str, sender: Sender) -> Part:
    """The same for a mail about the list itself: it is nobody's list mail, so it has no list's fields."""
    where = "newsletter.toml: [pages] words"
    fields: list[Field] = [
        ("From", _mailbox("From", sender.name, sender.address)),
        ("To", Slot(SlotName.TO)),
        ("Subject", unstructured("Subject", _checked(subject, ConfigurationError, where=where))),
        ("Date", Slot(SlotName.DATE)),
        ("Message-ID", Slot(SlotName.MESSAGE_ID)),
        ("Auto-Submitted", "auto-generated"),
    ]
    if sender.reply_to:
        fields.insert(1, ("Reply-To", _addr_spec(sender.reply_to, key="reply_to")))
    return tuple(piece for name, value in fields for piece in _line(name, value))


def with_subject(header: Part, subject: str) -> Part:
    """A `header_part` with another subject."""
    field = Chunk(f"Subject: {unstructured('Subject', subject)}\r\n")
    return tuple(
        field if isinstance(piece, Chunk) and piece.text.startswith("Subject: ") else piece
        for piece in header
    )


def shared_headers(header: Part) -> dict[str, str]:
    """The fields that a provider's API takes as they are: the same for all, and not its own (R157)."""
    fields = message_from_string(join(header, dict.fromkeys(SlotName, ""))).items()
    return {name: value for name, value in fields if name not in _PROVIDERS_OWN | _PERSONAL}


def personal_headers(values: Mapping[SlotName, str]) -> dict[str, str]:
    """One reader's own fields for a provider's API (R158)."""
    mail = values.get(SlotName.UNSUBSCRIBE_MAIL)
    by_mail = f", <mailto:{mail}{_MAIL_SUBJECT}>" if mail else ""
    return {
        "List-Unsubscribe": f"<{values[SlotName.UNSUBSCRIBE_URL]}>{by_mail}",
        "Message-ID": values[SlotName.MESSAGE_ID],
    }


def _fields(issue_id: str, subject: str, publication: Publication, sender: Sender) -> Iterator[Field]:
    yield "From", _mailbox("From", sender.name, sender.address)
    if sender.reply_to:
        yield "Reply-To", _addr_spec(sender.reply_to, key="reply_to")
    yield "To", Slot(SlotName.TO)
    yield "Subject", unstructured("Subject", _checked(subject, InputError, where=f"{issue_id}: subject"))
    yield "Date", Slot(SlotName.DATE)
    yield "Message-ID", Slot(SlotName.MESSAGE_ID)
    yield "List-Id", _list_id(sender)
    # RFC 8058: both fields together make the mail client's own unsubscribe button work.
    yield "List-Unsubscribe", _unsubscribe(sender)
    yield "List-Unsubscribe-Post", ONE_CLICK
    if help_url := _help_url(publication.contact):
        yield "List-Help", f"<{help_url}>"
    yield "List-Post", "NO"
    if sender.feedback_id:
        yield "Feedback-ID", _feedback_id(issue_id, sender)
    yield "Auto-Submitted", "auto-generated"


def _line(name: str, value: str | Slot | Part) -> Part:
    if isinstance(value, tuple):
        return value
    if isinstance(value, str):
        return (Chunk(f"{name}: {value}\r\n"),)
    return Chunk(f"{name}: "), value, Chunk("\r\n")


def _unsubscribe(sender: Sender) -> Part:
    """The https address first: the one click goes there; a mail address behind it (RFC 2369, R1)."""
    url = (Chunk("List-Unsubscribe: <"), Slot(SlotName.UNSUBSCRIBE_URL))
    if not sender.unsubscribe_domain:
        return (*url, Chunk(">\r\n"))
    mail = (Chunk(">,\r\n <mailto:"), Slot(SlotName.UNSUBSCRIBE_MAIL), Chunk(f"{_MAIL_SUBJECT}>\r\n"))
    return (*url, *mail)


def unstructured(name: str, text: str) -> str:
    """Free text as the folded value of the field `name`: plain ASCII where that reads back exactly.

    Else encoded-words of at most 75 characters that never split a character (R43).
    """
    words = text.split(" ")
    if (
        text.isascii()
        and "=?" not in text
        and all(0 < len(word) <= MAX_LINE - len(name) - 3 for word in words)
    ):
        # The field's name stands in for its own width and is taken off again.
        lines = textwrap.wrap(f"{name}: {text}", MAX_LINE - 1, break_long_words=False, break_on_hyphens=False)
        return "\r\n ".join(lines).removeprefix(f"{name}: ")
    return _encoded_words(name, text)


def _encoded_words(name: str, text: str) -> str:
    return Header(text, "utf-8", maxlinelen=MAX_LINE, header_name=name).encode(linesep="\r\n")


def _mailbox(name: str, phrase: str, address: str) -> str:
    """A display name and an addr-spec, which is never encoded (R44) and gets a line of its own if need be."""
    spec = f"<{_addr_spec(address, key='address')}>"
    phrase = _checked(phrase, ConfigurationError, where="newsletter.toml: [sender] name")
    if not phrase:
        return spec[1:-1]
    plain = phrase.isascii() and "=?" not in phrase
    shown = f'"{quote(phrase)}"' if plain else _encoded_words(name, phrase)
    last_line = f"{name}: {shown}".rpartition("\r\n")[2]
    return f"{shown} {spec}" if len(last_line) + 1 + len(spec) <= MAX_LINE else f"{shown}\r\n {spec}"


def _list_id(sender: Sender) -> str:
    """RFC 2919. The phrase is left out unless it is ASCII, because parsers disagree about it (R19)."""
    if not LIST_ID.fullmatch(sender.list_id):
        raise ConfigurationError(
            f'"{sender.list_id}" is not a list identifier; write something like digest.news.example.org',
            where="newsletter.toml: [sender] list_id",
        )
    plain = sender.name and sender.name.isascii() and "=?" not in sender.name
    return f'"{quote(sender.name)}" <{sender.list_id}>' if plain else f"<{sender.list_id}>"


def _help_url(contact: str) -> str:
    """An address or a page to ask for help (RFC 2369 section 3.1); empty when the contact is neither."""
    if MAILBOX.fullmatch(contact):
        return f"mailto:{percent_encoded(contact, safe='@+')}"
    return percent_encoded(contact, safe=":/?#=&%@+~") if contact.startswith("https://") else ""


def _feedback_id(issue_id: str, sender: Sender) -> str:
    """Gmail's Feedback-ID: opaque codes for the issue and the list, then the sender's own (R20, R119)."""
    if not SENDER_ID.fullmatch(sender.feedback_id):
        raise ConfigurationError(
            f'"{sender.feedback_id}" must be 5 to 15 letters or digits',
            where="newsletter.toml: [sender] feedback_id",
        )
    issue_code, list_code = (sha256(v.encode()).hexdigest()[:10] for v in (issue_id, sender.list_id))
    return f"{issue_code}:{list_code}:digest:{sender.feedback_id}"


def _addr_spec(address: str, *, key: str) -> str:
    if address.isascii() and MAILBOX.fullmatch(address):
        return address
    raise ConfigurationError(
        f'"{address}" cannot stand in a header; write one plain address, its domain in ASCII',
        where=f"newsletter.toml: [sender] {key}",
    )


def _checked(value: str, refusal: type[RanvierError], *, where: str) -> str:
    """The value, unless it could end its line or is no text (R34)."""
    if any(unicodedata.category(char) in _UNFIT for char in value):
        raise refusal("holds a line break or a control character; take it out", where=where)
    return value
