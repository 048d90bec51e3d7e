"""`draft` and `why`: from the library to an issue that an editor can edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ranvier.errors import UsageError
from ranvier.files import write_whole
from ranvier.issue.file import write_issue
from ranvier.issue.issue import Issue, Item, Section
from ranvier.issue.propose import propose_preview, propose_subject
from ranvier.issue.state import COMMITTED
from ranvier.rendering.words import long_date
from ranvier.selection.explain import explain
from ranvier.selection.rank import score
from ranvier.selection.select import select
from ranvier.selection.verdict import excluded
from ranvier.selection.window import window
from ranvier.store import issues, summaries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ranvier.issue.edition import Edition
    from ranvier.selection.candidate import Candidate
    from ranvier.selection.rank import Score
    from ranvier.selection.verdict import Selection, Verdict
    from ranvier.selection.window import Window
    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A new issue.md; `left_out` are the summaries that a person might miss in it."""

    issue: Issue
    path: str
    left_out: tuple[Verdict, ...]
    labels: Mapping[str, str]
    library_empty: bool

    def as_json(self) -> dict[str, object]:
        """The document of `draft`."""
        return {
            "issue": self.issue.id,
            "path": self.path,
            "sections": [
                {"topic": section.topic, "items": [item.slug for item in section.items]}
                for section in self.issue.sections
            ],
            "excluded": [
                {
                    "slug": verdict.slug,
                    "reason": verdict.reason.value,
                    "detail": verdict.detail,
                }
                for verdict in self.left_out
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a summary is in an issue or not. `verdict` is what the rules say, `chosen` what the file says."""

    verdict: Verdict
    chosen: bool
    words: str

    @property
    def code(self) -> str:
        """The rules' reason, unless an editor decided otherwise."""
        return self.verdict.reason if self.chosen is self.verdict.chosen else "editor"

    def as_json(self) -> dict[str, object]:
        """The document of `why`."""
        return {
            "slug": self.verdict.slug,
            "chosen": self.chosen,
            "reason": self.code,
            "words": self.words,
            "score": _parts(self.verdict.score),
        }


def draft(
    workspace: Workspace,
    name: str,
    day: date | None = None,
    *,
    again: bool = False,
    now: datetime,
) -> Drafted:
    """Select, group and write the issue dated `day`, by default today in the edition's zone."""
    edition = workspace.edition(name)
    day = day or now.astimezone(ZoneInfo(edition.timezone)).date()
    path = workspace.issue_file(f"{name}/{day}")
    _make_room(workspace, f"{name}/{day}", again=again)
    selection, candidates, _ = _selection(workspace, edition, day)
    issue = _issue(workspace, edition, day, selection, candidates)
    write_whole(path, write_issue(issue, workspace.taxonomy).encode())
    with workspace.database.write() as connection:
        issues.register(connection, issue.id, name, day)
    return Drafted(
        issue=issue,
        path=workspace.relative(path),
        left_out=excluded(selection),
        labels={slug: workspace.taxonomy.label(slug) for slug in workspace.taxonomy.slugs},
        library_empty=not candidates,
    )


def why(workspace: Workspace, issue: str, slug: str) -> Explanation:
    """Why a summary is in an issue or not, in words and numbers."""
    issue = workspace.issue_id(issue)
    file = workspace.read_issue(issue)
    edition = workspace.edition(file.edition)
    selection, candidates, covered = _selection(workspace, edition, file.date, explaining=slug)
    verdict = next(verdict for verdict in selection.verdicts if verdict.slug == slug)
    if verdict.score is None:
        # It was held back before anything was ranked; its numbers are asked for all the same.
        candidate = next(candidate for candidate in candidates if candidate.slug == slug)
        verdict = replace(verdict, score=score(candidate, edition.rules, covered))
    chosen = slug in {item.slug for item in file.items}
    return Explanation(verdict=verdict, chosen=chosen, words=_words(verdict, chosen=chosen))


def _parts(score: Score | None) -> dict[str, float]:
    if score is None:
        return {}
    return {**{part.name: part.points for part in score.parts}, "total": score.total}


def _words(verdict: Verdict, *, chosen: bool) -> str:
    said = explain(verdict)
    if chosen and not verdict.chosen:
        return f"in the issue because an editor put it there; the rules say: {said}"
    if verdict.chosen and not chosen:
        return f"not in the issue because an editor took it out; the rules say: {said}"
    return said


def _make_room(workspace: Workspace, issue: str, *, again: bool) -> None:
    """Refuse to overwrite an editor's work, unless asked; then keep it beside the new draft."""
    path = workspace.issue_file(issue)
    with workspace.database.read() as connection:
        record = issues.find(connection, issue)
    if record and record.state in COMMITTED:
        raise UsageError(f"is {record.state} and stays as it is", where=issue)
    if not path.exists():
        return
    if not again:
        message = "is there already; --again drafts anew and keeps a backup"
        raise UsageError(message, where=workspace.relative(path))
    number = 1
    while (backup := path.with_name(f"issue.{number}.md.bak")).exists():
        number += 1
    write_whole(backup, path.read_bytes())


def _selection(
    workspace: Workspace, edition: Edition, day: date, *, explaining: str = ""
) -> tuple[Selection, tuple[Candidate, ...], Window]:
    issue = f"{edition.slug}/{day}"
    with workspace.database.read() as connection:
        last = issues.last_committed(connection, edition.slug, before=day)
        covered = window(day, edition.rules, last=last)
        candidates = summaries.candidates(
            connection, since=covered.opens - timedelta(days=edition.rules.late_days)
        )
        if explaining and explaining not in {candidate.slug for candidate in candidates}:
            candidates += (summaries.one(connection, explaining),)
        used = issues.used(connection, edition.slug, but=issue)
    selection = select(candidates, edition.rules, covered, used=used, taxonomy=workspace.taxonomy)
    return selection, candidates, covered


def _issue(
    workspace: Workspace,
    edition: Edition,
    day: date,
    selection: Selection,
    candidates: tuple[Candidate, ...],
) -> Issue:
    by_slug = {candidate.slug: candidate for candidate in candidates}
    sections = tuple(
        Section(topic=topic, items=tuple(Item(slug=slug) for slug in slugs))
        for topic, slugs in selection.sections
    )
    kinds = [by_slug[item.slug].evidence for section in sections for item in section.items]
    publication = workspace.settings.publication
    return Issue(
        edition=edition.slug,
        date=day,
        subject=propose_subject(publication.name, edition, long_date(day, publication.words)),
        preview=propose_preview(publication.disclosures.issue_label, kinds),
        sections=sections,
    )
