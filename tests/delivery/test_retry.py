"""What replies mean, and when they are tried again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.doubles.composer import delivery

from ranvier.delivery.handover import Answer, Reply, State
from ranvier.delivery.retry import RetryRules, decide, read_reply

RULES = RetryRules()
NOON = 1_700_000_000.0

REPLIES = {
    "taken": (250, "2.0.0 Ok: queued", Answer.ACCEPTED),
    "greylisted": (450, "4.2.0 Greylisted, come back", Answer.TEMPORARY),
    "mailbox full for now": (452, "4.2.2 The recipient's inbox is out of storage space", Answer.TEMPORARY),
    "mailbox full for good": (552, "5.2.2 over quota and inactive", Answer.PERMANENT),
    "no such user": (550, "5.1.1 no such user", Answer.PERMANENT),
    "no enhanced code": (554, "go away", Answer.PERMANENT),
    "gmail: inactive": (
        550,
        "5.2.1 The email account that you tried to reach is inactive.",
        Answer.PERMANENT,
    ),
    "gmail: too fast": (
        550,
        "5.2.1 The user is receiving mail at a rate that prevents additional messages",
        Answer.TEMPORARY,
    ),
    "closing": (421, "4.3.2 shutting down", Answer.NOT_TAKEN),
    "gmail: no SPF": (550, "5.7.27 Your email has been blocked", Answer.SENDER_FAULT),
    "gmail: DMARC": (550, "5.7.26 Unauthenticated email", Answer.SENDER_FAULT),
    "gmail: too much": (452, "4.7.28 unusual rate of unsolicited mail", Answer.SENDER_FAULT),
    "microsoft: not authenticated": (550, "5.7.515 Access denied, sending domain", Answer.SENDER_FAULT),
    "policy against the message": (550, "5.7.1 message content rejected", Answer.PERMANENT),
    "sign in first": (530, "5.7.0 Authentication required", Answer.NOT_TAKEN),
    "no relaying": (554, "5.7.1 <a@example.com>: Relay access denied", Answer.NOT_TAKEN),
    "unable to relay": (550, "5.7.54 SMTP; Unable to relay recipient", Answer.NOT_TAKEN),
    "nonsense": (354, "go on", Answer.UNKNOWN),
    "unreadable": (-1, "", Answer.UNKNOWN),
}


@pytest.mark.parametrize(("code", "text", "answer"), REPLIES.values(), ids=REPLIES)
def test_a_reply_means(code, text, answer):
    assert read_reply(code, text) is answer


def decided(answer, *, attempts=1, now=NOON, deadline=NOON + 86_400, rules=RULES, jitter=0.0, **words):
    """`attempts` counts the one that is decided."""
    row = replace(delivery(1), attempts=attempts - 1)
    reply = Reply(delivery=1, answer=answer, **words)
    return decide(row, reply, now=now, deadline=deadline, rules=rules, jitter=jitter)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer.ACCEPTED, State.ACCEPTED),
        (Answer.PERMANENT, State.REJECTED),
        (Answer.UNKNOWN, State.UNCERTAIN),
    ],
)
def test_a_last_word_is_never_tried_again(answer, state):
    decision = decided(answer)
    assert (decision.state, decision.again_at) == (state, None)


def test_a_temporary_refusal_waits_half_an_hour_and_then_longer():
    pauses = [decided(Answer.TEMPORARY, attempts=attempts).again_at - NOON for attempts in range(1, 6)]
    assert pauses == [1800, 3600, 7200, 14_400, 14_400]


def test_a_temporary_refusal_is_deferred_when_its_next_turn_would_miss_the_deadline():
    assert decided(Answer.TEMPORARY, deadline=NOON + 1800).state is State.PENDING
    assert decided(Answer.TEMPORARY, deadline=NOON + 1799).state is State.DEFERRED


@given(st.integers(1, 100_000), st.floats(0, 1))
def test_jitter_never_shortens_a_pause(attempts, jitter):
    assert RULES.pause(attempts, jitter=jitter) >= RULES.pause(attempts, jitter=0.0) >= RULES.retry_after


def test_a_peer_that_asks_for_more_time_gets_it():
    assert decided(Answer.TEMPORARY, retry_after=5000.0).again_at == NOON + 5000


@pytest.mark.parametrize(
    ("words", "pause"),
    [
        pytest.param({}, 0.0, id="nobody answered: at once, when a person has seen to it"),
        pytest.param({"code": "421"}, 1800.0, id="it answered: the first pause"),
        pytest.param({"code": "429", "retry_after": 7.0}, 7.0, id="it asked for a time"),
        pytest.param({"code": "535"}, 0.0, id="we are not let in: at once, when a person has seen to it"),
        pytest.param({"retry_after": 0.0}, 0.0, id="a search that goes on"),
        pytest.param({"code": "429", "retry_after": 9e9}, 14_400.0, id="it asked for years"),
        pytest.param({"code": "429", "retry_after": -5.0}, 0.0, id="it asked for the past"),
    ],
)
def test_what_was_not_taken_rests_until_the_deadline_whatever_the_attempts(words, pause):
    for attempts in (1, 7):
        decision = decided(Answer.NOT_TAKEN, attempts=attempts, deadline=NOON + pause, **words)
        assert (decision.state, decision.again_at) == (State.PENDING, NOON + pause)
    decision = decided(Answer.NOT_TAKEN, deadline=NOON + pause - 1, **words)
    assert (decision.state, decision.again_at) == (State.DEFERRED, None)


def test_the_deadline_counts_from_the_start_of_sending():
    assert RetryRules(deadline_hours=2).deadline(NOON) == NOON + 7200


@pytest.mark.parametrize("answer", Answer)
def test_only_what_was_not_taken_is_no_attempt_and_the_peer_s_words_are_kept(answer):
    decision = decided(answer, code="550", text="words")
    assert (decision.delivery, decision.code, decision.text) == (1, "550", "words")
    assert decision.attempted == (answer not in (Answer.NOT_TAKEN, Answer.SENDER_FAULT))


def test_a_fault_of_the_sender_s_leaves_the_reader_waiting_as_before():
    decision = decided(Answer.SENDER_FAULT, code="550")
    assert (decision.state, decision.again_at, decision.attempted) == (State.PENDING, NOON, False)
