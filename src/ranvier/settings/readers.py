"""The tables of newsletter.toml that are about readers: pages, sign-up, what comes back, what is kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ranvier.errors import ConfigurationError
from ranvier.events.rules import BounceRules
from ranvier.rendering.page_words import PAGE_WORDS
from ranvier.settings import FILE
from ranvier.settings.values import bounded
from ranvier.toml import options


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """`[pages]`: what the public pages say; none of it reaches a mail."""

    words: dict[str, str] = field(default_factory=lambda: dict(PAGE_WORDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpOptions:
    """`[signup]`: the public form."""

    consent: str = ""
    """What people agree to, in the publication's own words (R113); empty: there is no form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """`[retention]`: for how many days what is kept for how long."""

    unconfirmed_days: int = 30
    """Sign-ups that nobody confirmed; never longer (R138)."""
    events_days: int = 400
    """What came back about deliveries; failures are counted over several issues."""
    set_aside_days: int = 30
    """What a provider told about nobody here."""
    ask_again_days: int = 0
    """After so many days people are asked whether they still want it, such as 365; 0: never."""
    answer_days: int = 21
    """So long they have to answer. Who does not is not written to until they subscribe again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGridAccount:
    """`[sendgrid]`: what is public about the account."""

    webhook_key: str = ""
    """The verification key of the signed Event Webhook, as SendGrid shows it; empty: no webhook."""


def pages_of(table: dict[str, Any]) -> PageOptions:
    """`[pages]`, its words added to the English ones."""
    where = f"{FILE}: [pages]"
    own = options(table, PageOptions, where=where)
    for key in own.words:
        if key not in PAGE_WORDS:
            message = f"{key} is not known here; allowed: {', '.join(PAGE_WORDS)}"
            raise ConfigurationError(message, where=f"{where} words")
    return replace(own, words={**PAGE_WORDS, **own.words})


def signup_of(table: dict[str, Any]) -> SignUpOptions:
    """`[signup]`."""
    where = f"{FILE}: [signup]"
    signup = options(table, SignUpOptions, where=where)
    if "consent" in table and not signup.consent.strip():
        raise ConfigurationError(
            "consent is empty; take the table out if there is to be no form", where=where
        )
    return signup


def retention_of(table: dict[str, Any]) -> RetentionRules:
    """`[retention]`."""
    where = f"{FILE}: [retention]"
    rules = options(table, RetentionRules, where=where)
    bounded(where, "unconfirmed_days", rules.unconfirmed_days, 4, 30)
    bounded(where, "events_days", rules.events_days, 30, 3660)
    bounded(where, "set_aside_days", rules.set_aside_days, 1, 366)
    bounded(where, "ask_again_days", rules.ask_again_days, 0, 3660)
    bounded(where, "answer_days", rules.answer_days, 7, 90)
    return rules


def bounces_of(table: dict[str, Any]) -> BounceRules:
    """`[bounces]`."""
    where = f"{FILE}: [bounces]"
    rules = options(table, BounceRules, where=where)
    bounded(where, "issues", rules.issues, 1, 100)
    bounded(where, "days", rules.days, 0, 366)
    return rules
