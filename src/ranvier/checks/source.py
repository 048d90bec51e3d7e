"""Every item names the publication behind it, so that a reader can look it up (promise 6, R265, R274).

To mend: put the source back into the template, or write `source` into the summary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error, warning
from ranvier.checks.page import squash
from ranvier.rendering.links import https_url, source_url
from ranvier.summaries.links import doi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof
    from ranvier.summaries.summary import Source

_TELLING = 60
"""So many characters of a source's title tell it from all others; long titles are shortened."""


def check_source_stated(proof: Proof) -> Iterator[Finding]:
    """`source-not-stated`: readers are told so. `source-unlinked`: what is named has no address."""
    for summary in proof.chosen:
        if not _names(summary.source):
            message = f'names no source; readers see "{_not_stated(proof)}"'
            yield warning("source-not-stated", message, where=summary.slug)
        elif not source_url(summary.source):
            message = "nobody can look the study up; add doi, pmid or an https url under source"
            yield warning("source-unlinked", message, where=summary.slug)


def check_source(page: Page, proof: Proof) -> Iterator[Finding]:
    """`no-source`."""
    for summary in page.items:
        expected = _names(summary.source) or (_not_stated(proof),)
        for name in expected:
            if not page.shows(name) and name not in page.links:
                yield error(
                    "no-source", f'the source of "{summary.slug}" is not there: {name}', where=page.where
                )


def _names(source: Source) -> tuple[str, ...]:
    """What must be there of a source: journal, beginning of the title, and DOI or else PMID or address."""
    identity = doi(source.doi) or source.pmid or https_url(source.url)
    return tuple(name for name in (source.journal, squash(source.title)[:_TELLING], identity) if name)


def _not_stated(proof: Proof) -> str:
    return proof.publication.words["source-not-stated"]
