"""A publication whose issue was sent, its readers' links, and its site."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from ranvier.cli import run
from ranvier.pipeline.transport import Clocks
from ranvier.settings.starter import copy_starter
from ranvier.settings.workspace import Environment, Workspace
from ranvier.store import readers, topic_bits
from ranvier.store.schema import issues, metadata
from ranvier.web.site import site

ISSUE = "weekly/2026-11-23"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLOCKS = Clocks(now=lambda: NOW, clock=NOW.timestamp)
PEOPLE = """email,name,frequency,status,consent_date
ann@reader.example.org,Ann,weekly,active,2026-01-01
ben@reader.example.org,Ben,weekly,active,2026-01-01
"""


@dataclass
class World:
    """A publication whose issue was sent, its readers' links, and its site."""

    workspace: Workspace
    client: TestClient
    now: datetime = NOW

    def link(self, name: str, kind: str) -> str:
        """The path of a reader's unsubscribe (`u`) or preferences (`p`) link, out of their mail."""
        return first(rf"https://news\.example\.org(/{kind}/[\w-]+)", text_of(self.mail(name)))

    def mail(self, name: str) -> EmailMessage:
        """The issue as somebody got it."""
        return message_from_bytes(self.message(name).read_bytes(), policy=policy.default)

    def message(self, name: str) -> Path:
        for path in (self.workspace.root / "digests/outbox/new").glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if mail["To"].startswith(name) and mail["List-Id"]:
                return path
        raise LookupError(name)

    def run(self, *command: str) -> int:
        return run(["-C", str(self.workspace.root), *command])

    def everything(self) -> dict[str, list[Any]]:
        """All rows of all tables."""
        with self.workspace.database.read() as connection:
            return {name: list(connection.execute(select(table))) for name, table in metadata.tables.items()}

    def confirmation_link(self, address: str) -> str:
        """The path of the link by which somebody confirms a sign-up."""
        for path in (self.workspace.root / "digests/outbox/new").glob("test-*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if mail["To"] == address:
                return first(r"https://news\.example\.org(/c/[\w-]+)", text_of(mail))
        raise LookupError(address)

    def person(self, name: str) -> readers.Reader:
        found = self.found(name)
        assert found
        return found

    def found(self, name: str) -> readers.Reader | None:
        with self.workspace.database.read() as connection:
            masks = topic_bits.held_bits(connection)
            return readers.by_address(connection, f"{name}@reader.example.org", masks)

    def csrf(self, path: str) -> str:
        return first(r'name="csrf" value="([^"]+)"', self.client.get(path).text)


def first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found
    return found.group(1)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def commands(folder: Path, *listed: tuple[str, ...]) -> None:
    for command in listed:
        assert run(["-C", str(folder), *command]) == 0


def send_week(folder: Path, *, sender: str = "") -> None:
    """Make a publication in a folder and send its first issue; `sender` are lines for its [sender]."""
    copy_starter(folder)
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace("[sender]\n", f"[sender]\n{sender}"))
    (folder / "people.csv").write_text(PEOPLE)
    commands(
        folder,
        ("ingest",),
        ("subscribers", "import", str(folder / "people.csv")),
        ("draft", "weekly", "--date", "2026-11-23"),
        ("build", ISSUE),
        ("approve", ISSUE, "--by", "Ann Editor"),
        ("send", ISSUE),
    )


def copy_week(sent: Path, folder: Path) -> Path:
    """A copy of such a publication; what it handed over lies in the copy."""
    shutil.copytree(sent, folder)
    workspace = Workspace(folder, Environment())
    with workspace.database.write() as connection:
        there = func.replace(issues.c.transport, str(sent), str(folder))
        connection.execute(update(issues).values(transport=there))
    workspace.close()
    return folder


@contextmanager
def settled() -> Iterator[pytest.MonkeyPatch]:
    """The environment of that week."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RANVIER_NOW", NOW.isoformat())
        for name in ("RANVIER_DATABASE", "RANVIER_TRANSPORT", "RANVIER_SECRET"):
            patch.delenv(name, raising=False)
        yield patch


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication that was sent once, to be copied."""
    folder = tmp_path_factory.mktemp("sent") / "publication"
    with settled():
        send_week(folder)
    return folder


@pytest.fixture
def world(sent: Path, tmp_path: Path) -> Iterator[World]:
    with settled():
        workspace = Workspace(copy_week(sent, tmp_path / "publication"), Environment())
        with TestClient(site(workspace, CLOCKS), raise_server_exceptions=False) as client:
            yield World(workspace, client)
        workspace.close()
