"""A workspace on disk: which file is where, and what is in those that every command needs."""

from __future__ import annotations

import secrets as dice
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ranvier.errors import ConfigurationError, InputError, NotFoundError, UsageError
from ranvier.files import write_whole
from ranvier.issue.issue import issue_date
from ranvier.settings import FILE, PACKAGE
from ranvier.store.database import Database, open_database
from ranvier.tokens import Secrets

if TYPE_CHECKING:
    from pathlib import Path

    from ranvier.issue.edition import Edition
    from ranvier.issue.issue import Issue
    from ranvier.settings.newsletter import Settings
    from ranvier.store.goodbye import Goodbye
    from ranvier.subscribers.fields import Allowed
    from ranvier.subscribers.segments import Segment
    from ranvier.topics.taxonomy import Taxonomy

# What reads a file is imported when the file is read: `ranvier status` reads none of them.

ISSUE_FILE = "issue.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the environment decides (design: Commands); empty means "as the workspace says"."""

    database: str = ""
    transport: str = ""
    secret: str = ""
    sendgrid_key: str = ""
    webhook_key: str = ""


@dataclass(frozen=True)
class Workspace:
    """A folder with newsletter.toml in it. Files are read at first use and once."""

    root: Path
    environment: Environment

    @cached_property
    def settings(self) -> Settings:
        """newsletter.toml, checked."""
        from ranvier.settings.newsletter import read_settings

        return read_settings(_text(self.file, where=FILE))

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """summaries/topics.toml, checked."""
        from ranvier.topics.file import read_taxonomy

        where = self.relative(self.summaries / "topics.toml")
        found = read_taxonomy(_text(self.root / where, where=where), where=where)
        for audience in self.settings.publication.audiences:
            for slug in audience.lead_topics:
                if slug not in found.slugs:
                    message = f'lead_topics: "{slug}" is not in {where}; it has: {", ".join(found.slugs)}'
                    raise ConfigurationError(message, where=f"{FILE}: [audiences.{audience.slug}]")
        return found

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """subscribers/segments.toml, checked."""
        from ranvier.subscribers.segments import read_segments

        where = "subscribers/segments.toml"
        return read_segments(_text(self.root / where, where=where), where=where, allowed=self.allowed)

    @cached_property
    def allowed(self) -> Allowed:
        """The words that a list of people and a segment may use."""
        from zoneinfo import available_timezones

        from ranvier.subscribers.fields import Allowed
        from ranvier.topics.taxonomy import OTHER

        return Allowed(
            audiences=tuple(audience.slug for audience in self.settings.publication.audiences),
            topics=tuple(slug for slug in self.taxonomy.slugs if slug != OTHER),
            timezones=frozenset(available_timezones()),
        )

    @cached_property
    def database(self) -> Database:
        """Opened at first use, at the newest schema."""
        return open_database(self.database_url)

    @cached_property
    def secrets(self) -> Secrets:
        """RANVIER_SECRET, or a secret of the workspace's own that is made once, mode 0600."""
        from filelock import FileLock

        given = self.environment.secret.split()
        if not given:
            path = self.state / "secret"
            with FileLock(path.with_suffix(".lock")):  # two processes that start at once make one secret
                if not path.exists():
                    write_whole(path, dice.token_hex(32).encode() + b"\n", mode=0o600)
            given = path.read_text().split()
        return Secrets(tuple(secret.encode() for secret in given))

    @property
    def file(self) -> Path:
        """What makes a folder a workspace."""
        return self.root / FILE

    @property
    def summaries(self) -> Path:
        """The library: one Markdown file per summary."""
        return self.root / "summaries"

    def summary_file(self, slug: str) -> Path:
        """Where a summary that came from elsewhere is written."""
        return self.summaries / f"{slug}.md"

    @property
    def state(self) -> Path:
        """The folder that is never committed."""
        return self.root / ".ranvier"

    @property
    def templates(self) -> tuple[Path, ...]:
        """Where templates are looked for: the workspace first, then the package, then its checkout."""
        return (
            self.root / "templates",
            PACKAGE / "templates",
            PACKAGE.parents[1] / "templates",
        )

    @property
    def compiled_templates(self) -> Path:
        """Where templates are kept compiled; nothing is lost with it."""
        return self.state / "templates"

    @property
    def database_url(self) -> str:
        """RANVIER_DATABASE, or SQLite in the workspace."""
        return self.environment.database or f"sqlite:///{self.state / 'ranvier.db'}"

    @property
    def transport_url(self) -> str:
        """RANVIER_TRANSPORT, or what newsletter.toml says."""
        return self.environment.transport or self.settings.delivery.transport

    @property
    def webhook_key(self) -> tuple[str, str]:
        """SENDGRID_WEBHOOK_KEY, or what newsletter.toml says, and where it stands; empty for none."""
        if given := self.environment.webhook_key:
            return given, "SENDGRID_WEBHOOK_KEY"
        return self.settings.sendgrid.webhook_key, f"{FILE}: [sendgrid] webhook_key"

    @cached_property
    def goodbye(self) -> Goodbye:
        """How people leave, prepared for this publication's editions and segments."""
        from sqlalchemy import false, or_

        from ranvier.store import topic_bits
        from ranvier.store.conditions import sql
        from ranvier.store.goodbye import Goodbye

        with self.database.write() as connection:
            masks = topic_bits.bits(connection, self.taxonomy.slugs)
        whom = {
            slug: or_(false(), *(sql(self.segment(name).where, masks) for name in edition.segments))
            for slug, edition in self.settings.editions.items()
        }
        return Goodbye(self.database.dialect, whom)

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "database" in self.__dict__:
            self.database.close()

    def line_of(self, issue: str, slug: str) -> str:
        """Where an issue's file names a summary, as `path:line`."""
        path = self.issue_file(issue)
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        named = (number for number, line in enumerate(lines, start=1) if line.strip("-*+ \t") == slug)
        return f"{self.relative(path)}:{next(named, 1)}"

    def edition(self, slug: str) -> Edition:
        """The edition of that name; its segments are there."""
        found = self.settings.edition(slug)
        for segment in found.segments:
            self.segment(segment)
        return found

    def segment(self, slug: str) -> Segment:
        """The segment of that name."""
        for segment in self.segments:
            if segment.slug == slug:
                return segment
        known = ", ".join(segment.slug for segment in self.segments)
        raise ConfigurationError(f'there is no segment "{slug}"; segments.toml has: {known}', where=FILE)

    def issue_id(self, given: str) -> str:
        """`edition/date` as it is, `edition/latest` as the greatest date that has a folder."""
        edition, _, day = given.partition("/")
        if day != "latest" and issue_date(day) is None:
            message = "an issue is named edition/date or edition/latest, such as weekly/2026-11-23"
            raise UsageError(message, where=given)
        self.edition(edition)
        if day != "latest":
            return given
        names = (path.parent.name for path in (self.root / "digests" / edition).glob(f"*/{ISSUE_FILE}"))
        found = sorted(name for name in names if issue_date(name))
        if not found:
            raise NotFoundError(f"no issue yet; `ranvier draft {edition}` makes one", where=given)
        return f"{edition}/{found[-1]}"

    def issue_folder(self, issue: str) -> Path:
        """Where an issue's file and everything built from it lie."""
        return self.root / "digests" / issue

    def issue_file(self, issue: str) -> Path:
        """The file that editors edit."""
        return self.issue_folder(issue) / ISSUE_FILE

    def read_issue(self, issue: str) -> Issue:
        """An issue as its file stands now."""
        from ranvier.issue.file import read_issue

        path = self.issue_file(issue)
        if not path.exists():
            edition, _, day = issue.partition("/")
            message = f"is not there; `ranvier draft {edition} --date {day}` makes it"
            raise NotFoundError(message, where=self.relative(path))
        where = self.relative(path)
        found = read_issue(_text(path, where=where), self.taxonomy, where=where)
        if found.id != issue:
            message = f"says it is {found.id} but lies in the folder of {issue}; put edition and date back"
            raise InputError(message, where=where)
        return found

    def relative(self, path: Path) -> str:
        """A path as people see it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)


def _text(path: Path, *, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", where=where) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError("is not UTF-8 text; save it as UTF-8", where=where) from error
