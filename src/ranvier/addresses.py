"""E-mail addresses: which ones are one, how they are compared, how they are shown (RFC 5321, 6531)."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ranvier.errors import InputError

LONGEST = 254
"""Characters of an address: RFC 5321 4.5.3.1.3 allows a path of 256, its angle brackets included."""

_LONGEST_LOCAL = 64  # RFC 5321 4.5.3.1.1
_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address. `email` goes on the wire, `key` tells whether two are the same person's."""

    email: str
    """As given, with a lower-case ASCII domain (IDNA 2008), an NFC local part, and no needless quotes."""
    key: str
    """`email` in lower case, `+tags` kept."""

    @property
    def smtputf8(self) -> bool:
        """Whether a relay must offer SMTPUTF8 to take it (R48)."""
        return not self.email.isascii()


def normalise(text: str) -> Address:
    """The one address that `text` is, space around it ignored.

    Quoted local parts (RFC 5321 4.1.2) and non-ASCII ones are addresses; display names, several addresses,
    IP literals and names that cannot receive mail (localhost, .invalid) are not. Raises InputError.
    """
    given = text.strip()
    try:
        email = _spelt(given)
    except ValueError as error:
        raise InputError(f"{quoted(given)} is not an address: {_reason(error)}") from None
    return Address(email=email, key=email if email.islower() else email.lower())


def quoted(text: str) -> str:
    """A stranger's text inside a message: on one line, cut at 60 characters, nothing a terminal obeys."""
    seen = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_SHOWN])
    return f'"{seen}…"' if len(text) > _SHOWN else f'"{seen}"'


def names(text: str, key: str) -> bool:
    """Whether a text, or JSON, names the address of that key: not one that only ends or begins like it."""
    small = text.lower()
    spelt = re.escape(key), re.escape(json.dumps(key)[1:-1])
    return any(re.search(rf"(?<![\w.+!#$%&'*/=?^`{{|}}~-]){one}(?![\w-]|\.\w)", small) for one in spelt)


def masked(email: str) -> str:
    """An address as its owner recognises it and nobody else does: "a…@e….org"."""
    local, _, domain = email.rpartition("@")
    name, dot, end = domain.rpartition(".")
    return f"{local[:1]}\N{HORIZONTAL ELLIPSIS}@{name[:1]}\N{HORIZONTAL ELLIPSIS}{dot}{end}"


def _spelt(given: str) -> str:
    """The address as it is written on the wire; ValueError says why there is none."""
    if "\N{REPLACEMENT CHARACTER}" in given:
        raise ValueError("it holds a character that could not be read")
    local, _, domain = given.rpartition("@")
    # Nearly every address takes this way: email-validator costs 50 times as much and sees each domain once.
    if len(local) <= _LONGEST_LOCAL and _DOT_ATOM.fullmatch(local):
        email = f"{local}@{_ascii_domain(domain)}"
    else:
        local, domain = _validated(given)
        email = f"{local}@{domain}"
    if len(email.encode()) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} characters")
    return email


@lru_cache(maxsize=65_536)
def _ascii_domain(domain: str) -> str:
    return _validated(f"x@{domain}")[1]


def _validated(address: str) -> tuple[str, str]:
    """Local part and ASCII domain, by the library."""
    import email_validator  # noqa: PLC0415  # 35 ms of start-up that most commands never need

    found = email_validator.validate_email(
        address,
        check_deliverability=False,  # building and importing are offline
        allow_quoted_local=True,
        strict=True,
        test_environment=True,  # lets .test in; example.org and its kin are allowed anyway
    )
    return unicodedata.normalize("NFC", found.local_part), found.ascii_domain


def _reason(error: ValueError) -> str:
    sentence = str(error).rstrip(".")
    return sentence[:1].lower() + sentence[1:]
