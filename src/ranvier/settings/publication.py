"""The publication's own tables of newsletter.toml: names, links, logo, words, caveats and audiences."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ranvier.errors import ConfigurationError
from ranvier.issue.issue import MAX_ITEMS
from ranvier.rendering.default_words import DEFAULT_WORDS
from ranvier.rendering.links import https_url
from ranvier.rendering.publication import Audience, Disclosures, Links, Logo, Publication
from ranvier.settings import FILE
from ranvier.settings.values import bounded, named, table
from ranvier.toml import options

LONGEST_SITE = 140
"""Characters, so that a personal link stays below 200 (R33)."""
_URL = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*|localhost")
_REVIEWED = re.compile(r"([^{}]|\{(by|role|date)\})*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47, as far as it matters here


def publication_of(tables: dict[str, Any]) -> Publication:
    """Everything of newsletter.toml that can reach a reader, but the sender."""
    where = f"{FILE}: [newsletter]"
    audiences = tuple(_audience(slug, table) for slug, table in table(tables, "audiences").items())
    if not audiences:
        raise ConfigurationError("[audiences] is empty; at least one is needed", where=FILE)
    publication = options(
        table(tables, "newsletter"),
        Publication,
        where=where,
        links=_links(table(tables, "links")),
        logo=_logo(table(tables, "logo")) if "logo" in tables else None,
        disclosures=_disclosures(table(tables, "disclosures")),
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
    audience = options(table, Audience, where=where, slug=named(slug, where))
    bounded(where, "max_items", audience.max_items, 1, MAX_ITEMS)
    return audience


def _links(table: dict[str, Any]) -> Links:
    where = f"{FILE}: [links]"
    links = options(table, Links, where=where)
    for key, url in table.items():
        if url and not _is_https(_filled(url) if key == "view" else url):
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


def _filled(view: str) -> str:
    """The address of an issue, for example."""
    return view.replace("{issue}", "weekly/2026-11-23").replace("{audience}", "1")


def _logo(table: dict[str, Any]) -> Logo:
    where = f"{FILE}: [logo]"
    logo = options(table, Logo, where=where)
    if not https_url(logo.url):
        raise ConfigurationError(f'url = "{logo.url}" has to be an https address', where=where)
    if not logo.alt.strip():
        message = "alt is empty; it is what readers get whose mail program shows no pictures"
        raise ConfigurationError(message, where=where)
    bounded(where, "width", logo.width, 1, 600)
    bounded(where, "height", logo.height, 1, 600)
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
