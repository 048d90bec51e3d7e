"""Choosing an issue's items: hold back, rank, leave out what was told already, cap."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from ranvier.selection.duplicates import Stories
from ranvier.selection.rank import Score, score
from ranvier.selection.verdict import Reason, Selection, Verdict
from ranvier.summaries.summary import Standing
from ranvier.topics.taxonomy import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ranvier.selection.candidate import Candidate, Used
    from ranvier.selection.rules import Rules
    from ranvier.selection.window import Window
    from ranvier.topics.taxonomy import Taxonomy


def select(
    candidates: Iterable[Candidate],
    rules: Rules,
    window: Window,
    *,
    used: Sequence[Used],
    taxonomy: Taxonomy,
) -> Selection:
    """The issue's sections and a verdict on every candidate; the same input gives the same output."""
    held: list[Verdict] = []
    ranked: list[tuple[Candidate, Score]] = []
    for candidate in candidates:
        if hold := _hold(candidate, rules, window):
            held.append(_verdict(candidate, hold, taxonomy))
        else:
            ranked.append((candidate, score(candidate, rules, window)))
    ranked.sort(key=_order)
    held.sort(key=lambda verdict: verdict.slug)
    judged = _judge(ranked, rules, Stories(used, similarity=rules.similarity), taxonomy)
    return Selection(sections=_sections(judged, taxonomy), verdicts=(*judged, *held))


def _hold(candidate: Candidate, rules: Rules, window: Window) -> tuple[Reason, str] | None:
    """Why a candidate is not even ranked, in words."""
    if candidate.status == Standing.WITHDRAWN:
        return Reason.WITHDRAWN, candidate.detail or "its file is gone"
    if candidate.status == Standing.QUARANTINED:
        return Reason.QUARANTINED, candidate.detail or "it cannot be mailed as it is"
    if candidate.date is None:
        return Reason.UNDATED, "it has no date; write one into its file and ingest it again"
    if candidate.date >= window.closes:
        return (
            Reason.FUTURE_DATED,
            f"dated {candidate.date}; this issue takes what is dated before {window.closes}",
        )
    if candidate.date < window.opens and not _late(candidate, rules, window):
        days = f"{window.opens} to {window.closes - timedelta(days=1)}"
        return Reason.OUTSIDE_WINDOW, f"dated {candidate.date}; this issue covers {days}"
    return None


def _late(candidate: Candidate, rules: Rules, window: Window) -> bool:
    """Whether a summary from before the window is news, because the last issue could not know it."""
    if candidate.date is None or window.last_cut is None:
        return False
    earliest = window.opens - timedelta(days=rules.late_days)
    return candidate.first_seen > window.last_cut and candidate.date >= earliest


def _order(ranked: tuple[Candidate, Score]) -> tuple[float, int, str]:
    """Best first; among equals the newer, then the slug, so that no run differs from another."""
    candidate, points = ranked
    return -points.total, -candidate.date.toordinal() if candidate.date else 0, candidate.slug


def _judge(
    ranked: Sequence[tuple[Candidate, Score]], rules: Rules, stories: Stories, taxonomy: Taxonomy
) -> tuple[Verdict, ...]:
    """Walks down the ranking: what is no news goes out first, then topic caps, then the size of the issue."""
    verdicts: list[Verdict] = []
    taken: Counter[str] = Counter()
    for place, (candidate, points) in enumerate(ranked, start=1):
        decided = stories.told(candidate)
        if decided is None:
            stories.tell(candidate)
            decided = _capped(_topic(candidate, taxonomy), taken, rules)
        decided = decided or (Reason.CHOSEN, f"ranked {place} of {len(ranked)}")
        verdict = _verdict(candidate, decided, taxonomy, points)
        taken[verdict.topic] += verdict.chosen
        verdicts.append(verdict)
    return tuple(verdicts)


def _capped(topic: str, taken: Counter[str], rules: Rules) -> tuple[Reason, str] | None:
    if taken[topic] >= rules.per_topic:
        return Reason.TOPIC_CAP, f"{topic} has its {rules.per_topic} better-ranked items already"
    if taken.total() >= rules.max_items:
        return Reason.ISSUE_FULL, f"the issue has its {rules.max_items} better-ranked items already"
    return None


def _topic(candidate: Candidate, taxonomy: Taxonomy) -> str:
    """The section it would stand in; a topic that the taxonomy has lost is `other`."""
    primary = candidate.topics[0] if candidate.topics else OTHER
    return primary if primary in taxonomy.slugs else OTHER


def _verdict(
    candidate: Candidate, decided: tuple[Reason, str], taxonomy: Taxonomy, points: Score | None = None
) -> Verdict:
    reason, detail = decided
    return Verdict(
        slug=candidate.slug,
        title=candidate.title,
        reason=reason,
        detail=detail,
        topic=_topic(candidate, taxonomy),
        score=points,
    )


def _sections(verdicts: Sequence[Verdict], taxonomy: Taxonomy) -> tuple[tuple[str, tuple[str, ...]], ...]:
    chosen = [verdict for verdict in verdicts if verdict.chosen]
    grouped = (
        (topic, tuple(verdict.slug for verdict in chosen if verdict.topic == topic))
        for topic in taxonomy.slugs
    )
    return tuple((topic, slugs) for topic, slugs in grouped if slugs)
