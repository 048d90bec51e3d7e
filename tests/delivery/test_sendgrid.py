"""What SendGrid takes, and what is known about it when something breaks."""

import logging
import socket

import pytest
from tests.doubles.composer import HandMade, Refusing, delivery
from tests.doubles.sendgrid_api import DROP, SILENCE, TAKE_AND_DROP, HttpAnswer, SendGridApi

from ranvier.delivery.handover import Answer
from ranvier.delivery.sendgrid import MOST_REQUESTS, SendGrid
from ranvier.delivery.sendgrid_answer import read_answer
from ranvier.delivery.urls import SendGridOptions
from ranvier.errors import ConfigurationError, InputError
from ranvier.message.sender import Sender

NOW = 1_700_000_000.0
SENDER = Sender(name="Research Digest", address="digest@news.example.org", list_id="digest.news.example.org")


def transport(host, *, key="SG.test", timeout=5.0, compose=None):
    options = SendGridOptions(host=host, timeout=timeout)
    return SendGrid(options, compose or HandMade(), sender=SENDER, key=key, clock=lambda: NOW)


def sent(api, count, **options):
    return transport(api.host, **options).hand_over([delivery(number) for number in range(1, count + 1)])


def by_answer(replies):
    found: dict[Answer, list[int]] = {}
    for reply in replies:
        found.setdefault(reply.answer, []).append(reply.delivery)
    return {answer: sorted(numbers) for answer, numbers in found.items()}


def test_a_thousand_readers_are_one_request():
    with SendGridApi() as api:
        replies = sent(api, 1000)
    assert by_answer(replies) == {Answer.ACCEPTED: list(range(1, 1001))}
    assert len(api.requests) == 1
    assert api.delivered == list(range(1, 1001))


def test_an_unfit_reader_is_refused_here_and_the_others_are_served():
    with SendGridApi() as api:
        replies = transport(api.host).hand_over(
            [delivery(1), delivery(2, address="zoë@example.com"), delivery(3)]
        )
    assert by_answer(replies) == {Answer.ACCEPTED: [1, 3], Answer.PERMANENT: [2]}
    assert api.delivered == [1, 3]


def test_a_reader_for_whom_nothing_can_be_made_is_refused_here_and_the_others_are_served():
    with SendGridApi() as api:
        replies = sent(api, 3, compose=Refusing(errors={2: InputError("holds a line break")}))
    assert by_answer(replies) == {Answer.ACCEPTED: [1, 3], Answer.PERMANENT: [2]}
    assert [(reply.code, reply.text) for reply in replies if reply.delivery == 2] == [
        ("5.6.0", "holds a line break")
    ]


def test_parts_that_cannot_be_made_are_no_reader_s_fault():
    with SendGridApi() as api:
        replies = sent(api, 2, compose=Refusing(shared=ConfigurationError("site is too long")))
    assert by_answer(replies) == {Answer.NOT_TAKEN: [1, 2]}
    assert {reply.text for reply in replies} == {"site is too long"}
    assert api.requests == []


TROUBLE = {
    "wrong key": (HttpAnswer(status=401, errors=(("no", None),)), Answer.NOT_TAKEN, None),
    "sender not verified": (HttpAnswer(status=403, errors=(("no", "from"),)), Answer.NOT_TAKEN, None),
    "not the API": (HttpAnswer(status=404), Answer.NOT_TAKEN, None),
    "our request is wrong": (HttpAnswer(status=400, errors=(("bad", "subject"),)), Answer.NOT_TAKEN, None),
    "too many": (HttpAnswer(status=429, headers={"Retry-After": "7"}), Answer.NOT_TAKEN, 7.0),
    "too many, at once": (HttpAnswer(status=429, headers={"Retry-After": "0"}), Answer.NOT_TAKEN, 1.0),
    "too many, until just now": (
        HttpAnswer(status=429, headers={"X-RateLimit-Reset": "1700000000"}),
        Answer.NOT_TAKEN,
        1.0,
    ),
    "too many, no word when": (HttpAnswer(status=429), Answer.NOT_TAKEN, None),
    "too many, until": (
        HttpAnswer(status=429, headers={"X-RateLimit-Reset": "1700000030"}),
        Answer.NOT_TAKEN,
        30.0,
    ),
    "maintenance": (
        HttpAnswer(status=503, headers={"Retry-After": "Tue, 14 Nov 2023 22:13:50 GMT"}),
        Answer.NOT_TAKEN,
        30.0,
    ),
    "server error": (HttpAnswer(status=500), Answer.UNKNOWN, None),
    "bad gateway": (HttpAnswer(status=502), Answer.UNKNOWN, None),
    "gateway timeout": (HttpAnswer(status=504), Answer.UNKNOWN, None),
    "not what is documented": (HttpAnswer(status=200), Answer.UNKNOWN, None),
    "hangs up": (DROP, Answer.UNKNOWN, None),
    "takes it and hangs up": (TAKE_AND_DROP, Answer.UNKNOWN, None),
}


@pytest.mark.parametrize(("answer", "known", "wait"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_leaves_no_doubt_but_where_there_is_one(answer, known, wait):
    with SendGridApi(script=[answer]) as api:
        replies = sent(api, 3)
    assert by_answer(replies) == {known: [1, 2, 3]}
    assert {reply.retry_after for reply in replies} == {wait}
    assert len(api.requests) == 1


def test_silence_after_the_request_is_an_unknown_outcome():
    with SendGridApi(script=[SILENCE]) as api:
        replies = sent(api, 2, timeout=0.05)
    assert by_answer(replies) == {Answer.UNKNOWN: [1, 2]}


def test_where_nobody_listens_nothing_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    [reply] = transport(f"http://127.0.0.1:{port}").hand_over([delivery(1)])
    assert reply.answer is Answer.NOT_TAKEN
    assert "refused" in reply.text


def culprits(*numbers, status=400, field="personalizations.{place}.to.0.email", named=True):
    def judge(body):
        ids = [int(one["custom_args"]["ranvier_delivery"]) for one in body["personalizations"]]
        places = [place for place, number in enumerate(ids) if number in numbers]
        if not places:
            return None
        where = field.format(place=places[0]) if named else None
        return HttpAnswer(status=status, errors=(("does not contain a valid address", where),))

    return judge


@pytest.mark.parametrize("named", [True, False], ids=["named", "searched for"])
def test_culprits_are_refused_and_everybody_else_is_served_once(named):
    with SendGridApi(judge=culprits(17, 901, named=named)) as api:
        replies = sent(api, 1000)
    assert by_answer(replies)[Answer.PERMANENT] == [17, 901]
    assert len(by_answer(replies)[Answer.ACCEPTED]) == 998
    assert sorted(api.delivered) == [number for number in range(1, 1001) if number not in (17, 901)]


def test_a_request_that_is_too_large_is_halved():
    def judge(body):
        return HttpAnswer(status=413) if len(body["personalizations"]) > 300 else None

    with SendGridApi(judge=judge) as api:
        replies = sent(api, 1000)
    assert by_answer(replies) == {Answer.ACCEPTED: list(range(1, 1001))}
    assert sorted(api.delivered) == list(range(1, 1001))


def test_the_search_for_culprits_has_an_end():
    with SendGridApi(judge=culprits(*range(1, 1001), named=False)) as api:
        replies = sent(api, 1000)
    assert len(api.requests) == MOST_REQUESTS
    assert len(replies) == 1000
    # Nobody was taken, so nothing shows that these readers are at fault, and not the request.
    assert set(by_answer(replies)) == {Answer.TEMPORARY, Answer.NOT_TAKEN}


def test_a_search_that_was_cut_short_goes_on_until_all_culprits_are_found():
    culprit = range(3, 1001, 20)
    waiting, refused = list(range(1, 1001)), []
    with SendGridApi(judge=culprits(*culprit, named=False)) as api:
        carrier = transport(api.host)
        while waiting:
            found = by_answer(carrier.hand_over([delivery(number) for number in waiting]))
            refused += found.get(Answer.PERMANENT, []) + found.get(Answer.TEMPORARY, [])
            waiting = found.get(Answer.NOT_TAKEN, [])
    assert sorted(refused) == list(culprit)
    assert sorted(api.delivered) == [number for number in range(1, 1001) if number not in culprit]


def test_a_lone_reader_is_not_blamed_for_a_refusal_that_names_nobody():
    with SendGridApi(script=[HttpAnswer(status=400, errors=(("bad request", None),))]) as api:
        [reply] = sent(api, 1)
    assert reply.answer is Answer.TEMPORARY


def test_once_nothing_is_taken_the_rest_is_not_tried():
    refusal = HttpAnswer(status=400, errors=(("bad", None),))
    with SendGridApi(script=[refusal, HttpAnswer(status=429, headers={"Retry-After": "9"})]) as api:
        replies = sent(api, 10)
    assert by_answer(replies) == {Answer.NOT_TAKEN: list(range(1, 11))}
    assert {reply.retry_after for reply in replies} == {9.0}
    assert len(api.requests) == 2


def test_an_unknown_half_leaves_the_other_half_known():
    refusal = HttpAnswer(status=400, errors=(("bad", None),))
    with SendGridApi(script=[refusal, TAKE_AND_DROP]) as api:
        replies = sent(api, 10)
    assert by_answer(replies) == {Answer.ACCEPTED: [1, 2, 3, 4, 5], Answer.UNKNOWN: [6, 7, 8, 9, 10]}
    assert sorted(api.delivered) == list(range(1, 11))


def test_the_key_is_never_logged(caplog):
    caplog.set_level(logging.DEBUG)
    with SendGridApi(key="SG.hunter2") as api:
        replies = sent(api, 1, key="SG.hunter2\n")
    assert replies[0].answer is Answer.ACCEPTED
    assert "hunter2" not in caplog.text
    assert "reader1@" not in caplog.text


@pytest.mark.parametrize("key", ["", " ", "SG.hunter2\nX-Evil: 1", "SG hunter2", "SG.hünter2"])
def test_a_key_that_cannot_be_one_is_refused_without_being_shown(key):
    with pytest.raises(ConfigurationError) as refused:
        transport("http://127.0.0.1:9", key=key)
    assert "SENDGRID_API_KEY" in str(refused.value)
    assert "nter2" not in str(refused.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"errors": null}',
        b'{"errors": [1]}',
        b'{"errors": [{}]}',
        b"\xff",
        b'"errors"',
    ],
)
def test_a_gateway_s_own_words_are_no_reason_to_stumble(body):
    assert read_answer(502, {}, body, now=NOW).answer is Answer.UNKNOWN
    assert read_answer(413, {}, body, now=NOW).answer is Answer.PERMANENT
