"""Message-ID, links, Date and return path: opaque, stable, one for each reader."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranvier.message.identity import (
    PREFERENCES,
    UNSUBSCRIBE,
    date_header,
    message_id,
    payload,
    preferences_url,
    return_path,
    returned,
    slot_values,
    unsubscribe_url,
)
from ranvier.message.sender import RETURN_LOCAL
from ranvier.rendering.chunks import SlotName
from ranvier.settings.publication import LONGEST_SITE
from ranvier.tokens import Secrets, verify

SECRETS = Secrets((b"one secret",))
SITE = "https://news.example.org"
MAX_URL = 200  # R33
BOUNCES = "bounce.example.org"


def test_a_copy_keeps_its_message_id_and_no_two_copies_share_one():
    ids = {
        message_id(SECRETS, issue, reader, "news.example.org")
        for issue in ("weekly/2026-11-23", "weekly/2026-11-30")
        for reader in range(50)
    }
    assert len(ids) == 100
    again = message_id(SECRETS, "weekly/2026-11-23", 7, "news.example.org")
    assert again in ids
    assert re.fullmatch(r"<[0-9a-f]{32}@news\.example\.org>", again)


def test_a_retry_has_the_same_message_id_although_the_secrets_were_rotated():
    rotated = Secrets((b"a newer one", *SECRETS.keys))
    first, again = (message_id(secrets, "weekly/2026-11-23", 7, "d") for secrets in (SECRETS, rotated))
    assert first == again


def test_issue_and_reader_cannot_run_into_each_other():
    assert message_id(SECRETS, "weekly/1", 11, "d") != message_id(SECRETS, "weekly/11", 1, "d")


def test_a_link_identifies_reader_and_list_and_only_for_its_purpose():
    url = unsubscribe_url(SECRETS, SITE, "weekly", 42)
    token = url.rpartition("/")[2]
    assert verify(SECRETS, UNSUBSCRIBE, token) == payload("weekly", 42)
    assert verify(SECRETS, PREFERENCES, token) is None
    assert verify(Secrets((b"another",)), UNSUBSCRIBE, token) is None
    assert payload("weekly", 42) != payload("monthly", 42)


@pytest.mark.parametrize("link", [unsubscribe_url, preferences_url])
def test_a_link_is_short_url_safe_and_names_nothing(link):
    url = link(SECRETS, SITE, "people-with-ms-weekly", 2**40)
    assert re.fullmatch(r"https://news\.example\.org/[up]/[A-Za-z0-9_-]+", url)
    assert len(url) <= MAX_URL
    assert "weekly" not in url
    assert b"weekly" not in payload("people-with-ms-weekly", 2**40)


def test_a_link_under_the_longest_site_that_settings_allow_is_short():
    assert len(unsubscribe_url(SECRETS, "x" * LONGEST_SITE, "weekly", 2**40)) <= MAX_URL


@given(st.integers(1, 2**63 - 1))
def test_a_bounce_tells_its_delivery_whatever_became_of_the_case(delivery):
    path = return_path(SECRETS, delivery, BOUNCES)
    assert re.fullmatch(r"b\+[a-z2-7]+@bounce\.example\.org", path)
    assert {returned(SECRETS, form) for form in (path, path.upper(), path.title())} == {delivery}


def test_a_return_path_has_a_local_part_that_every_server_takes():
    local = return_path(SECRETS, 2**63 - 1, BOUNCES).partition("@")[0]
    assert len(local) == RETURN_LOCAL <= 64


def test_a_return_path_from_before_a_rotation_is_known_after_it():
    rotated = Secrets((b"a newer one", *SECRETS.keys))
    assert returned(rotated, return_path(SECRETS, 7, BOUNCES)) == 7


@pytest.mark.parametrize(
    "address",
    [
        "digest@news.example.org",
        "b+@bounce.example.org",
        "b+7@bounce.example.org",
        "bounce",
        "",
        return_path(Secrets((b"another",)), 7, BOUNCES),
        return_path(SECRETS, 7, BOUNCES).replace("b+", "c+"),
        return_path(SECRETS, 7, BOUNCES).replace("b+", "b+a"),
        unsubscribe_url(SECRETS, "b+", "weekly", 7).replace("/u/", "") + "@bounce.example.org",
    ],
)
def test_an_address_that_nobody_signed_is_no_delivery(address):
    assert returned(SECRETS, address) is None


@pytest.mark.parametrize(
    ("zone", "written"),
    [("UTC", "Mon, 23 Nov 2026 08:00:00 +0000"), ("Europe/Berlin", "Mon, 23 Nov 2026 09:00:00 +0100")],
)
def test_a_date_has_a_numeric_zone(zone, written):
    moment = datetime(2026, 11, 23, 8, tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert date_header(moment) == written
    assert parsedate_to_datetime(written) == moment


def test_a_date_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        date_header(datetime(2026, 11, 23, 8))  # noqa: DTZ001 - the naive datetime is the case


def test_every_slot_has_a_value():
    values = slot_values(
        SECRETS,
        issue_id="weekly/2026-11-23",
        subscriber_id=42,
        address="ann@example.org",
        greeting="Hello,",
        site=SITE,
        domain="news.example.org",
        date="Mon, 23 Nov 2026 09:00:00 +0100",
        unsubscribe_domain="leave.example.org",
    )
    assert set(values) == set(SlotName)
    assert values[SlotName.UNSUBSCRIBE_URL] == unsubscribe_url(SECRETS, SITE, "weekly", 42)
    assert not any("ann" in value for name, value in values.items() if name is not SlotName.TO)
