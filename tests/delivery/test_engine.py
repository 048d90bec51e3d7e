"""Nobody gets two, nobody is lost, whatever the transport says and wherever the process dies."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.doubles.composer import delivery

from ranvier.delivery.engine import PATIENCE, deliver, last_words, recover
from ranvier.delivery.handover import Answer, Decided, Reply, State
from ranvier.delivery.memory import MemoryLedger
from ranvier.delivery.retry import UNANSWERED, RetryRules

RULES = RetryRules(retry_after=60, deadline_hours=1)
FINAL = {State.ACCEPTED, State.REJECTED, State.DEFERRED, State.UNCERTAIN, State.EXCLUDED}


class Killed(BaseException):
    """The process dies here."""


class Scripted:
    """Answers from a list, then accepts. "kill" dies before a message was taken, "take, kill" after it."""

    def __init__(self, script=(), *, batch=1):
        self.name = "scripted:"
        self.script = list(script)
        self.batch = batch
        self.taken: Counter[int] = Counter()
        self.calls = []

    def hand_over(self, deliveries):
        self.calls.append([one.id for one in deliveries])
        return [self.answer(one.id) for one in deliveries]

    def answer(self, number):
        step = self.script.pop(0) if self.script else Answer.ACCEPTED
        if step in (Answer.ACCEPTED, "take, kill", "take, unknown"):
            self.taken[number] += 1
        if step in ("kill", "take, kill"):
            raise Killed
        if step == "take, unknown":
            step = Answer.UNKNOWN
        return Reply(delivery=number, answer=step, text="words")

    def evidence(self, _delivery):
        return None

    def close(self):
        pass


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


def run(ledger, transport, *, clock=None, stop=lambda: False, **options):
    clock = clock or Clock()
    return deliver(
        ledger,
        transport,
        rules=RULES,
        deadline=RULES.deadline(1_000_000.0),
        clock=clock,
        random=lambda: 0.5,
        stop=stop,
        **options,
    )


def ledger_of(count):
    return MemoryLedger.of(delivery(number) for number in range(1, count + 1))


def test_everybody_is_handed_over_once():
    ledger, transport = ledger_of(5), Scripted()
    assert run(ledger, transport) is None
    assert transport.taken == Counter(range(1, 6))
    assert ledger.count(State.ACCEPTED) == 5


def test_a_permanent_refusal_is_never_tried_again():
    ledger, transport, clock = ledger_of(1), Scripted([Answer.PERMANENT]), Clock()
    run(ledger, transport, clock=clock)
    clock.now += 1e6
    run(ledger, transport, clock=clock)
    assert transport.calls == [[1]]
    assert ledger.rows[1].state is State.REJECTED


def test_an_unknown_outcome_is_never_tried_again():
    ledger, transport, clock = ledger_of(1), Scripted([Answer.UNKNOWN]), Clock()
    run(ledger, transport, clock=clock)
    clock.now += 1e6
    run(ledger, transport, clock=clock)
    assert transport.calls == [[1]]
    assert ledger.rows[1].state is State.UNCERTAIN


def test_a_temporary_refusal_is_tried_again_when_it_is_due_and_not_before():
    ledger, transport, clock = ledger_of(1), Scripted([Answer.TEMPORARY]), Clock()
    run(ledger, transport, clock=clock)
    assert (ledger.rows[1].state, ledger.rows[1].delivery.attempts) == (State.PENDING, 1)
    clock.now += 59
    run(ledger, transport, clock=clock)
    assert transport.calls == [[1]]
    clock.now += 60
    run(ledger, transport, clock=clock)
    assert transport.calls == [[1], [1]]
    assert (ledger.rows[1].state, ledger.rows[1].delivery.attempts) == (State.ACCEPTED, 2)


def test_temporary_refusals_end_as_deferred():
    ledger, transport, clock = ledger_of(1), Scripted([Answer.TEMPORARY] * 50), Clock()
    while ledger.rows[1].state is State.PENDING:
        run(ledger, transport, clock=clock)
        clock.now += 60
    assert ledger.rows[1].state is State.DEFERRED


def test_a_transport_that_takes_nothing_stops_the_run_and_burns_no_attempt():
    ledger, transport = ledger_of(100), Scripted([Answer.NOT_TAKEN] * 100)
    reply = run(ledger, transport)
    assert reply is not None
    assert (reply.text, reply.retry_after) == ("words", UNANSWERED)
    assert len(transport.calls) == PATIENCE
    assert ledger.count(State.PENDING) == 100
    assert all(row.delivery.attempts == 0 for row in ledger.rows.values())


def test_where_nobody_answered_the_next_run_tries_at_once():
    ledger, transport, clock = ledger_of(5), Scripted([Answer.NOT_TAKEN] * PATIENCE), Clock()
    assert run(ledger, transport, clock=clock) is not None
    assert run(ledger, transport, clock=clock) is None
    assert ledger.count(State.ACCEPTED) == 5


def test_what_is_never_taken_ends_as_deferred_without_an_attempt():
    ledger, transport, clock = ledger_of(1), Scripted([Answer.NOT_TAKEN] * 1000), Clock()
    while ledger.rows[1].state is State.PENDING:
        run(ledger, transport, clock=clock)
        clock.now += UNANSWERED
    assert (ledger.rows[1].state, ledger.rows[1].delivery.attempts) == (State.DEFERRED, 0)


def test_one_reader_whom_the_relay_never_takes_does_not_hold_up_the_others():
    class Choosy(Scripted):
        def answer(self, number):
            return Reply(delivery=1, answer=Answer.NOT_TAKEN) if number == 1 else super().answer(number)

    ledger = ledger_of(10)
    run(ledger, Choosy())
    assert ledger.count(State.ACCEPTED) == 9
    assert ledger.rows[1].state is State.PENDING


def test_a_wish_to_stop_is_granted_after_what_is_in_flight_was_recorded():
    ledger, transport = ledger_of(10), Scripted()
    run(ledger, transport, stop=lambda: len(transport.calls) == 4)
    assert ledger.count(State.ACCEPTED) == 4
    assert ledger.sending() == ()


def test_whoever_left_since_is_excluded_and_gets_nothing():
    ledger, transport = ledger_of(3), Scripted()
    ledger.left = {1, 2}
    run(ledger, transport)
    assert transport.calls == [[3]]
    assert ledger.count(State.EXCLUDED) == 2


def test_one_hand_over_has_one_audience_and_item_set():
    rows = [replace(delivery(number), item_set=number % 2 + 1) for number in range(1, 7)]
    ledger, transport = MemoryLedger.of(rows), Scripted(batch=10)
    run(ledger, transport)
    assert transport.calls == [[1, 3, 5], [2, 4, 6]]


def test_a_row_that_the_transport_says_nothing_about_is_uncertain():
    class Silent(Scripted):
        def hand_over(self, deliveries):
            return super().hand_over(deliveries)[1:]

    ledger = ledger_of(3)
    run(ledger, Silent(batch=3))
    assert ledger.rows[1].state is State.UNCERTAIN
    assert ledger.count(State.ACCEPTED) == 2


def test_the_reader_s_address_is_masked():
    assert last_words("550 5.1.1 <ann@example.com>: unknown") == "550 5.1.1 <(address)>: unknown"


@given(st.text())
def test_last_words_are_one_short_printable_line(text):
    words = last_words(text)
    assert len(words) <= 300
    assert words.isprintable()


class Telltale(Scripted):
    """Repeats the reader's address in whatever it says."""

    def answer(self, number):
        return replace(super().answer(number), text=f"<reader{number}@example.com>:\r\nwords")

    def evidence(self, delivery):
        return Reply(delivery=delivery, answer=Answer.NOT_TAKEN, text=f"no reader{delivery}@example.com here")


@pytest.mark.parametrize("answer", Answer)
def test_no_address_reaches_the_ledger_whatever_a_transport_says(answer):
    ledger = ledger_of(PATIENCE)
    refusal = run(ledger, Telltale([answer] * PATIENCE))
    assert {row.text for row in ledger.rows.values()} == {"<(address)>: words"}
    assert refusal is None or refusal.text == "<(address)>: words"


def test_no_address_reaches_the_ledger_with_the_evidence():
    ledger, transport = ledger_of(1), Telltale()
    ledger.step((), limit=1, now=0.0)
    [decided] = recover(ledger, transport, now=0.0, claimed_by=transport.name)
    assert decided.text == ledger.rows[1].text == "no (address) here"


def test_progress_is_told():
    told: list[tuple[Decided, ...]] = []
    run(ledger_of(3), Scripted(batch=2), on_progress=told.append)
    assert [[one.delivery for one in decided] for decided in told] == [[1, 2], [3]]


STEPS = st.sampled_from([*Answer, "kill", "take, kill", "take, unknown"])


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=30), st.integers(1, 8), st.integers(1, 4))
def test_nobody_gets_two_whatever_is_answered_and_wherever_it_dies(script, people, batch):
    ledger, transport, clock = ledger_of(people), Scripted(script, batch=batch), Clock()
    killed = uncertain = 0
    for _ in range(200):
        recover(ledger, transport, now=clock(), claimed_by=transport.name)
        uncertain = ledger.count(State.UNCERTAIN)
        try:
            run(ledger, transport, clock=clock)
        except Killed:
            killed += 1
        clock.now += 600
        if all(row.state in FINAL for row in ledger.rows.values()):
            break
    assert all(row.state in FINAL for row in ledger.rows.values())
    assert max(transport.taken.values(), default=0) <= 1
    unknown = sum(step in (Answer.UNKNOWN, "take, unknown") for step in script)
    assert uncertain <= killed * batch + unknown
    for number, row in ledger.rows.items():
        assert transport.taken[number] >= (row.state is State.ACCEPTED)
        assert transport.taken[number] == 0 or row.state in (State.ACCEPTED, State.UNCERTAIN)


class Provable(Scripted):
    def evidence(self, delivery):
        taken = self.taken[delivery] > 0
        return Reply(delivery=delivery, answer=Answer.ACCEPTED if taken else Answer.NOT_TAKEN)


@given(st.lists(st.sampled_from([Answer.ACCEPTED, "kill", "take, kill"]), max_size=12), st.integers(1, 3))
def test_a_transport_that_can_prove_leaves_nothing_uncertain_and_nobody_out(script, batch):
    ledger, transport = ledger_of(5), Provable(script, batch=batch)
    for _ in range(len(script) + 1):
        recover(ledger, transport, now=0.0, claimed_by=transport.name)
        try:
            run(ledger, transport)
        except Killed:
            continue
    assert ledger.count(State.ACCEPTED) == 5
    assert transport.taken == Counter(range(1, 6))


@pytest.mark.parametrize("claimed_by", ["smtp://relay.example:25", ""])
def test_a_transport_that_never_had_them_proves_nothing(claimed_by):
    ledger, transport = ledger_of(2), Provable()
    claimed = ledger.step((), limit=1, now=0.0)
    recover(ledger, transport, now=0.0, claimed_by=claimed_by)
    run(ledger, transport)
    assert ledger.rows[claimed[0].id].state is State.UNCERTAIN
    assert transport.calls == [[2]]
