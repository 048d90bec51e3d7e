"""Nobody gets two, nobody is lost, whatever the transport says and wherever the process dies."""

import asyncio
import itertools
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.doubles.composer import delivery

from ranvier.delivery import group_commit
from ranvier.delivery.engine import deliver, recover
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.handover import Answer, Decided, Reply, State
from ranvier.delivery.memory import MemoryLedger
from ranvier.delivery.orders import GO_ON, Hold, Holder, Orders
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.patience import PATIENCE
from ranvier.delivery.retry import UNANSWERED, RetryRules
from ranvier.delivery.run import Ended, Terms, Why, last_words

RULES = RetryRules(retry_after=60, deadline_hours=1)
AS_IT_COMES, USUAL = PaceRules(), GuardRules()
FINAL = {State.ACCEPTED, State.REJECTED, State.DEFERRED, State.UNCERTAIN, State.EXCLUDED}


class Killed(KeyboardInterrupt):
    """The process dies here, and no other code of it runs but what an event loop does at its end."""


class Scripted:
    """Answers from a list, then accepts. "kill" dies before a message was taken, "take, kill" after it."""

    def __init__(self, script=(), *, batch=1, lanes=1):
        self.name = "scripted:"
        self.script = list(script)
        self.batch = batch
        self.lanes = lanes
        self.taken: Counter[int] = Counter()
        self.calls = []

    async def lane(self, run):
        while group := await run.take():
            if started := await run.start(group):
                self.calls.append([one.id for one in started])
                await run.record(await self.hand_over(started))

    async def hand_over(self, started):
        return [self.answer(one.id) for one in started]

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


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


def run(
    ledger,
    transport,
    *,
    clock=None,
    stop=lambda: False,
    pace=AS_IT_COMES,
    guard=USUAL,
    canary=0,
    **more,
):
    terms = Terms(
        rules=RULES,
        pace=pace,
        guard=guard,
        deadline=RULES.deadline(1_000_000.0),
        people=len(ledger.rows),
        canary=canary,
    )
    return deliver(ledger, transport, terms, clock=clock or Clock(), random=lambda: 0.5, stop=stop, **more)


def ledger_of(count):
    return MemoryLedger.of(delivery(number) for number in range(1, count + 1))


def test_everybody_is_handed_over_once():
    ledger, transport = ledger_of(5), Scripted()
    assert run(ledger, transport) == Ended(why=Why.DONE)
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
    ended = run(ledger, transport)
    assert ended.why is Why.REFUSED
    assert (ended.reply.text, ended.reply.retry_after) == ("words", UNANSWERED)
    assert len(transport.calls) == PATIENCE
    assert ledger.count(State.PENDING) == 100
    assert all(row.delivery.attempts == 0 for row in ledger.rows.values())


def test_where_nobody_answered_the_next_run_tries_at_once():
    ledger, transport, clock = ledger_of(5), Scripted([Answer.NOT_TAKEN] * PATIENCE), Clock()
    assert run(ledger, transport, clock=clock).why is Why.REFUSED
    assert run(ledger, transport, clock=clock).why is Why.DONE
    assert ledger.count(State.ACCEPTED) == 5


def test_what_is_never_taken_ends_as_deferred_without_an_attempt():
    ledger, transport, clock = ledger_of(1), Scripted([Answer.NOT_TAKEN] * 1000), Clock()
    while ledger.rows[1].state is State.PENDING:
        run(ledger, transport, clock=clock)
        clock.now += UNANSWERED
    assert (ledger.rows[1].state, ledger.rows[1].delivery.attempts) == (State.DEFERRED, 0)


def test_a_transport_whose_outcomes_nobody_knows_stops_the_run_before_everybody_is_in_doubt():
    ledger, transport = ledger_of(100), Scripted(["take, unknown"] * 100)
    assert run(ledger, transport).why is Why.REFUSED
    assert ledger.count(State.UNCERTAIN) == PATIENCE
    assert ledger.count(State.PENDING) == 100 - PATIENCE


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
    rows = [replace(delivery(number), item_set=1 if number < 4 else 2) for number in range(1, 7)]
    ledger, transport = MemoryLedger.of(rows), Scripted(batch=10)
    run(ledger, transport)
    assert transport.calls == [[1, 2, 3], [4, 5, 6]]


def test_a_row_that_the_transport_says_nothing_about_is_uncertain():
    class Silent(Scripted):
        async def hand_over(self, started):
            return (await super().hand_over(started))[1:]

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
    ended = run(ledger, Telltale([answer] * PATIENCE))
    told = {row.text for row in ledger.rows.values()} - {""}
    assert told == {"<(address)>: words"}
    assert ended.reply is None or ended.reply.text == "<(address)>: words"
    assert ended.hold is None or "@" not in ended.hold.why


def test_no_address_reaches_the_ledger_with_the_evidence():
    ledger, transport = ledger_of(1), Telltale()
    ledger.commit((), ledger.due(limit=1, now=0.0))
    [decided] = recover(ledger, transport, now=0.0, claimed_by=transport.name)
    assert decided.text == ledger.rows[1].text == "no (address) here"


def test_progress_is_told():
    told: list[tuple[Decided, ...]] = []
    run(ledger_of(3), Scripted(batch=2), on_progress=told.append)
    assert [[one.delivery for one in decided] for decided in told] == [[1, 2], [3]]


ANSWERS = [answer for answer in Answer if answer is not Answer.SENDER_FAULT]
STEPS = st.sampled_from([*ANSWERS, "kill", "take, kill", "take, unknown"])


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=30), st.integers(1, 8), st.integers(1, 4), st.integers(1, 3))
def test_nobody_gets_two_whatever_is_answered_and_wherever_it_dies(script, people, batch, lanes):
    ledger, transport, clock = ledger_of(people), Scripted(script, batch=batch, lanes=lanes), Clock()
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
    assert uncertain <= killed * batch * lanes + unknown
    for number, row in ledger.rows.items():
        assert transport.taken[number] >= (row.state is State.ACCEPTED)
        assert transport.taken[number] == 0 or row.state in (State.ACCEPTED, State.UNCERTAIN)


class Slow(Scripted):
    """Takes its time, so that several hand-overs are under way at once."""

    def __init__(self, script=(), *, seconds=0.01, **options):
        super().__init__(script, **options)
        self.seconds = seconds
        self.under_way = self.most_under_way = 0
        self.moments = []

    async def hand_over(self, started):
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.moments.append(time.monotonic())
        await asyncio.sleep(self.seconds)
        self.under_way -= 1
        return await super().hand_over(started)


def test_as_many_hand_overs_are_under_way_as_the_transport_has_lanes():
    ledger, transport = ledger_of(30), Slow(lanes=5)
    run(ledger, transport)
    assert transport.most_under_way == 5
    assert transport.taken == Counter(range(1, 31))


def test_outcomes_and_starts_of_several_lanes_share_a_commit():
    class Counting(MemoryLedger):
        commits = 0

        def commit(self, decided, starting=()):
            self.commits += 1
            return super().commit(decided, starting)

    ledger = Counting(ledger_of(60).rows)
    run(ledger, Slow(lanes=10))
    assert ledger.commits < 60  # a start and a record each would be 120


def test_an_error_of_the_ledger_rises_and_nothing_more_is_handed_over():
    class Broken(MemoryLedger):
        def commit(self, decided, starting=()):
            if any(one.id == 5 for one in starting):
                raise ZeroDivisionError
            return super().commit(decided, starting)

    ledger, transport = Broken(ledger_of(30).rows), Slow(lanes=3)
    with pytest.raises(ZeroDivisionError):
        run(ledger, transport)
    assert transport.taken[5] == 0
    assert sum(transport.taken.values()) <= 6


def test_a_lane_that_breaks_takes_no_outcome_with_it_and_starts_nobody(monkeypatch):
    monkeypatch.setattr(group_commit, "GATHER", 3600.0)

    class Breaking(Scripted):
        async def lane(self, run):
            (started,) = await run.start(await run.take())
            if started.id == 1:
                await asyncio.sleep(0.05)
                raise ZeroDivisionError
            if started.id == 2:
                reply = self.answer(started.id)
                await run.start(await run.take(), [reply])
            await asyncio.sleep(60)

    ledger = ledger_of(9)
    with pytest.raises(ZeroDivisionError):
        run(ledger, Breaking(lanes=4))
    assert [ledger.rows[number].state for number in (1, 2, 3)] == [
        State.SENDING,
        State.ACCEPTED,
        State.SENDING,
    ]
    assert ledger.count(State.SENDING) == 3


@pytest.mark.parametrize(
    ("people", "batch", "lanes"), [(1024, 300, 4), (2000, 1000, 2), (513, 1, 8), (256, 1, 1)]
)
def test_reading_ahead_finds_everybody_once_and_comes_to_an_end(people, batch, lanes):
    ledger, transport = ledger_of(people), Slow(batch=batch, lanes=lanes, seconds=0.001)
    run(ledger, transport)
    assert transport.taken == Counter(range(1, people + 1))


# ---- steering ----


def asked_often(times, *, when=lambda: True):
    """A wish to stop that is granted when it is asked for the `times`-th time, counted while `when()`."""
    left = itertools.count(times, -1)
    return lambda: bool(when()) and next(left) <= 1


def test_messages_are_spread_evenly():
    ledger, transport = ledger_of(11), Slow(lanes=4, seconds=0)
    run(ledger, transport, pace=PaceRules(rate=50))
    gaps = [after - before for before, after in zip(transport.moments, transport.moments[1:], strict=False)]
    assert transport.moments[-1] - transport.moments[0] >= 10 / 50 * 0.95
    assert min(gaps) >= 1 / 50 * 0.3


def test_a_slow_domain_does_not_hold_up_the_others():
    rows = [
        delivery(number, address=f"r{number}@{'slow' if number % 2 else 'fast'}.example")
        for number in range(1, 9)
    ]
    ledger, transport = MemoryLedger.of(rows), Slow(seconds=0)
    run(ledger, transport, pace=PaceRules(domains={"slow.example": 20}))
    order = [call[0] for call in transport.calls]
    assert order[:5] == [1, 2, 4, 6, 8]
    assert order[5:] == [3, 5, 7]
    assert transport.moments[-1] - transport.moments[0] >= 3 / 20 * 0.95


def test_a_hold_stops_a_running_send_within_a_second_and_a_release_lets_it_go_on():
    class Attended(MemoryLedger):
        looks = 0

        def orders(self):
            self.looks += 1
            if self.now.hold:
                held.append(self.count(State.ACCEPTED))
                if len(held) > 3:
                    self.now = GO_ON
            elif not held and self.count(State.ACCEPTED) > 5:
                self.hold(Hold(by=Holder.PERSON, why="paused"))
            return self.now

    held: list[int] = []
    ledger, transport = Attended(ledger_of(60).rows), Slow(lanes=2, seconds=0.02)
    assert run(ledger, transport).why is Why.DONE
    assert ledger.count(State.ACCEPTED) == 60
    assert held[-1] - held[0] <= 2  # what was on the wire


def test_a_held_issue_starts_nobody_even_before_anyone_looks():
    ledger, transport = ledger_of(3), Scripted()
    ledger.hold(Hold(by=Holder.GUARD, why="earlier"))
    ended = run(ledger, transport)
    assert (ended.why, ended.hold.by) == (Why.HELD, Holder.GUARD)
    assert transport.calls == []


def test_a_cancelled_issue_ends_the_run():
    ledger, transport = ledger_of(3), Scripted()
    ledger.now = Orders(cancelled=True)
    assert run(ledger, transport).why is Why.CANCELLED
    assert transport.calls == []


def test_a_send_that_is_held_up_can_be_stopped():
    ledger = ledger_of(3)
    ledger.hold(Hold(by=Holder.PERSON, why="paused"))
    ended = run(ledger, Scripted(), stop=asked_often(6))
    assert ended.hold.by is Holder.PERSON


@pytest.mark.parametrize("lanes", [1, 4])
def test_a_canary_hands_over_to_so_many_and_holds(lanes):
    ledger, transport = ledger_of(20), Slow(lanes=lanes, seconds=0.001)
    ended = run(
        ledger,
        transport,
        canary=5,
        stop=asked_often(3, when=lambda: ledger.now.hold),
    )
    assert sum(transport.taken.values()) == 5
    assert (ended.why, ended.hold.by) == (Why.HELD, Holder.CANARY)


def test_a_canary_that_is_resumed_goes_on_to_everybody():
    class Attended(MemoryLedger):
        def orders(self):
            now, self.now = self.now, GO_ON  # whoever looked at the first five says: go on
            return now

    ledger, transport = Attended(ledger_of(20).rows), Slow()
    assert run(ledger, transport, canary=5).why is Why.DONE
    assert ledger.count(State.ACCEPTED) == 20


def test_too_many_refusals_among_the_first_hold_the_send():
    ledger, transport = ledger_of(300), Scripted([Answer.PERMANENT] * 300)
    ended = run(ledger, transport, guard=GuardRules(first=100, rejected=0.3))
    assert (ended.why, ended.hold.by) == (Why.HELD, Holder.GUARD)
    assert ledger.count(State.REJECTED) == 31
    assert ledger.now.hold == ended.hold
    assert "31 of the first 31" in ended.hold.why


def test_refusals_after_the_first_hold_nothing():
    ledger, transport = ledger_of(150), Scripted([Answer.ACCEPTED] * 100 + [Answer.PERMANENT] * 50)
    assert run(ledger, transport, guard=GuardRules(first=100, rejected=0.3)).why is Why.DONE
    assert ledger.count(State.REJECTED) == 50


def test_complaints_hold_the_send():
    class Loud(MemoryLedger):
        def complaints(self):
            return 3

    ended = run(Loud(ledger_of(100).rows), Slow(seconds=0.05), guard=GuardRules(first=100, complained=0.02))
    assert ended.hold.by is Holder.GUARD
    assert "3 readers complained" in ended.hold.why


def test_a_refusal_that_blames_the_sender_holds_the_send_and_costs_nobody_an_attempt():
    ledger, transport = ledger_of(5), Scripted([Answer.ACCEPTED, Answer.SENDER_FAULT])
    ended = run(ledger, transport)
    assert (ended.why, ended.hold.by, ended.hold.why) == (Why.HELD, Holder.SENDER, "words")
    assert (ledger.count(State.ACCEPTED), ledger.count(State.PENDING)) == (1, 4)
    assert {row.delivery.attempts for row in ledger.rows.values()} == {0, 1}
    ledger.now = GO_ON
    run(ledger, transport)
    assert transport.taken == Counter(range(1, 6))


def test_a_short_rest_that_a_transport_asks_for_is_waited_for():
    class Busy(Scripted):
        def answer(self, number):
            reply = super().answer(number)
            return replace(reply, retry_after=0.2) if reply.answer is Answer.NOT_TAKEN else reply

    ledger, transport = ledger_of(3), Busy([Answer.NOT_TAKEN] * 3, batch=3)
    started = time.monotonic()
    assert run(ledger, transport, clock=lambda: 1_000_000.0 + time.monotonic() - started).why is Why.DONE
    assert time.monotonic() - started >= 0.2
    assert ledger.count(State.ACCEPTED) == 3


def test_lanes_that_are_refused_at_the_same_time_were_refused_once():
    class AllAtOnce(Slow):
        def answer(self, number):
            return Reply(delivery=number, answer=Answer.NOT_TAKEN) if number <= 6 else super().answer(number)

    ledger, transport = ledger_of(20), AllAtOnce(lanes=6)
    run(ledger, transport)
    assert ledger.count(State.ACCEPTED) == 14


def test_whoever_was_refused_is_not_asked_again_before_that_is_written():
    class AtTheDoor(Scripted):
        async def lane(self, run):
            while group := await run.take():
                self.calls.append([one.id for one in group])
                await run.record([Reply(delivery=one.id, answer=Answer.TEMPORARY) for one in group])

    ledger, transport = ledger_of(2), AtTheDoor(lanes=3)
    run(ledger, transport)
    assert transport.calls == [[1], [2]]
    assert [row.delivery.attempts for row in ledger.rows.values()] == [1, 1]


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
    claimed = ledger.due(limit=1, now=0.0)
    ledger.commit((), claimed)
    recover(ledger, transport, now=0.0, claimed_by=claimed_by)
    run(ledger, transport)
    assert ledger.rows[claimed[0].id].state is State.UNCERTAIN
    assert transport.calls == [[2]]
