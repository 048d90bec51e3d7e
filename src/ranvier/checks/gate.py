"""The gate: what is looked at, in this order. Nothing here can be switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ranvier.checks.active import check_active
from ranvier.checks.ai_named import check_ai_named
from ranvier.checks.as_rendered import check_as_rendered
from ranvier.checks.ascii import check_ascii
from ranvier.checks.audiences import check_audiences
from ranvier.checks.considerations import check_considerations
from ranvier.checks.dates import check_dates
from ranvier.checks.editors_links import check_editors_links
from ranvier.checks.empty import check_empty
from ranvier.checks.finding import Finding, Severity
from ranvier.checks.hidden import check_hidden
from ranvier.checks.imprint import check_imprint
from ranvier.checks.issue_label import check_issue_label
from ranvier.checks.label import check_label
from ranvier.checks.library import check_library
from ranvier.checks.overclaim import check_overclaim
from ranvier.checks.page import Page, pages
from ranvier.checks.preview import check_preview
from ranvier.checks.proof import Proof
from ranvier.checks.review import check_review
from ranvier.checks.size import check_size
from ranvier.checks.source import check_source, check_source_stated
from ranvier.checks.subject import check_subject
from ranvier.checks.title import check_title
from ranvier.checks.topics import check_topics
from ranvier.checks.unsubscribe import check_unsubscribe
from ranvier.checks.works import check_works

if TYPE_CHECKING:
    from collections.abc import Iterator

Check = Callable[[Proof], Iterable[Finding]]
PageCheck = Callable[[Page, Proof], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    check_empty,
    check_library,
    check_dates,
    check_works,
    check_subject,
    check_preview,
    check_ai_named,
    check_editors_links,
    check_as_rendered,
    check_unsubscribe,
    check_audiences,
    check_topics,
    check_review,
    check_source_stated,
    check_overclaim,
)
"""About the issue as a whole."""

PAGE_CHECKS: tuple[PageCheck, ...] = (
    check_issue_label,
    check_title,
    check_label,
    check_considerations,
    check_source,
    check_imprint,
    check_size,
    check_ascii,
    check_active,
    check_hidden,
)
"""About each part as readers get it, in full and with every item alone."""


def run_checks(proof: Proof) -> tuple[Finding, ...]:
    """All findings, errors first, then in the order of the checks; each is said once."""
    findings = dict.fromkeys((*_about_issue(proof), *_about_pages(proof)))
    return tuple(sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR))


def _about_issue(proof: Proof) -> Iterator[Finding]:
    for check in CHECKS:
        yield from check(proof)


def _about_pages(proof: Proof) -> Iterator[Finding]:
    read = tuple(pages(proof))
    for check in PAGE_CHECKS:
        for page in read:
            yield from check(page, proof)
