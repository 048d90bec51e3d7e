"""Text that is read tired, on a phone, should need few years of school (R268: AMA and NIH ask for 6 to 8).

Two formulas of textstat that count letters: those that count syllables would fetch a dictionary from the
network. Names of drugs, of diseases and of what readers know anyway do not count. To mend: shorten
sentences in the summary's file.
"""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING

from ranvier.checks.finding import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof
    from ranvier.summaries.summary import Summary

_FEWEST_WORDS = 30
"""The formulas say nothing of shorter texts."""

# Stems of international nonproprietary names (WHO, "The use of stems in the selection of INN").
_STEMS = (
    r"\w{2,}(?:mab|nib|imod|cept|tide|mer|stat|vir|cel|gene|feron|ribine|pril|sartan|formin|azole|cillin)s?"
)
_ABBREVIATION = r"\w*[A-Z0-9]\w*[A-Z0-9]\w*"


def check_reading_grade(proof: Proof) -> Iterator[Finding]:
    """`hard-to-read` for an item, `issue-hard-to-read` for the median of all; English only."""
    if not proof.publication.language.startswith("en"):
        return
    names = _names(proof)
    grades = {summary.slug: found for summary in proof.chosen if (found := _grades(_prose(summary, names)))}
    most = proof.rules.most_grade
    for slug, (one, other) in grades.items():
        if min(one, other) > most + proof.rules.item_leeway:
            message = f"reads like school grade {one:.0f} (ARI) and {other:.0f} (Coleman-Liau)"
            yield warning("hard-to-read", f"{message}; aim for {most} or less", where=slug)
    if grades and median(map(min, grades.values())) > most:
        said = f"half of its items read like grade {median(map(min, grades.values())):.0f} or more"
        yield warning("issue-hard-to-read", f"{said}; aim for {most} or less", where=proof.where)


def _prose(summary: Summary, names: re.Pattern[str]) -> str:
    text = f"{summary.takeaway} {summary.findings} {summary.meaning} {summary.considerations}"
    return names.sub("it", text)


def _names(proof: Proof) -> re.Pattern[str]:
    """Names that readers meet anyway: drugs, abbreviations, what topics and [checks] call by name."""
    known = [term.rstrip("$") for topic in proof.taxonomy.topics for term in topic.strong]
    known = sorted({*known, *proof.rules.known_names}, key=len, reverse=True)
    listed = "|".join(re.escape(name) + r"\w*" for name in known if name)
    return re.compile(
        rf"\b(?:{listed + '|' if listed else ''}{_STEMS}|(?-i:{_ABBREVIATION}))\b", re.IGNORECASE
    )


def _grades(text: str) -> tuple[float, float] | None:
    """The grade by two formulas; None for a text that is too short for either."""
    import textstat  # noqa: PLC0415 - only the gate needs it, and it takes a third of a second

    if len(text.split()) < _FEWEST_WORDS:
        return None
    return textstat.automated_readability_index(text), textstat.coleman_liau_index(text)
