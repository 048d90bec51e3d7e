"""The command line as a person or a script uses it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from ranvier.cli import run
from ranvier.settings.starter import copy_starter

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = "2026-11-23T07:00:00+01:00"
ISSUE = "weekly/2026-11-23"


@dataclass(frozen=True)
class Result:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


class Ranvier(Protocol):
    """Runs one command in the test's workspace."""

    folder: Path

    def __call__(self, *arguments: str, code: int = 0) -> Result: ...


class _InProcess:
    def __init__(self, folder: Path, read: Callable[[], tuple[str, str]]) -> None:
        self.folder = folder
        self._read = read

    def __call__(self, *arguments: str, code: int = 0) -> Result:
        got = run(["-C", str(self.folder), *arguments])
        out, err = self._read()
        assert got == code, f"{arguments} gave {got}\n{out}\n{err}"
        assert "Traceback" not in out + err
        return Result(got, out, err)


@pytest.fixture
def ranvier(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ranvier:
    """Commands in a fresh copy of the sample publication, on the sample's own day."""
    for name in ("RANVIER_DATABASE", "RANVIER_TRANSPORT", "RANVIER_SECRET", "SENDGRID_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RANVIER_NOW", NOW)
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "publication"
    copy_starter(folder)
    return _InProcess(folder, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]  # a pair


@pytest.fixture
def drafted(ranvier: Ranvier) -> Ranvier:
    """After ingest, import and draft."""
    ranvier("ingest")
    ranvier("subscribers", "import", str(ranvier.folder / "subscribers" / "readers.csv"))
    ranvier("draft", "weekly", "--date", "2026-11-23")
    return ranvier


@pytest.fixture
def approved(drafted: Ranvier) -> Ranvier:
    """After build and approve too."""
    drafted("build", ISSUE)
    drafted("approve", ISSUE, "--by", "Ann Editor")
    return drafted
