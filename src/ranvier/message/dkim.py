"""DKIM signatures: rsa-sha256, relaxed/relaxed, the body hashed piece by piece (RFC 6376, 8301; R57-R61)."""

from __future__ import annotations

import re
import textwrap
from base64 import b64encode
from collections import defaultdict
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ranvier.errors import ConfigurationError
from ranvier.message.template import Place, for_items, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from ranvier.message.sender import DkimOptions
    from ranvier.message.template import Cut, MessageTemplate, Run
    from ranvier.rendering.chunks import SlotName

SIGNED = (
    "From",
    "Sender",
    "Reply-To",
    "Subject",
    "Date",
    "To",
    "Cc",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-Id",
    "List-Help",
    "List-Owner",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Post",
    "List-Archive",
    "List-Subscribe",
    "Feedback-ID",
    "Auto-Submitted",
)
"""Fields that a signature covers where they are present, in the order of its `h=` (R57)."""

NEVER_ADDED = frozenset(SIGNED[: SIGNED.index("Content-Transfer-Encoding") + 1])
"""Named once more than present, so that one more of them breaks the signature (R58)."""

NO_SECOND = frozenset({"List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"})
"""The same, but only if there is one: some relays give a message a Feedback-ID of theirs."""

LEAST_BITS = 1024
"""Of an RSA key; mailbox providers ask for that, and recommend 2048 (RFC 8301 section 3.2, R56)."""

_COLUMNS = 76
_WHERE = "newsletter.toml: [dkim]"
_LINE_END = b"\r\n"
_EMPTY_LINE = b"\r\n\r\n"
_EVERYTHING = -1
"""An item set."""
_GAP = b"\0"
"""In place of what is personal; no header holds one (R34)."""
# A single space is what both forms have, and not worth a replacement.
_SPACE = re.compile(rb"\t[ \t]*| [ \t]+")


@dataclass(frozen=True, slots=True)
class Signable:
    """A message template with all that can be known of its signature before there is a reader."""

    template: MessageTemplate
    relaxed: MessageTemplate
    """Its body is in the form that is hashed, as far as it is shared."""
    covered: tuple[bytes | Run, ...]
    """Fields in the order of `h=`: relaxed, or with places for what is personal."""
    listed: str
    """The tag `h=`, folded."""


@dataclass(frozen=True, slots=True)
class SignableCut:
    """What all readers with one item set get, with the relaxed form of its body."""

    of: Signable
    cut: Cut
    relaxed: Run


def signable(template: MessageTemplate) -> Signable:
    """The template, prepared to be signed."""
    fields: dict[bytes, list[bytes | Run]] = defaultdict(list)
    header = for_items(template, _EVERYTHING).header
    places = iter([piece for piece in header if isinstance(piece, Place)])
    for line in relaxed_fields(b"".join(_GAP if isinstance(piece, Place) else piece for piece in header)):
        name = line.partition(b":")[0]
        before, *others = line.split(_GAP)
        personal = tuple(piece for after in others for piece in (next(places), after))
        fields[name].append((before, *personal) if personal else line)
    names = _names({name: len(lines) for name, lines in fields.items()})
    # Section 5.4.2: of several fields of a name the lowest comes first; one that is absent is nothing.
    covered = [fields[name].pop() for name in map(_lower, names) if fields[name]]
    return Signable(template, _relaxed(template), tuple(covered), _listed(names))


def signable_for(prepared: Signable, item_set: int) -> SignableCut:
    """`template.for_items`, of a template that is prepared to be signed."""
    cut, relaxed = for_items(prepared.template, item_set), for_items(prepared.relaxed, item_set)
    return SignableCut(prepared, cut, relaxed.body)


class Signer:
    """Signs for one domain; `sign` is RSASSA-PKCS1-v1_5 with SHA-256 over the bytes that it is given."""

    def __init__(self, options: DkimOptions, sign: Callable[[bytes], bytes]) -> None:
        self._tags = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d={options.domain};\r\n s={options.selector};"
        )
        self._sign = sign

    def splice(self, cut: SignableCut, values: Mapping[SlotName, str], *, moment: datetime) -> bytes:
        """One reader's message as `template.splice` makes it, with the signature of `moment` in front."""
        body = written(cut.cut.body, values)
        hashed = [
            relaxed_lines(made) if isinstance(piece, Place) else piece
            for piece, made in zip(cut.relaxed, body, strict=True)
        ]
        covered = [
            field if isinstance(field, bytes) else relaxed_field(b"".join(written(field, values)))
            for field in cut.of.covered
        ]
        unsigned = (
            f"DKIM-Signature: {self._tags}\r\n {cut.of.listed};"
            f"\r\n t={int(moment.timestamp())};\r\n bh={_base64(body_hash(hashed))};\r\n b="
        ).encode()
        signature = self._sign(b"".join(covered) + relaxed_field(unsigned).removesuffix(b"\r\n"))
        field = unsigned + _folded(_base64(signature)).encode()
        return b"".join((field, b"\r\n", *written(cut.cut.header, values), *body))


def open_signer(options: DkimOptions, key_pem: bytes) -> Signer:
    """A signer with the key that `options.key_file` holds.

    Raises ConfigurationError if the key cannot sign.
    """
    # 25 ms of start-up, for those who sign.
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

    key, scheme, algorithm = _rsa_key(options, key_pem), padding.PKCS1v15(), hashes.SHA256()
    return Signer(options, lambda signed: key.sign(signed, scheme, algorithm))


def _rsa_key(options: DkimOptions, key_pem: bytes) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as in open_signer
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        key = load_pem_private_key(key_pem, password=None)
    except TypeError:
        raise _unfit(options, "has a passphrase, which nobody can type when mails leave") from None
    except (ValueError, UnsupportedAlgorithm):
        raise _unfit(options, "is not a private key in PEM (PKCS#8 or PKCS#1)") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _unfit(options, "is not an RSA key")
    if key.key_size < LEAST_BITS:
        raise _unfit(options, f"has {key.key_size} bits; mailbox providers refuse so few, and recommend 2048")
    return key


def _unfit(options: DkimOptions, why: str) -> ConfigurationError:
    return ConfigurationError(f'key_file = "{options.key_file}" {why}', where=_WHERE)


def body_hash(pieces: Iterable[bytes]) -> bytes:
    """SHA-256 of a body, given as its relaxed pieces; each is whole lines with CRLF, or nothing.

    Empty lines are held back until something follows them, because those at the end do not count.
    """
    hashed, held = sha256(), b""
    for piece in pieces:
        text = piece
        if piece.endswith(_EMPTY_LINE) or len(piece) <= len(_LINE_END):
            text = piece.rstrip(_LINE_END)
            text += _LINE_END if text else b""
        if text:
            hashed.update(held + text if held else text)
            held = b""
        held += piece[len(text) :]
    return hashed.digest()


def relaxed_lines(lines: bytes) -> bytes:
    """Whole lines in the relaxed form: no space before a line end, and else never two (section 3.4.4)."""
    return _SPACE.sub(b" ", lines).replace(b" \r\n", _LINE_END)


def relaxed_fields(header: bytes) -> list[bytes]:
    """Each field of a header in the relaxed form, top down."""
    unfolded = header.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    return [relaxed_field(line) for line in unfolded.split(_LINE_END) if b":" in line]


def relaxed_field(field: bytes) -> bytes:
    """One field in the relaxed form, its name in lower case, with its line end (section 3.4.2)."""
    name, _, value = _SPACE.sub(b" ", field.replace(_LINE_END, b"")).partition(b":")
    return b"%b:%b\r\n" % (name.rstrip(b" ").lower(), value.strip(b" "))


def _relaxed(template: MessageTemplate) -> MessageTemplate:
    body = tuple(
        piece if isinstance(piece, Place) else replace(piece, wire=relaxed_lines(piece.wire))
        for piece in template.body
    )
    return replace(template, body=body)


def _names(counts: Mapping[bytes, int]) -> list[str]:
    """What `h=` has for a header with so many fields of each name, in lower case."""
    names: list[str] = []
    for name in SIGNED:
        count = counts.get(_lower(name), 0)
        once_more = name in NEVER_ADDED or (count > 0 and name in NO_SECOND)
        names += [name] * (count + once_more)
    return names


def _listed(names: Sequence[str]) -> str:
    lines = textwrap.wrap(f"h={': '.join(names)}", _COLUMNS - 2, break_on_hyphens=False)
    return "\r\n ".join(line.replace(": ", ":") for line in lines)


def _lower(name: str) -> bytes:
    return name.lower().encode()


def _base64(raw: bytes) -> str:
    return b64encode(raw).decode()


def _folded(signature: str) -> str:
    """The value of `b=`, which stands behind three characters in its first line."""
    first, width = _COLUMNS - 3, _COLUMNS - 1
    lines = (signature[at : at + width] for at in range(first, len(signature), width))
    return "\r\n ".join((signature[:first], *lines))
