"""The account of an issue: what became of everyone it was meant for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ranvier.delivery.handover import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ranvier.delivery.orders import Hold
    from ranvier.issue.state import IssueState


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Counts of people; `audience` was counted when the audience was frozen, the rest from the rows."""

    issue: str
    state: IssueState
    audience: int
    outcomes: Mapping[State, int] = field(default_factory=dict)
    excluded: Mapping[str, int] = field(default_factory=dict)
    hold: Hold | None = None
    """What holds the send up, if anything does."""

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[str, str, int]],
        *,
        issue: str,
        state: IssueState,
        audience: int,
        hold: Hold | None = None,
    ) -> Account:
        """The account that `rows` give: state, reason and how many people have both."""
        outcomes: Counter[State] = Counter()
        excluded: dict[str, int] = {}
        for outcome, reason, count in sorted(rows):
            if outcome == State.EXCLUDED:
                excluded[reason] = count
            else:
                outcomes[State(outcome)] += count
        return cls(
            issue=issue, state=state, audience=audience, outcomes=outcomes, excluded=excluded, hold=hold
        )

    def __getitem__(self, state: State) -> int:
        return self.outcomes.get(state, 0)

    @property
    def balanced(self) -> bool:
        """Whether everyone of the audience has exactly one outcome."""
        return self.audience == sum(self.outcomes.values()) + sum(self.excluded.values())

    def as_json(self) -> dict[str, object]:
        """The document that `send`, `status`, `verify` and `demo` give."""
        counts = {state.value: self[state] for state in State if state is not State.EXCLUDED}
        return {
            "issue": self.issue,
            "state": self.state.value,
            "audience": self.audience,
            **counts,
            "excluded": dict(self.excluded),
            **({"held": {"by": self.hold.by, "why": self.hold.why}} if self.hold else {}),
        }
