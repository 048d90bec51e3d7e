"""What SendGrid is asked."""

import json
from dataclasses import replace

import pytest
from tests.doubles.composer import HandMade, delivery

from ranvier.delivery.handover import Answer, Reply
from ranvier.delivery.sendgrid_request import (
    MOST_BYTES,
    Personal,
    encoded,
    group_of,
    header_fault,
    parts_fault,
    personal_fault,
    personal_of,
    request_body,
)
from ranvier.message.sender import Sender

SENDER = Sender(
    name="Research Digest",
    address="digest@news.example.org",
    reply_to="editors@news.example.org",
    list_id="digest.news.example.org",
)


def spelt(number, **changes):
    made = personal_of(delivery(number, **changes), HandMade())
    assert isinstance(made, Personal)
    return made


def body_for(count):
    parts = HandMade().parts("people-with-ms", 7)
    group, _ = group_of([delivery(number) for number in range(1, count + 1)], HandMade())
    assert group
    return json.loads(encoded(request_body(parts, SENDER, group.readers)))


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
    assert spelt(1, address="ann@EXAMPLE.com\n").address == "ann@example.com"


def test_parts_that_sendgrid_would_refuse_are_told():
    parts = HandMade().parts("", 1)
    assert parts_fault(parts) == ""
    assert header_fault({"Content-Type": "text/html"}) == "SendGrid sets Content-Type itself"


def test_content_that_no_request_can_hold_is_told():
    parts = replace(HandMade().parts("", 1), html="x" * MOST_BYTES)
    assert "bytes of content" in parts_fault(parts)


def test_a_group_is_made_of_the_fit_and_the_others_have_their_reply():
    group, unfit = group_of([delivery(1), delivery(2, address="ann"), delivery(3)], HandMade())
    assert group
    assert [reader.delivery for reader in group.readers] == [1, 3]
    assert [(reply.delivery, reply.answer) for reply in unfit] == [(2, Answer.PERMANENT)]


def test_a_group_of_nobody_is_none():
    assert group_of([delivery(2, address="ann")], HandMade())[0] is None


def test_what_is_posted_is_the_request_as_json_in_utf_8():
    parts = replace(HandMade().parts("", 1), subject="Études \u2013 \U0001f9e0")
    body = json.loads(encoded(request_body(parts, SENDER, ())).decode("utf-8"))
    assert body["subject"] == parts.subject
    assert body["content"] == [
        {"type": "text/plain", "value": parts.text},
        {"type": "text/html", "value": parts.html},
    ]
