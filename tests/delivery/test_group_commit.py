"""When lanes' outcomes and starts are written: together, and never later than worth it."""

import asyncio

import pytest
from tests.doubles.composer import delivery

from ranvier.delivery import group_commit
from ranvier.delivery.group_commit import TURNS, GroupCommit
from ranvier.delivery.handover import Decided, State
from ranvier.delivery.ledger import Committed


def accepted(number):
    return Decided(delivery=number, state=State.ACCEPTED, attempted=True)


class Book:
    """Keeps what each commit was given."""

    def __init__(self):
        self.commits = []
        self.broken = False
        self.left = set()

    def commit(self, decided, starting):
        self.commits.append(([one.delivery for one in decided], [one.id for one in starting]))
        if self.broken:
            raise ZeroDivisionError
        return Committed(started=frozenset(one.id for one in starting if one.id not in self.left))


class Asked:
    """A group commit with so many on the wire, and what was asked of it since."""

    def __init__(self, on_the_wire=0):
        self.book = Book()
        self.group = GroupCommit(self.book.commit, lambda *_: None)
        self.group.on_the_wire.update(range(1, on_the_wire + 1))
        self.tasks = []

    async def ask(self, *, decided=(), starting=()):
        asking = self.group.ask([accepted(one) for one in decided], [delivery(one) for one in starting])
        self.tasks.append(asyncio.create_task(asking))
        await asyncio.sleep(0)

    async def turns(self, count=TURNS + 2):
        for _ in range(count):
            await asyncio.sleep(0)
        return self.book.commits

    async def answers(self):
        return await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
def no_timer(monkeypatch):
    """Whoever has to wait for the timer waits for ever."""
    monkeypatch.setattr(group_commit, "GATHER", 3600.0)


@pytest.mark.usefixtures("no_timer")
def test_whoever_is_alone_on_the_wire_waits_for_nobody():
    async def main():
        asked = Asked(on_the_wire=1)
        await asked.ask(decided=[1], starting=[2])
        assert await asked.turns() == [([1], [2])]

    asyncio.run(main())


@pytest.mark.usefixtures("no_timer")
def test_the_first_starts_wait_for_nobody_and_go_together():
    async def main():
        asked = Asked()
        for number in (1, 2, 3):
            await asked.ask(starting=[number])
        assert await asked.turns() == [([], [1, 2, 3])]

    asyncio.run(main())


@pytest.mark.usefixtures("no_timer")
def test_outcomes_wait_until_as_many_were_answered_as_are_on_the_wire():
    async def main():
        asked = Asked(on_the_wire=4)
        await asked.ask(decided=[1], starting=[5])
        assert await asked.turns() == []
        await asked.ask(decided=[2], starting=[6])
        assert await asked.turns() == [([1, 2], [5, 6])]
        assert asked.group.on_the_wire == {3, 4, 5, 6}

    asyncio.run(main())


def test_an_outcome_that_nobody_joins_is_written_all_the_same():
    async def main():
        asked = Asked(on_the_wire=64)
        await asked.ask(decided=[1], starting=[65])
        await asyncio.wait_for(asked.answers(), 5)
        assert asked.book.commits == [([1], [65])]

    asyncio.run(main())


@pytest.mark.usefixtures("no_timer")
def test_whoever_may_not_start_is_not_on_the_wire():
    async def main():
        asked = Asked()
        asked.book.left = {2}
        await asked.ask(starting=[1, 2])
        await asked.ask(starting=[3])
        assert [[one.id for one in answer] for answer in await asked.answers()] == [[1], [3]]
        assert asked.group.on_the_wire == {1, 3}

    asyncio.run(main())


@pytest.mark.usefixtures("no_timer")
def test_an_error_rises_in_every_lane_and_nothing_is_written_after_it():
    async def main():
        asked = Asked(on_the_wire=2)
        asked.book.broken = True
        for number in (1, 2):
            await asked.ask(decided=[number])
        assert [type(answer) for answer in await asked.answers()] == [ZeroDivisionError] * 2
        with pytest.raises(ZeroDivisionError):
            await asked.group.ask([], [delivery(3)])
        assert len(asked.book.commits) == 1

    asyncio.run(main())


@pytest.mark.usefixtures("no_timer")
def test_what_was_asked_for_can_be_written_at_once():
    async def main():
        asked = Asked(on_the_wire=9)
        await asked.ask(decided=[1])
        asked.group.flush()
        assert asked.book.commits == [([1], [])]
        asked.group.flush()
        assert len(asked.book.commits) == 1
        assert await asked.answers() == [()]

    asyncio.run(main())
