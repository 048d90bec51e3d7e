"""What newsletter.toml says, as the options of the stages."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ranvier.addresses import normalise, quoted
from ranvier.checks.rules import QUIETABLE, CheckRules
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.retry import RetryRules
from ranvier.delivery.urls import parse_transport
from ranvier.errors import ConfigurationError, InputError
from ranvier.events.rules import BounceRules
from ranvier.issue.edition import Edition
from ranvier.issue.issue import MAX_ITEMS
from ranvier.message.sender import (
    LIST_ID,
    MAILBOX,
    RETURN_LOCAL,
    SELECTOR,
    SENDER_ID,
    UNSUBSCRIBE_LOCAL,
    DkimOptions,
    Sender,
)
from ranvier.rendering.publication import Publication  # noqa: TC001 - msgspec and dataclasses read it
from ranvier.settings import FILE
from ranvier.settings.publication import publication_of
from ranvier.settings.readers import (
    PageOptions,
    RetentionRules,
    SendGridAccount,
    SignUpOptions,
    bounces_of,
    pages_of,
    retention_of,
    signup_of,
)
from ranvier.settings.values import bounded, named, table
from ranvier.toml import options, parse_toml

TABLES = (
    "newsletter",
    "sender",
    "logo",
    "links",
    "disclosures",
    "audiences",
    "editions",
    "checks",
    "delivery",
    "dkim",
    "pages",
    "bounces",
    "sendgrid",
    "signup",
    "retention",
)

_SPAMD = re.compile(r"[A-Za-z0-9.-]+:[0-9]{1,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOptions(RetryRules):
    """`[delivery]`: where messages go, how patiently, how fast, and what stops a send by itself.

    Times are in seconds unless they say hours, rates in messages a second.
    """

    transport: str = "outbox:digests/outbox"
    pace: PaceRules = field(default_factory=PaceRules)
    guard: GuardRules = field(default_factory=GuardRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in newsletter.toml."""

    publication: Publication
    sender: Sender
    editions: dict[str, Edition]
    delivery: DeliveryOptions
    checks: CheckRules = field(default_factory=CheckRules)
    pages: PageOptions = field(default_factory=PageOptions)
    bounces: BounceRules = field(default_factory=BounceRules)
    sendgrid: SendGridAccount = field(default_factory=SendGridAccount)
    signup: SignUpOptions = field(default_factory=SignUpOptions)
    retention: RetentionRules = field(default_factory=RetentionRules)
    dkim: DkimOptions | None = None
    """None: a relay or a provider signs, or nobody does."""

    def edition(self, slug: str) -> Edition:
        """The edition of that name."""
        if slug not in self.editions:
            message = f'there is no edition "{slug}"; {FILE} has: {", ".join(self.editions)}'
            raise ConfigurationError(message, where=slug)
        return self.editions[slug]


def read_settings(text: str) -> Settings:
    """newsletter.toml, checked."""
    tables = parse_toml(text, where=FILE)
    for name in tables:
        if name not in TABLES:
            raise ConfigurationError(f"[{name}] is not known; allowed: {', '.join(TABLES)}", where=FILE)
    sender = _sender(table(tables, "sender"))
    return Settings(
        publication=publication_of(tables),
        sender=sender,
        editions={slug: _edition(slug, table) for slug, table in table(tables, "editions").items()},
        delivery=_delivery(table(tables, "delivery")),
        checks=_checks(table(tables, "checks")),
        pages=pages_of(table(tables, "pages")),
        bounces=bounces_of(table(tables, "bounces")),
        signup=signup_of(table(tables, "signup")),
        retention=retention_of(table(tables, "retention")),
        sendgrid=options(table(tables, "sendgrid"), SendGridAccount, where=f"{FILE}: [sendgrid]"),
        dkim=_dkim(table(tables, "dkim"), sender) if "dkim" in tables else None,
    )


def _sender(table: dict[str, Any]) -> Sender:
    where = f"{FILE}: [sender]"
    sender = options(table, Sender, where=where)
    if not sender.name.strip():
        raise ConfigurationError("name is empty; readers have to know who writes", where=where)
    if not LIST_ID.fullmatch(sender.list_id):
        message = f'list_id = "{sender.list_id}" has to be a list identifier such as digest.news.example.org'
        raise ConfigurationError(message, where=where)
    if sender.feedback_id and not SENDER_ID.fullmatch(sender.feedback_id):
        message = f'feedback_id = "{sender.feedback_id}" has to be 5 to 15 letters or digits'
        raise ConfigurationError(message, where=where)
    address = _address("address", sender.address, where)
    return replace(
        sender,
        address=address,
        reply_to=sender.reply_to and _address("reply_to", sender.reply_to, where),
        bounce_domain=sender.bounce_domain and _bounce_domain(sender.bounce_domain, address, where),
        unsubscribe_domain=sender.unsubscribe_domain
        and _domain("unsubscribe_domain", sender.unsubscribe_domain, where, local="u" * UNSUBSCRIBE_LOCAL),
    )


def _bounce_domain(given: str, address: str, where: str) -> str:
    # An address has a longest length, and return paths are long ones.
    domain = _domain("bounce_domain", given, where, local="b" * RETURN_LOCAL)
    # Roughly the organisational domain: without a list of public suffixes more cannot be known (R62).
    shared = "." + ".".join(address.rpartition("@")[2].split(".")[-2:])
    if not f".{domain}".endswith(shared):
        message = f"bounce_domain = {quoted(given)} has to end in {shared}; else SPF is not aligned (DMARC)"
        raise ConfigurationError(message, where=where)
    return domain


def _dkim(table: dict[str, Any], sender: Sender) -> DkimOptions:
    where = f"{FILE}: [dkim]"
    dkim = options(table, DkimOptions, where=where)
    domain = _domain("domain", dkim.domain, where)
    if not f".{sender.domain}".endswith(f".{domain}"):
        message = f'domain = {quoted(domain)} has to be "{sender.domain}" or a domain above it, to be aligned'
        raise ConfigurationError(message, where=where)
    if not SELECTOR.fullmatch(dkim.selector):
        message = f"selector = {quoted(dkim.selector)} has to be a name in DNS such as 2026a"
        raise ConfigurationError(message, where=where)
    if not dkim.key_file.strip():
        raise ConfigurationError("key_file is empty; it is the path of a private key in PEM", where=where)
    return replace(dkim, domain=domain)


def _domain(key: str, given: str, where: str, *, local: str = "x") -> str:
    """The domain of an address, in ASCII and lower case."""
    try:
        return normalise(f"{local}@{given}").email.rpartition("@")[2]
    except InputError as error:
        message = f"{key} = {quoted(given)} has to be a domain such as news.example.org"
        raise ConfigurationError(message, where=where) from error


def _address(key: str, given: str, where: str) -> str:
    """An address as headers take it, its domain in ASCII."""
    try:
        email = normalise(given).email
    except InputError as error:
        raise ConfigurationError(f"{key}: {error.message}", where=where) from error
    if not (email.isascii() and MAILBOX.fullmatch(email)):
        message = f'{key} = "{given}" has to be plain ASCII before the @, without quotation marks'
        raise ConfigurationError(message, where=where)
    return email


def _edition(slug: str, table: dict[str, Any]) -> Edition:
    where = f"{FILE}: [editions.{slug}]"
    edition = options(table, Edition, where=where, slug=named(slug, where))
    try:
        ZoneInfo(edition.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f'timezone = "{edition.timezone}" is not an IANA zone such as Europe/Berlin'
        raise ConfigurationError(message, where=where) from error
    if not edition.segments:
        raise ConfigurationError('segments is missing, such as segments = ["weekly"]', where=where)
    rules = edition.rules
    bounded(where, "rules.max_items", rules.max_items, 1, MAX_ITEMS)
    bounded(where, "rules.per_topic", rules.per_topic, 1, MAX_ITEMS)
    bounded(where, "rules.window_days", rules.window_days, 1, 366)
    bounded(where, "rules.late_days", rules.late_days, 0, 3660)
    bounded(where, "rules.similarity", rules.similarity, 1, 100)
    for name, weight in asdict(rules.weights).items():
        bounded(where, f"rules.weights.{name}", weight, 0, 1000)
    return edition


def _checks(table: dict[str, Any]) -> CheckRules:
    where = f"{FILE}: [checks]"
    checks = options(table, CheckRules, where=where)
    for code in checks.quiet:
        if code not in QUIETABLE:
            message = f'quiet: "{code}" is always said; allowed: {", ".join(QUIETABLE)}'
            raise ConfigurationError(message, where=where)
    bounded(where, "most_grade", checks.most_grade, 1, 20)
    bounded(where, "item_leeway", checks.item_leeway, 0, 20)
    if checks.spamd and not _SPAMD.fullmatch(checks.spamd):
        message = f"spamd = {quoted(checks.spamd)} has to be host:port such as 127.0.0.1:783"
        raise ConfigurationError(message, where=where)
    return checks


def _delivery(table: dict[str, Any]) -> DeliveryOptions:
    where = f"{FILE}: [delivery]"
    delivery = options(table, DeliveryOptions, where=where)
    bounded(where, "retry_after", delivery.retry_after, 0, 86_400)
    bounded(where, "factor", delivery.factor, 1, 100)
    bounded(where, "longest_pause", delivery.longest_pause, 0, 604_800)
    bounded(where, "deadline_hours", delivery.deadline_hours, 0, 240)
    parse_transport(delivery.transport, where=f"{where} transport")
    _guard(delivery.guard)
    return replace(delivery, pace=_pace(delivery.pace))


def _pace(pace: PaceRules) -> PaceRules:
    where = f"{FILE}: [delivery.pace]"
    for key, rate in {"rate": pace.rate, "per_domain": pace.per_domain, **pace.domains}.items():
        bounded(where, key, rate, 0, 1_000_000)
    return replace(pace, domains={domain.lower(): rate for domain, rate in pace.domains.items()})


def _guard(guard: GuardRules) -> None:
    where = f"{FILE}: [delivery.guard]"
    bounded(where, "first", guard.first, 1, 1_000_000)
    for share in ("rejected", "complained", "audience"):
        bounded(where, share, getattr(guard, share), 0, 1)
