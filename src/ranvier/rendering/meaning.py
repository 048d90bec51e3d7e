"""What a study means, for the audience that reads it: sentences that speak to it come first.

A summary's "Who should care and why" speaks to several audiences in turn. A sentence that names one speaks to
it, and so do the sentences after it, until another is named. Nothing is reworded.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from ranvier.rendering.prose import paragraphs, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ranvier.rendering.publication import Audience


def for_audience(meaning: str, audience: Audience, others: Sequence[Audience]) -> tuple[str, ...]:
    """The paragraphs with those for `audience` first; a compact audience gets only those, if there are any.

    `others` are the publication's other audiences. Text that nobody is named in speaks to all.
    """
    whole = paragraphs(meaning)
    if not audience.addressed_as:
        return whole
    own: list[str] = []
    rest: list[str] = []
    for is_own, said in groupby(_spoken(whole, audience, others), key=lambda spoken: spoken[0]):
        (own if is_own else rest).append(" ".join(sentence for _, sentence in said))
    if not own:
        return whole
    return tuple(own) if audience.compact else (*own, *rest)


def _spoken(
    whole: Sequence[str], audience: Audience, others: Sequence[Audience]
) -> Iterator[tuple[bool, str]]:
    """Every sentence, and whether it speaks to the audience by name."""
    ours = _names(audience.addressed_as)
    theirs = _names([name for other in others for name in other.addressed_as])
    is_own = False
    for sentence in (sentence for paragraph in whole for sentence in sentences(paragraph)):
        if ours.search(sentence):
            is_own = True
        elif theirs.search(sentence):
            is_own = False
        yield is_own, sentence


def _names(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the names at the start of a word; nothing matches when there is none."""
    return re.compile(r"\b(?:" + ("|".join(map(re.escape, words)) or "(?!)") + ")", re.IGNORECASE)
