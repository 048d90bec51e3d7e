"""A relative number alone overstates: "31 % lower" may be 9 in 1,000 or 9 in 10 (R258).

To mend: add how many of how many, in each group, to the summary's key takeaway or findings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

_PERCENT = r"\d[\d.,]*\s?(?:%|per ?cent)"
_LESS = (
    r"(?:lower\w*|higher|fewer|less|more|greater|smaller|slow\w+|faster"
    r"|reduc\w+|increas\w+|decreas\w+|drop\w*|cut|risk)"
)
_RELATIVE = re.compile(
    rf"\b{_LESS}\b[^.]{{0,80}}?\bby (?:about |around |nearly |almost |up to )?{_PERCENT}"
    rf"|{_PERCENT} (?:\w+ )?{_LESS}\b"
    r"|\b(?:twice|half|double|triple|\d+ times|(?:two|three|four|five|ten)[- ]?(?:times|fold))"
    r" (?:as|the|more|less|higher|lower)\b"
    r"|\b(?:doubled|halved|tripled)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    rf"{_PERCENT}.{{0,80}}?\b(?:and|versus|vs\.?|compared with|against|with)\b.{{0,60}}?{_PERCENT}"
    r"|\b\d[\d,]* (?:of|in|out of|per) (?:the |every )?\d[\d,]*"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:in|of|out of) (?:every )?"
    r"(?:ten|twenty|\d[\d,]*|a hundred|a thousand)\b"
    r"|\b(?:from|to) (?:about )?\d[\d.,]*[^.]{0,40}? to (?:about )?\d[\d.,]*"
    r"|\b\d[\d.,]* (?:versus|vs\.?|compared with|against) \d",
    re.IGNORECASE,
)


def check_relative_numbers(proof: Proof) -> Iterator[Finding]:
    """`relative-alone`."""
    for summary in proof.chosen:
        claim = f"{summary.title}. {summary.takeaway}"
        found = _RELATIVE.search(claim) or _RELATIVE.search(summary.findings)
        if found and not _ABSOLUTE.search(f"{claim} {summary.findings}"):
            message = f'"{found[0]}" stands without absolute numbers'
            yield warning("relative-alone", message, where=summary.slug)
