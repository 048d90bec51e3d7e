"""What SendGrid takes, and what is known about it when something breaks."""

import logging
import socket
import threading
import time

import pytest
from tests.doubles.composer import HandMade, Refusing, delivery
from tests.doubles.lane import LaneRun, carry, replies_of
from tests.doubles.sendgrid_api import DROP, SILENCE, TAKE_AND_DROP, HttpAnswer, SendGridApi

from ranvier.delivery.compose import Own
from ranvier.delivery.handover import Answer
from ranvier.delivery.sendgrid import MOST_REQUESTS, SendGrid
from ranvier.delivery.sendgrid_answer import read_answer
from ranvier.delivery.urls import SendGridOptions
from ranvier.errors import ConfigurationError, InputError
from ranvier.message.sender import Sender

NOW = 1_700_000_000.0
SENDER = Sender(name="Research Digest", address="digest@news.example.org", list_id="digest.news.example.org")


def transport(host, *, key="SG.test", timeout=5.0, requests=4, compose=None, clock=lambda: NOW):
    options = SendGridOptions(host=host, timeout=timeout, requests=requests)
    return SendGrid(options, compose or HandMade(), sender=SENDER, key=key, clock=clock)


def readers(count, **changes):
    return [delivery(number, **changes) for number in range(1, count + 1)]


def sent(api, count, **options):
    return replies_of(transport(api.host, **options), readers(count))


def ids(body):
    return tuple(int(one["custom_args"]["ranvier_delivery"]) for one in body["personalizations"])


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
        people = [delivery(1), delivery(2, address="zoë@example.com"), delivery(3)]
        replies = replies_of(transport(api.host), people)
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
    "no credits left": (HttpAnswer(status=401, errors=(("no", None),)), Answer.NOT_TAKEN, None),
    "may not send mail": (HttpAnswer(status=403, errors=(("no", None),)), Answer.NOT_TAKEN, None),
    # R96: because of who we are; nobody else is asked until a person has repaired it.
    "sender not verified": (HttpAnswer(status=403, errors=(("no", "from"),)), Answer.SENDER_FAULT, None),
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
    [reply] = replies_of(transport(f"http://127.0.0.1:{port}"), readers(1))
    assert reply.answer is Answer.NOT_TAKEN
    assert "refused" in reply.text


def culprits(*numbers, status=400, field="personalizations.{place}.to.0.email", named=True):
    def judge(body):
        places = [place for place, number in enumerate(ids(body)) if number in numbers]
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
            found = by_answer(replies_of(carrier, [delivery(number) for number in waiting]))
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


def test_nothing_is_posted_before_the_start_is_durable():
    run = LaneRun(readers(2500), batch=1000, commit_takes=0.05)

    def judge(body):
        run.events.append(("posted", ids(body)))

    with SendGridApi(judge=judge) as api:
        carry(transport(api.host), run)
    sizes = [(name, len(numbers)) for name, numbers in run.happened("started", "posted")]
    assert sizes == [
        ("started", 1000),
        ("posted", 1000),
        ("started", 1000),
        ("posted", 1000),
        ("started", 500),
        ("posted", 500),
    ]


def test_whoever_may_not_leave_does_not():
    with SendGridApi() as api:
        replies = replies_of(transport(api.host), readers(5), left={2, 5})
    assert api.delivered == [1, 3, 4]
    assert by_answer(replies) == {Answer.ACCEPTED: [1, 3, 4]}


def test_if_nobody_may_leave_nothing_is_posted():
    with SendGridApi() as api:
        assert replies_of(transport(api.host), readers(2), left={1, 2}) == []
    assert api.requests == []


def test_whoever_is_refused_here_is_never_started():
    run = LaneRun([delivery(1), delivery(2, address="zoë@example.com")], batch=1000)
    with SendGridApi() as api:
        carry(transport(api.host), run)
    assert run.started == {1}
    assert [reply.answer for reply in run.replies] == [Answer.ACCEPTED, Answer.PERMANENT]


def test_an_outcome_is_recorded_with_the_next_start_and_else_at_once():
    with SendGridApi() as api:
        busy = carry(transport(api.host), LaneRun(readers(1001), batch=1000))
        idle = carry(transport(api.host), LaneRun(readers(1001), batch=1000, hesitant=True))
    in_turn = ["took", "started", "took", "recorded", "started", "recorded"]
    assert [name for name, _ in busy.events] == in_turn
    assert [name for name, _ in idle.events] == ["took", "started", "recorded"] * 2


def test_several_requests_are_in_flight_at_once():
    together = threading.Barrier(3)

    def judge(_body):
        together.wait(timeout=5)

    with SendGridApi(judge=judge) as api:
        carrier = transport(api.host, requests=3)
        assert carrier.lanes == 3
        replies = replies_of(carrier, readers(6000), lanes=3)
    assert by_answer(replies) == {Answer.ACCEPTED: list(range(1, 6001))}
    assert len(api.requests) == 6


def test_a_request_holds_one_audience_and_item_set():
    people = [
        delivery(1),
        delivery(2, audience="clinicians"),
        delivery(3, item_set=1),
        delivery(4, item_set=1),
    ]
    with SendGridApi() as api:
        replies_of(transport(api.host), people)
    assert [ids(body) for body in api.requests] == [(1,), (2,), (3, 4)]


def test_a_request_that_would_be_too_large_is_made_as_several():
    class Verbose(HandMade):
        def own(self, delivery):
            substitutions, headers = super().own(delivery)
            return Own({**substitutions, "%name%": "x" * 9_000}, {**headers, "X-Long": "x" * 9_000})

    run = LaneRun(readers(1000), batch=1000)
    with SendGridApi() as api:
        carry(transport(api.host, compose=Verbose()), run)
    assert sorted(api.delivered) == list(range(1, 1001))
    assert len(api.requests) == 2
    assert by_answer(run.replies) == {Answer.ACCEPTED: list(range(1, 1001))}


def limit(*, remaining, seconds, status=202):
    """An answer whose rate limit is reset so many seconds after NOW."""
    headers = {"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": f"{NOW + seconds:.0f}"}
    return HttpAnswer(status=status, headers=headers, errors=(("bad", None),) if status == 400 else ())


class Watched:
    """A judge that answers the first requests from a script and knows when each came."""

    def __init__(self, *answers):
        self.came = []
        self._answers = iter(answers)

    def __call__(self, _body):
        self.came.append(time.monotonic())
        return next(self._answers, None)


EXHAUSTED = {
    "taken, and it was the last one": (limit(remaining="0", seconds=1), 0.3),
    "nobody knows, and it was the last one": (limit(remaining="0", seconds=1, status=500), 0.3),
    "too many": (HttpAnswer(status=429, headers={"Retry-After": "1"}), 1.0),
    "maintenance": (HttpAnswer(status=503, headers={"Retry-After": "1"}), 1.0),
}


@pytest.mark.parametrize(("answer", "pause"), EXHAUSTED.values(), ids=EXHAUSTED)
def test_no_lane_posts_before_the_rate_limit_is_reset(answer, pause):
    judge = Watched(answer)
    with SendGridApi(judge=judge) as api:
        carrier = transport(api.host, clock=lambda: NOW + 0.7)
        # What is in flight with the answer cannot be held back, so the others begin when it is there.
        carry(carrier, LaneRun(readers(1), batch=1000))
        run = carry(carrier, LaneRun(readers(4000), batch=1000, patience=10), lanes=4)
    assert len(judge.came) == 5
    assert judge.came[1] - judge.came[0] >= pause
    assert by_answer(run.replies) == {Answer.ACCEPTED: list(range(1, 4001))}


def test_who_waits_for_the_rate_limit_is_not_started():
    with SendGridApi(judge=Watched(limit(remaining="0", seconds=1))) as api:
        run = LaneRun(readers(1001), batch=1000)
        carry(transport(api.host, clock=lambda: NOW + 0.7), run)
    last = [name for name, numbers in run.events if numbers == (1001,)]
    assert last == ["took", "refused", "gave back", "took", "started", "recorded"]


def test_a_rate_limit_with_something_left_or_reset_already_holds_up_nobody():
    judge = Watched(limit(remaining="1", seconds=50), limit(remaining="0", seconds=-3))
    with SendGridApi(judge=judge) as api:
        run = carry(transport(api.host), LaneRun(readers(3000), batch=1000))
    assert by_answer(run.replies) == {Answer.ACCEPTED: list(range(1, 3001))}
    assert run.refusals == []


class Crowd:
    """A judge that knows how many requests were there at once."""

    def __init__(self, answer):
        self.most = 0
        self._answer = answer
        self._here = []

    def __call__(self, _body):
        self._here.append(None)
        self.most = max(self.most, len(self._here))
        time.sleep(0.05)
        self._here.pop()
        return self._answer


@pytest.mark.parametrize(
    ("remaining", "alone"), [("3", True), ("4", False)], ids=["fewer than lanes", "enough"]
)
def test_while_few_requests_remain_they_are_made_one_by_one(remaining, alone):
    judge = Crowd(limit(remaining=remaining, seconds=5))
    with SendGridApi(judge=judge) as api:
        carrier = transport(api.host, requests=4)
        carry(carrier, LaneRun(readers(1), batch=1000))
        run = LaneRun([delivery(number, item_set=number) for number in range(1, 13)], batch=1000)
        carry(carrier, run, lanes=4)
    assert by_answer(run.replies) == {Answer.ACCEPTED: list(range(1, 13))}
    assert (judge.most == 1) is alone


def test_how_long_the_pause_is_the_run_is_told():
    with SendGridApi(judge=Watched(limit(remaining="0", seconds=3600))) as api:
        run = carry(transport(api.host), LaneRun(readers(1001), batch=1000, patience=1))
    [refusal] = run.refusals
    assert refusal.answer is Answer.NOT_TAKEN
    assert refusal.retry_after is not None
    assert 3590 < refusal.retry_after <= 3600
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("seconds", "known"), [(1, Answer.ACCEPTED), (62, Answer.NOT_TAKEN)], ids=["short", "long"]
)
def test_a_search_sits_out_a_short_pause_and_no_long_one(seconds, known):
    with SendGridApi(judge=Watched(limit(remaining="0", seconds=seconds, status=400))) as api:
        replies = replies_of(transport(api.host, clock=lambda: NOW + 0.7), readers(10))
    assert by_answer(replies) == {known: list(range(1, 11))}
    assert len(api.requests) == {Answer.ACCEPTED: 3, Answer.NOT_TAKEN: 1}[known]


def test_a_plan_without_credits_is_not_called_a_wrong_key():
    body = b'{"errors": [{"message": "Maximum credits exceeded", "field": null}]}'
    assert "no credits left" in read_answer(401, {}, body, now=NOW).text


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
