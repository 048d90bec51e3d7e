"""The ledger in the database does what the one in memory does, whatever is done to both."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update
from tests.store.people import add, person, start

from ranvier.delivery.handover import Decided, State
from ranvier.delivery.memory import MemoryLedger
from ranvier.delivery.orders import GO_ON, Hold, Holder, Orders
from ranvier.errors import HoldLostError
from ranvier.store import issues
from ranvier.store.ledger import SqlLedger
from ranvier.store.schema import deliveries, subscribers

if TYPE_CHECKING:
    from ranvier.delivery.handover import Delivery
    from ranvier.store.database import Database

PEOPLE = 6
OUTCOMES = (State.ACCEPTED, State.REJECTED, State.DEFERRED, State.UNCERTAIN, State.PENDING)


class LedgerMachine(RuleBasedStateMachine):
    """Both ledgers, the rows that someone has read, and who was started."""

    database: ClassVar[Database]
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        LedgerMachine.runs += 1
        self.issue = f"weekly/{1000 + LedgerMachine.runs:04}-01-01"
        names = [f"run{LedgerMachine.runs}p{number}" for number in range(PEOPLE)]
        add(self.database, *(person(name) for name in names))
        start(self.database, issue=self.issue, segments=[subscribers.c.name.in_(names)])
        self.lives = 0
        self.now = 0.0
        self.begin_anew()
        rows = self.ledger.due(limit=PEOPLE, now=0.0)
        self.model = MemoryLedger.of(rows)
        self.read: dict[int, Delivery] = {}
        self.in_flight: set[int] = set()

    def begin_anew(self) -> None:
        self.lives += 1
        self.ledger = SqlLedger(self.database, self.issue, holder=f"life {self.lives}")
        self.ledger.take_over()

    @rule(limit=st.integers(1, PEOPLE))
    def read_what_is_due(self, limit: int) -> None:
        due = self.ledger.due(limit=limit, now=self.now)
        assert due == self.model.due(limit=limit, now=self.now)
        self.read.update((one.id, one) for one in due)

    @rule(data=st.data())
    def commit(self, data: st.DataObject) -> None:
        flying = (
            data.draw(st.lists(st.sampled_from(sorted(self.in_flight)), unique=True))
            if self.in_flight
            else []
        )
        decided = [
            Decided(
                delivery=one,
                state=state,
                attempted=True,
                again_at=self.now + 60 if state is State.PENDING else None,
            )
            for one in flying
            for state in [data.draw(st.sampled_from(OUTCOMES))]
        ]
        known = sorted(self.read)
        starting = data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []
        rows = [self.read[one] for one in starting]
        committed = self.ledger.commit(decided, rows)
        expected = self.model.commit(decided, rows)
        assert committed.started == expected.started
        assert {one.delivery for one in committed.left} == {one.delivery for one in expected.left}
        assert not committed.started & (self.in_flight - set(flying))
        self.in_flight = self.in_flight - set(flying) | committed.started

    @rule(number=st.integers(0, PEOPLE - 1))
    def somebody_leaves(self, number: int) -> None:
        subscriber = list(self.model.rows.values())[number].delivery.subscriber
        self.model.left.add(subscriber)
        with self.database.write() as connection:
            gone = update(subscribers).where(subscribers.c.id == subscriber).values(status="unsubscribed")
            connection.execute(gone)

    @rule()
    def the_process_dies_and_the_next_one_takes_over(self) -> None:
        dead = self.ledger
        self.begin_anew()
        lost = [Decided(delivery=one, state=State.UNCERTAIN, attempted=True) for one in self.ledger.sending()]
        assert {one.delivery for one in lost} == self.in_flight
        try:
            dead.commit(
                [Decided(delivery=one, state=State.ACCEPTED, attempted=True) for one in self.in_flight]
            )
        except HoldLostError:
            pass
        else:
            raise AssertionError("a process without the issue wrote into its ledger")
        self.ledger.commit(lost)
        self.model.commit(lost)
        self.in_flight = set()

    @rule(seconds=st.sampled_from([1, 60, 120]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def somebody_holds_it_up(self) -> None:
        hold = Hold(by=Holder.PERSON, why="paused")
        self.ledger.hold(hold)
        self.model.hold(hold)

    @precondition(lambda self: self.model.now.hold)
    @rule()
    def somebody_lets_it_go_on(self) -> None:
        with self.database.write() as connection:
            issues.release(connection, self.issue)
        self.model.now = GO_ON

    @invariant()
    def both_say_the_same_and_the_account_balances(self) -> None:
        with self.database.read() as connection:
            query = select(deliveries.c.id, deliveries.c.state).where(deliveries.c.issue == self.issue)
            found = {row.id: State(row.state) for row in connection.execute(query)}
            account = issues.account(connection, issues.get(connection, self.issue))
        assert found == {number: row.state for number, row in self.model.rows.items()}
        assert account.balanced
        assert self.ledger.orders() == Orders(hold=self.model.now.hold)
        assert {number for number, state in found.items() if state is State.SENDING} == self.in_flight


def test_the_ledger_in_the_database_does_what_the_one_in_memory_does(database: Database) -> None:
    LedgerMachine.database = database
    few = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(LedgerMachine, settings=few)
