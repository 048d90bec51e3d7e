"""What SendGrid is asked."""

import json

import pytest
from tests.doubles.composer import HandMade, delivery

from ranvier.delivery.handover import Answer, Reply
from ranvier.delivery.sendgrid_request import (
    Personal,
    header_fault,
    parts_fault,
    personal_fault,
    personal_of,
    portions,
    request_body,
)
from ranvier.message.sender import Sender

SENDER = Sender(
    name="Research Digest",
    address="digest@news.example.org",
    reply_to="editors@news.example.org",
    list_id="digest.news.example.org",
)


def readers(count, **changes):
    made = [personal_of(delivery(number, **changes), HandMade()) for number in range(1, count + 1)]
    return [one for one in made if isinstance(one, Personal)]


def body_for(count):
    return request_body(HandMade().parts("people-with-ms", 7), SENDER, readers(count))


def test_each_personalization_has_one_recipient_and_their_own_links():
    personalizations = body_for(3)["personalizations"]
    assert personalizations[1] == {
        "to": [{"email": "reader2@example.com"}],
        "substitutions": {"%unsubscribe%": "https://news.example.org/u/2"},
        "headers": {
            "List-Unsubscribe": "<https://news.example.org/u/2>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "custom_args": {"ranvier_delivery": "2"},
    }
    assert [len(one["to"]) for one in personalizations] == [1, 1, 1]


def test_tracking_is_switched_off_explicitly_and_lists_are_never_bypassed():
    body = body_for(1)
    assert {name: setting["enable"] for name, setting in body["tracking_settings"].items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
        "ganalytics": False,
    }
    assert not {"mail_settings", "asm", "categories", "template_id"} & set(body)


def test_text_stands_before_html():
    assert [part["type"] for part in body_for(1)["content"]] == ["text/plain", "text/html"]


def reader(**changes):
    usual = {"delivery": 1, "address": "ann@example.com", "substitutions": {}, "headers": {}}
    return Personal(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({}, "", id="fit"),
        pytest.param({"address": "zoë@example.com"}, "5.6.7", id="beyond ASCII"),
        pytest.param({"substitutions": {"%name%": "x" * 9_994}}, "", id="just enough"),
        pytest.param({"substitutions": {"%name%": "x" * 9_995}}, "5.3.4", id="too much"),
        pytest.param({"substitutions": {"%name%": "ä" * 5_000}}, "5.3.4", id="bytes count"),
        pytest.param({"headers": {"To": "eve@example.com"}}, "5.6.0", id="reserved header"),
        pytest.param({"headers": {"X-A": "a\r\nBcc: eve@example.com"}}, "5.6.0", id="header injection"),
    ],
)
def test_one_unfit_reader_does_not_sink_a_thousand(changes, code):
    assert personal_fault(reader(**changes))[0] == code


def test_an_address_that_is_none_is_refused_and_one_is_spelt_as_mail_needs_it():
    refused = personal_of(delivery(1, address="ann"), HandMade())
    assert isinstance(refused, Reply)
    assert (refused.answer, refused.code) == (Answer.PERMANENT, "5.1.3")
    [spelt] = readers(1, address="ann@EXAMPLE.com\n")
    assert spelt.address == "ann@example.com"


def test_parts_that_sendgrid_would_refuse_are_told():
    parts = HandMade().parts("", 1)
    assert parts_fault(parts) == ""
    assert header_fault({"Content-Type": "text/html"}) == "SendGrid sets Content-Type itself"


def test_portions_hold_a_thousand_readers_or_the_room_that_there_is():
    many = readers(2500)
    assert [len(group) for group in portions(many, room=10**9)] == [1000, 1000, 500]
    small = list(portions(many[:50], room=2000))
    assert all(sum(len(json.dumps(one.headers)) for one in group) < 2000 for group in small)
    assert [one for group in small for one in group] == many[:50]
    assert [len(group) for group in portions(many[:3], room=-5)] == [1, 1, 1]
