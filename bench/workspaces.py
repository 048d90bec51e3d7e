"""Workspaces with an approved issue and so many readers, and `ranvier send` as it is called in them."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Ran, must, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ISSUE = "weekly/2026-11-23"
NOW = {"RANVIER_NOW": "2026-11-23T07:00:00+01:00"}
ITEMS = 8
"""So many of the sample's items make a message of about 70 kB; twelve make 96 kB."""


def ranvier(folder: Path, *words: str | Path, **environment: str) -> Ran:
    """Runs a command in a workspace. Raises RuntimeError unless it is done."""
    return must(run(command(folder, *words), environment={**NOW, **environment}))


def command(folder: Path, *words: str | Path) -> list[str | Path]:
    """How `ranvier` is called in a workspace."""
    return [sys.executable, "-m", "ranvier", "-C", folder, *words]


def make_workspace(folder: Path, *, items: int = ITEMS) -> Path:
    """The sample publication with its library read, and nobody on its list."""
    must(run([sys.executable, "-m", "ranvier", "init", folder]))
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace("max_items = 12", f"max_items = {items}"))
    return folder


def import_readers(folder: Path, readers: int) -> None:
    """Clinicians who take every topic, so that all get the same items; 500 domains."""
    rows = (
        f"reader{number}@list{number % 500}.example.org,Ann Example,clinicians,weekly,active,2024-01-01\n"
        for number in range(1, readers + 1)
    )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "readers.csv"
        path.write_text("email,name,audience,frequency,status,consent_date\n" + "".join(rows))
        ranvier(folder, "subscribers", "import", path)


def approve(folder: Path, **environment: str) -> None:
    """An issue that only needs to be sent."""
    edition, _, day = ISSUE.partition("/")
    ranvier(folder, "ingest", **environment)
    ranvier(folder, "draft", edition, "--date", day, **environment)
    ranvier(folder, "build", ISSUE, **environment)
    ranvier(folder, "approve", ISSUE, "--by", "Ann Editor", **environment)


def approved(folder: Path, readers: int) -> Path:
    """A workspace in which `send` would write to so many readers."""
    make_workspace(folder)
    import_readers(folder, readers)
    approve(folder)
    return folder


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy that is thrown away: an issue can be sent once."""
    with tempfile.TemporaryDirectory() as name:
        yield shutil.copytree(folder, Path(name) / "publication")


def send(
    prepared: Path,
    *,
    environment: Mapping[str, str],
    enough: Callable[[], bool] = lambda: False,
    codes: tuple[int, ...] = (0,),
) -> Ran:
    """Sends the issue of a copy of the workspace, and returns how that went."""
    with copied(prepared) as folder:
        sending = command(folder, "send", ISSUE, "--json")
        return must(run(sending, environment={**NOW, **environment}, enough=enough), codes=codes)


def one_message(folder: Path) -> bytes:
    """The wire bytes that a reader of such a workspace gets, and leaves the workspace as it is made."""
    approved(folder, 1)
    with copied(folder) as copy:
        ranvier(copy, "send", ISSUE, RANVIER_TRANSPORT="outbox:sent")
        return next((copy / "sent" / "new").glob("*.eml")).read_bytes()


def smtp(port: int, *, connections: int) -> dict[str, str]:
    """The environment of a send to a sink on loopback."""
    return {"RANVIER_TRANSPORT": f"smtp://127.0.0.1:{port}?tls=none&connections={connections}"}
