"""What newsletter.toml says, as the options of the stages."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ranvier.addresses import normalise, quoted
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.retry import RetryRules
from ranvier.delivery.urls import parse_transport
from ranvier.errors import ConfigurationError, InputError
from ranvier.issue.edition import Edition
from ranvier.issue.issue import MAX_ITEMS
from ranvier.message.sender import (
    LIST_ID,
    MAILBOX,
    RETURN_LOCAL,
    SELECTOR,
    SENDER_ID,
    DkimOptions,
    Sender,
)
from ranvier.rendering.default_words import DEFAULT_WORDS
from ranvier.rendering.links import https_url
from ranvier.rendering.publication import Audience, Disclosures, Links, Logo, Publication
from ranvier.settings import FILE
from ranvier.slug import is_slug
from ranvier.toml import options, parse_toml

LONGEST_SITE = 140
"""Characters, so that a personal link stays below 200 (R33)."""

_URL = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*|localhost")
_REVIEWED = re.compile(r"([^{}]|\{(by|role|date)\})*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47, as far as it matters here

TABLES = (
    "newsletter",
    "sender",
    "logo",
    "links",
    "disclosures",
    "audiences",
    "editions",
    "delivery",
    "dkim",
)


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
    sender = _sender(_table(tables, "sender"))
    return Settings(
        publication=_publication(tables),
        sender=sender,
        editions={slug: _edition(slug, table) for slug, table in _table(tables, "editions").items()},
        delivery=_delivery(_table(tables, "delivery")),
        dkim=_dkim(_table(tables, "dkim"), sender) if "dkim" in tables else None,
    )


def _table(tables: dict[str, Any], name: str) -> dict[str, Any]:
    found = tables.get(name, {})
    if not isinstance(found, dict):
        raise ConfigurationError(f"[{name}] has to be a table", where=FILE)
    return found


def _publication(tables: dict[str, Any]) -> Publication:
    where = f"{FILE}: [newsletter]"
    audiences = tuple(_audience(slug, table) for slug, table in _table(tables, "audiences").items())
    if not audiences:
        raise ConfigurationError("[audiences] is empty; at least one is needed", where=FILE)
    publication = options(
        _table(tables, "newsletter"),
        Publication,
        where=where,
        links=_links(_table(tables, "links")),
        logo=_logo(_table(tables, "logo")) if "logo" in tables else None,
        disclosures=_disclosures(_table(tables, "disclosures")),
        audiences=audiences,
    )
    if not publication.name.strip():
        raise ConfigurationError("name is empty; readers have to know what they read", where=where)
    if not publication.postal_address.strip():
        message = "postal_address is empty; every mail needs one (CAN-SPAM)"
        raise ConfigurationError(message, where=where)
    if not _LANGUAGE.fullmatch(publication.language):
        message = f'language = "{publication.language}" has to be a tag such as en or pt-BR'
        raise ConfigurationError(message, where=where)
    if publication.direction not in ("ltr", "rtl"):
        raise ConfigurationError('direction has to be "ltr" or "rtl"', where=where)
    return replace(publication, words=_words(publication.words))


def _words(own: dict[str, str]) -> dict[str, str]:
    """All words: the publication's own before the English ones."""
    where = f"{FILE}: [newsletter.words]"
    for key in own:
        if key not in DEFAULT_WORDS:
            raise ConfigurationError(
                f"{key} is not known here; allowed: {', '.join(DEFAULT_WORDS)}", where=where
            )
    words = {**DEFAULT_WORDS, **own}
    if len(words["months"].split()) != 12:
        message = f'months = "{words["months"]}" has to be twelve names with spaces between them'
        raise ConfigurationError(message, where=where)
    return words


def _audience(slug: str, table: dict[str, Any]) -> Audience:
    where = f"{FILE}: [audiences.{slug}]"
    audience = options(table, Audience, where=where, slug=_named(slug, where))
    _bounded(where, "max_items", audience.max_items, 1, MAX_ITEMS)
    return audience


def _links(table: dict[str, Any]) -> Links:
    where = f"{FILE}: [links]"
    links = options(table, Links, where=where)
    for key, url in table.items():
        if url and not _is_https(url):
            raise ConfigurationError(f'{key} = "{url}" has to be an https address', where=where)
    site = links.site.rstrip("/")
    if not site:
        raise ConfigurationError("site is empty; unsubscribe links live there (RFC 8058)", where=where)
    if "?" in site or "#" in site:
        raise ConfigurationError("site is an address that links are made of, without ? or #", where=where)
    if len(site) > LONGEST_SITE:
        raise ConfigurationError(
            f"site has more than {LONGEST_SITE} characters; links grow too long", where=where
        )
    return replace(links, site=site)


def _logo(table: dict[str, Any]) -> Logo:
    where = f"{FILE}: [logo]"
    logo = options(table, Logo, where=where)
    if not https_url(logo.url):
        raise ConfigurationError(f'url = "{logo.url}" has to be an https address', where=where)
    if not logo.alt.strip():
        message = "alt is empty; it is what readers get whose mail program shows no pictures"
        raise ConfigurationError(message, where=where)
    _bounded(where, "width", logo.width, 1, 600)
    _bounded(where, "height", logo.height, 1, 600)
    return logo


def _is_https(url: str) -> bool:
    """Whether a reader's browser can open it: https, a host that can be, a port that is one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.netloc.partition(":")[0]
    return parts.scheme == "https" and bool(_URL.fullmatch(url)) and bool(_HOST.fullmatch(host)) and port != 0


def _disclosures(table: dict[str, Any]) -> Disclosures:
    """The caveats; none may be emptied, because no claim goes out without them (promise 6)."""
    where = f"{FILE}: [disclosures]"
    disclosures = options(table, Disclosures, where=where)
    for key, words in table.items():
        if not words.strip():
            raise ConfigurationError(f"{key} is empty; every issue carries it", where=where)
    if not _REVIEWED.fullmatch(disclosures.reviewed):
        message = "reviewed may hold {by}, {role} and {date}, and no other braces"
        raise ConfigurationError(message, where=where)
    return disclosures


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
    edition = options(table, Edition, where=where, slug=_named(slug, where))
    try:
        ZoneInfo(edition.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f'timezone = "{edition.timezone}" is not an IANA zone such as Europe/Berlin'
        raise ConfigurationError(message, where=where) from error
    if not edition.segments:
        raise ConfigurationError('segments is missing, such as segments = ["weekly"]', where=where)
    rules = edition.rules
    _bounded(where, "rules.max_items", rules.max_items, 1, MAX_ITEMS)
    _bounded(where, "rules.per_topic", rules.per_topic, 1, MAX_ITEMS)
    _bounded(where, "rules.window_days", rules.window_days, 1, 366)
    _bounded(where, "rules.late_days", rules.late_days, 0, 3660)
    _bounded(where, "rules.similarity", rules.similarity, 1, 100)
    for name, weight in asdict(rules.weights).items():
        _bounded(where, f"rules.weights.{name}", weight, 0, 1000)
    return edition


def _bounded(where: str, key: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ConfigurationError(f"{key} = {value} has to be from {least} to {most}", where=where)


def _named(slug: str, where: str) -> str:
    if not is_slug(slug):
        raise ConfigurationError("a name has small letters, digits and hyphens only", where=where)
    return slug


def _delivery(table: dict[str, Any]) -> DeliveryOptions:
    where = f"{FILE}: [delivery]"
    delivery = options(table, DeliveryOptions, where=where)
    _bounded(where, "retry_after", delivery.retry_after, 0, 86_400)
    _bounded(where, "factor", delivery.factor, 1, 100)
    _bounded(where, "longest_pause", delivery.longest_pause, 0, 604_800)
    _bounded(where, "deadline_hours", delivery.deadline_hours, 0, 240)
    parse_transport(delivery.transport, where=f"{where} transport")
    _guard(delivery.guard)
    return replace(delivery, pace=_pace(delivery.pace))


def _pace(pace: PaceRules) -> PaceRules:
    where = f"{FILE}: [delivery.pace]"
    for key, rate in {"rate": pace.rate, "per_domain": pace.per_domain, **pace.domains}.items():
        _bounded(where, key, rate, 0, 1_000_000)
    return replace(pace, domains={domain.lower(): rate for domain, rate in pace.domains.items()})


def _guard(guard: GuardRules) -> None:
    where = f"{FILE}: [delivery.guard]"
    _bounded(where, "first", guard.first, 1, 1_000_000)
    for share in ("rejected", "complained", "audience"):
        _bounded(where, share, getattr(guard, share), 0, 1)
