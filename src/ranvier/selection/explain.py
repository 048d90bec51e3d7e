"""A verdict in words and numbers, for `ranvier why`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ranvier.selection.verdict import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.selection.rank import Score
    from ranvier.selection.verdict import Verdict

_WORDS = MappingProxyType(
    {
        Reason.CHOSEN: "Chosen",
        Reason.FUTURE_DATED: "Not chosen, it is dated in the future",
        Reason.UNDATED: "Not chosen, it is undated",
        Reason.QUARANTINED: "Not chosen, it is quarantined",
        Reason.WITHDRAWN: "Not chosen, it was withdrawn",
        Reason.OUTSIDE_WINDOW: "Not chosen, it is outside this issue's window",
        Reason.ALREADY_USED: "Not chosen, readers had it already",
        Reason.NEAR_DUPLICATE: "Not chosen, it tells the same story as another",
        Reason.TOPIC_CAP: "Not chosen, its topic is full",
        Reason.ISSUE_FULL: "Not chosen, the issue is full",
    }
)


def explain(verdict: Verdict) -> str:
    """Several lines: the decision and its reason, then the score part by part with its weight."""
    decision = f"{_WORDS[verdict.reason]}: {verdict.detail}."
    lines = [f'{verdict.slug} ("{verdict.title}"), topic {verdict.topic}', decision]
    if verdict.score:
        lines += _parts(verdict.score)
    else:
        lines.append("It was not ranked.")
    return "\n".join(lines)


def _parts(score: Score) -> Iterator[str]:
    most = sum(part.weight for part in score.parts)
    yield f"Score {score.total:.2f} of {most:.2f}:"
    for part in score.parts:
        yield f"  {part.name:<11} {part.points:.2f} of {part.weight:.2f}  ({part.words})"
