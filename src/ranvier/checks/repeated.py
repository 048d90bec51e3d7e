"""Readers meet a study once (promise 7); the same story in other words is no news either.

Who received a study does not receive it again, whatever stands in the issue. To mend: drop the item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import warning
from ranvier.selection.candidate import Used
from ranvier.selection.duplicates import Stories
from ranvier.selection.verdict import Reason
from ranvier.summaries.work import work_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_CODES = {Reason.ALREADY_USED: "already-sent", Reason.NEAR_DUPLICATE: "near-duplicate"}


def check_repeated(proof: Proof) -> Iterator[Finding]:
    """`already-sent`, `near-duplicate`: of an earlier issue of this edition, or of an item above."""
    stories = Stories(proof.used, similarity=proof.similarity)
    works: set[str] = set()
    for summary in proof.chosen:
        story = Used(
            slug=summary.slug,
            work=work_of(summary),
            title=summary.title,
            takeaway=summary.takeaway,
            issue=proof.issue.id,
        )
        told = None if story.work in works else stories.told(story)  # `same-work` says so already
        works.add(story.work)
        if told:
            reason, words = told
            yield warning(_CODES[reason], words, where=summary.slug)
        stories.tell(story)
