"""The gate: what is looked at, in this order. All of it runs; [checks] may only quieten warnings of style."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ranvier.checks.active import check_active
from ranvier.checks.advice import check_advice
from ranvier.checks.agree import check_agree
from ranvier.checks.ai_named import check_ai_named
from ranvier.checks.as_rendered import check_as_rendered
from ranvier.checks.ascii import check_ascii
from ranvier.checks.audiences import check_audiences
from ranvier.checks.causal import check_causal
from ranvier.checks.considerations import check_considerations
from ranvier.checks.contrast import check_contrast
from ranvier.checks.dates import check_dates
from ranvier.checks.dead_links import check_dead_links
from ranvier.checks.document import check_document
from ranvier.checks.editors_links import check_editors_links
from ranvier.checks.empty import check_empty
from ranvier.checks.finding import Finding, Severity
from ranvier.checks.headings import check_headings
from ranvier.checks.hidden import check_hidden
from ranvier.checks.images import check_images
from ranvier.checks.imprint import check_imprint
from ranvier.checks.issue_label import check_issue_label
from ranvier.checks.label import check_label
from ranvier.checks.library import check_library
from ranvier.checks.links import check_links
from ranvier.checks.one_click import check_one_click
from ranvier.checks.overclaim import check_overclaim
from ranvier.checks.page import Page, pages
from ranvier.checks.preview import check_preview
from ranvier.checks.proof import Proof
from ranvier.checks.reading_grade import check_reading_grade
from ranvier.checks.relative_numbers import check_relative_numbers
from ranvier.checks.repeated import check_repeated
from ranvier.checks.review import check_review
from ranvier.checks.sentence_length import check_sentence_length
from ranvier.checks.size import check_size
from ranvier.checks.source import check_source, check_source_stated
from ranvier.checks.spam_score import check_spam_score
from ranvier.checks.spam_words import check_spam_words
from ranvier.checks.species import check_species
from ranvier.checks.styles import check_styles
from ranvier.checks.subject import check_subject
from ranvier.checks.tables import check_tables
from ranvier.checks.text_lines import check_text_lines
from ranvier.checks.text_size import check_text_size
from ranvier.checks.title import check_title
from ranvier.checks.topics import check_topics
from ranvier.checks.unsubscribe import check_unsubscribe
from ranvier.checks.well_formed import check_well_formed
from ranvier.checks.works import check_works

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.rules import CheckRules

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
    check_one_click,
    check_unsubscribe,
    check_agree,
    check_repeated,
    check_audiences,
    check_topics,
    check_review,
    check_source_stated,
    check_overclaim,
    check_species,
    check_causal,
    check_relative_numbers,
    check_advice,
    check_reading_grade,
    check_sentence_length,
    check_spam_words,
    check_spam_score,
    check_dead_links,
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
    check_links,
)
"""About each part as readers get it, in full and with every item alone."""

COPY_CHECKS: tuple[PageCheck, ...] = (
    check_document,
    check_well_formed,
    check_headings,
    check_tables,
    check_images,
    check_styles,
    check_contrast,
    check_text_size,
    check_text_lines,
)
"""About both parts of every full copy: what holds for it holds for what is left when items are taken out."""


def run_checks(proof: Proof) -> tuple[Finding, ...]:
    """All findings, errors first, then in the order of the checks; each is said once."""
    found = dict.fromkeys((*_about_issue(proof), *_about_pages(proof)))
    said = (finding for finding in found if not _is_quiet(finding, proof.rules))
    return tuple(sorted(said, key=lambda finding: finding.severity is not Severity.ERROR))


def _is_quiet(finding: Finding, rules: CheckRules) -> bool:
    return finding.severity is Severity.WARNING and finding.code in rules.quiet


def _about_issue(proof: Proof) -> Iterator[Finding]:
    for check in CHECKS:
        yield from check(proof)


def _about_pages(proof: Proof) -> Iterator[Finding]:
    read = tuple(pages(proof))
    for check in PAGE_CHECKS:
        for page in read:
            yield from check(page, proof)
    for check in COPY_CHECKS:
        for page in read:
            if page.is_full:
                yield from check(page, proof)
