"""An issue rendered in memory: `build` writes it, `check` reads it, `approve` freezes it, `send` compares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranvier.approval.fingerprint import fingerprint
from ranvier.approval.frozen import Frozen
from ranvier.checks.proof import Copy
from ranvier.errors import InputError, NotFoundError
from ranvier.message.headers import header_part
from ranvier.message.readback import read_back
from ranvier.message.template import boundary, for_items, message_template, splice
from ranvier.rendering.render import inert_values, render
from ranvier.rendering.templates import load_templates
from ranvier.store import summaries as store
from ranvier.summaries.library import read_file
from ranvier.topics.classify import assign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.issue.edition import Edition
    from ranvier.issue.issue import Issue
    from ranvier.rendering.chunks import Variant
    from ranvier.settings.workspace import Workspace
    from ranvier.summaries.judged import Reading
    from ranvier.summaries.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """Mappings are by slug, `copies` by audience; `quarantined` holds why an item must not be mailed."""

    issue: Issue
    edition: Edition
    summaries: Mapping[str, Summary]
    topics: Mapping[str, tuple[str, ...]]
    quarantined: Mapping[str, str]
    frozen: Frozen
    fingerprint: str
    copies: Mapping[str, Copy]


def rendered(workspace: Workspace, issue_id: str) -> Rendered:
    """Render the issue as its files stand now. No network, no clock: the same files give the same bytes."""
    issue = workspace.read_issue(issue_id)
    settings, taxonomy = workspace.settings, workspace.taxonomy
    readings = _readings(workspace, issue)
    summaries = {slug: reading.summary for slug, reading in readings.items()}
    topics = {slug: assign(summary, taxonomy) for slug, summary in summaries.items()}
    templates = load_templates(*workspace.templates, compiled=workspace.compiled_templates)
    variants = render(issue, summaries, settings.publication, taxonomy, templates=templates)
    frozen = Frozen(
        variants=variants,
        header=header_part(issue.id, issue.subject, settings.publication, settings.sender),
        subject=issue.subject,
        sender=settings.sender,
        site=settings.publication.links.site,
    )
    edition = workspace.edition(issue.edition)
    return Rendered(
        issue=issue,
        edition=edition,
        summaries=summaries,
        topics=topics,
        quarantined={slug: reading.detail for slug, reading in readings.items() if reading.quarantine},
        frozen=frozen,
        fingerprint=fingerprint(
            frozen,
            publication=settings.publication,
            edition=edition,
            segments=[workspace.segment(slug) for slug in edition.segments],
            topics=topics,
        ),
        copies={variant.audience: _copy(variant, frozen) for variant in variants},
    )


def _readings(workspace: Workspace, issue: Issue) -> dict[str, Reading]:
    """Each item's summary from its file, which is the truth; the database only knows where the file is."""
    slugs = [item.slug for item in issue.items]
    with workspace.database.read() as connection:
        files = store.files(connection, slugs)
        misplaced = store.files(connection, _listed(issue.note))
    for slug in misplaced:
        message = f'"{slug}" stands in the note to your readers; put a line such as "## Topic" above it'
        raise InputError(message, where=workspace.line_of(issue.id, slug))
    for slug in slugs:
        if slug not in files:
            message = (
                f'"{slug}" is not in the library; `ranvier summaries` shows it, `ranvier ingest` fills it'
            )
            raise NotFoundError(message, where=workspace.line_of(issue.id, slug))
    return {slug: read_file(workspace.root / files[slug], name=files[slug]) for slug in slugs}


def _listed(note: str) -> list[str]:
    """What a note lists by itself on a line: below a misspelt topic, these are summaries."""
    marks = ("- ", "* ", "+ ")
    return [line.lstrip()[2:].strip() for line in note.splitlines() if line.lstrip().startswith(marks)]


def _copy(variant: Variant, frozen: Frozen) -> Copy:
    """The full copy as it comes out of a whole message, so that the gate reads the bytes that would leave."""
    template = message_template(variant, header=frozen.header, boundary=boundary("full copy"))
    arrived = read_back(splice(for_items(template, -1), inert_values(frozen.site)))
    return Copy(
        html=arrived.html.replace(b"\r\n", b"\n"),
        text=arrived.text.replace(b"\r\n", b"\n"),
        headers=arrived.headers,
    )
