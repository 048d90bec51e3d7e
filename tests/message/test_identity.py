"""Message-ID, links and Date: opaque, stable, one for each reader."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest

from ranvier.message.identity import (
    PREFERENCES,
    UNSUBSCRIBE,
    date_header,
    message_id,
    payload,
    preferences_url,
    slot_values,
    unsubscribe_url,
)
from ranvier.rendering.chunks import SlotName
from ranvier.settings.newsletter import LONGEST_SITE
from ranvier.tokens import Secrets, verify

SECRETS = Secrets((b"one secret",))
SITE = "https://news.example.org"
MAX_URL = 200  # R33


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
    )
    assert set(values) == set(SlotName)
    assert values[SlotName.UNSUBSCRIBE_URL] == unsubscribe_url(SECRETS, SITE, "weekly", 42)
    assert not any("ann" in value for name, value in values.items() if name is not SlotName.TO)
