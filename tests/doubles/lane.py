"""A send without a ledger: hands deliveries to a transport's lanes and keeps what they say, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from ranvier.delivery.handover import Delivery, Reply, Transport

Event = tuple[str, tuple[int, ...]]
"""What happened, and to which deliveries."""


def replies_of(
    transport: Transport, deliveries: Sequence[Delivery], *, lanes: int = 1, left: Container[int] = ()
) -> list[Reply]:
    """What became of each delivery, by its id; whoever may not leave has no reply."""
    return carry(transport, LaneRun(deliveries, batch=transport.batch, left=left), lanes=lanes).replies


def carry(transport: Transport, run: LaneRun, *, lanes: int = 1) -> LaneRun:
    """Lets so many lanes of the transport work at once until `run` has nothing more; returns it."""

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(lanes):
                group.create_task(transport.lane(run))

    asyncio.run(main())
    assert not run.in_hand, f"taken, and never recorded or given back: {sorted(run.in_hand)}"
    return run


@dataclass
class LaneRun:
    """A `handover.Run`; `events` tells in order whom it "took", "started", "recorded", "refused"…

    It insists on the protocol: nobody is started who was not taken, and nobody has two outcomes.
    """

    deliveries: Sequence[Delivery]
    batch: int = 1
    left: Container[int] = ()
    """Deliveries that `start` keeps back."""
    hesitant: bool = False
    """`take(wait=False)` is never now."""
    commit_takes: float = 0.0
    """Seconds until `start` and `record` return."""
    patience: int = 3
    """After so many refusals there is nothing to take."""
    events: list[Event] = field(default_factory=list)
    """Servers may add what they see, from any thread."""
    refusals: list[Reply] = field(default_factory=list)
    in_hand: set[int] = field(default_factory=set)
    """Taken or started, and not decided."""
    started: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._waiting = deque(self.deliveries)
        self._recorded: dict[int, Reply] = {}
        self._refused: dict[int, Reply] = {}

    @property
    def replies(self) -> list[Reply]:
        """What was recorded, and the refusal of those who could not even be asked; by delivery."""
        return [reply for _, reply in sorted({**self._refused, **self._recorded}.items())]

    def happened(self, *names: str) -> list[Event]:
        """The events of these names only."""
        return [event for event in self.events if event[0] in names]

    async def take(self, *, wait: bool = True) -> tuple[Delivery, ...]:
        """As `handover.Run` says."""
        await asyncio.sleep(0)
        if (self.hesitant and not wait) or len(self.refusals) >= self.patience:
            return ()
        group: list[Delivery] = []
        while self._waiting and len(group) < self.batch and _alike(self._waiting[0], *group[:1]):
            group.append(self._waiting.popleft())
        self.in_hand.update(one.id for one in group)
        if group:
            self._log("took", group)
        return tuple(group)

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """As `handover.Run` says."""
        self._must_be_taken(one.id for one in deliveries)
        assert not self.started.intersection(one.id for one in deliveries), "something happened to these"
        self._log("gave back", deliveries)
        self.in_hand.difference_update(one.id for one in deliveries)
        self._waiting.extendleft(reversed(deliveries))

    async def start(
        self, deliveries: Sequence[Delivery], replies: Sequence[Reply] = ()
    ) -> tuple[Delivery, ...]:
        """As `handover.Run` says."""
        self._must_be_taken(one.id for one in deliveries)
        await self._commit(replies)
        may_go = tuple(one for one in deliveries if one.id not in self.left)
        self.in_hand.difference_update(one.id for one in deliveries if one.id in self.left)
        self.started.update(one.id for one in may_go)
        self._log("started", may_go)
        return may_go

    async def record(self, replies: Sequence[Reply]) -> None:
        """As `handover.Run` says."""
        await self._commit(replies)

    async def refused(self, deliveries: Sequence[Delivery], reply: Reply) -> None:
        """As `handover.Run` says; waits as long as the reply asks for, if there is another time."""
        self.refusals.append(reply)
        self._refused.update((one.id, replace(reply, delivery=one.id)) for one in deliveries)
        self._log("refused", deliveries)
        self.give_back(deliveries)
        if len(self.refusals) < self.patience:
            await asyncio.sleep(reply.retry_after or 0.01)

    async def _commit(self, replies: Sequence[Reply]) -> None:
        self._must_be_taken(reply.delivery for reply in replies)
        await asyncio.sleep(self.commit_takes)
        for reply in replies:
            self.in_hand.remove(reply.delivery)
            self._recorded[reply.delivery] = reply
        if replies:
            self.events.append(("recorded", tuple(reply.delivery for reply in replies)))

    def _must_be_taken(self, numbers: Iterable[int]) -> None:
        strangers = [number for number in numbers if number not in self.in_hand]
        assert not strangers, f"these are not the lane's: {strangers}"

    def _log(self, name: str, deliveries: Sequence[Delivery]) -> None:
        self.events.append((name, tuple(one.id for one in deliveries)))


def _alike(one: Delivery, *others: Delivery) -> bool:
    return all((one.audience, one.item_set) == (other.audience, other.item_set) for other in others)
