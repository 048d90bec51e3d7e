"""The command line as a person or a script uses it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from ranvier.cli import run
from ranvier.settings.starter import copy_starter, starter_folder

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = "2026-11-23T07:00:00+01:00"
ISSUE = "weekly/2026-11-23"
READERS_CSV = str(starter_folder() / "subscribers" / "readers.csv")


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


def _settle(patch: pytest.MonkeyPatch) -> None:
    """The environment of every command: the sample's own day, and nothing from outside."""
    for name in ("RANVIER_DATABASE", "RANVIER_TRANSPORT", "RANVIER_SECRET", "SENDGRID_API_KEY"):
        patch.delenv(name, raising=False)
    patch.setenv("RANVIER_NOW", NOW)
    patch.setenv("COLUMNS", "200")


@pytest.fixture
def ranvier(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ranvier:
    """Commands in a fresh copy of the sample publication."""
    _settle(monkeypatch)
    folder = tmp_path / "publication"
    copy_starter(folder)
    return _InProcess(folder, lambda: tuple(capsys.readouterr()))  # type: ignore[arg-type,return-value]  # a pair


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as it is when drafted, and as it is when approved: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("stages")
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch)
        copy_starter(folder / "drafted")
        _all_well(folder / "drafted", ["ingest"], ["subscribers", "import", READERS_CSV])
        _all_well(folder / "drafted", ["draft", "weekly", "--date", "2026-11-23"])
        shutil.copytree(folder / "drafted", folder / "approved")
        _all_well(folder / "approved", ["build", ISSUE], ["approve", ISSUE, "--by", "Ann Editor"])
    return folder


def _all_well(folder: Path, *commands: list[str]) -> None:
    for command in commands:
        assert run(["-C", str(folder), *command]) == 0


@pytest.fixture
def drafted(ranvier: Ranvier, stages: Path) -> Ranvier:
    """After ingest, import and draft."""
    return _at(ranvier, stages / "drafted")


@pytest.fixture
def approved(ranvier: Ranvier, stages: Path) -> Ranvier:
    """After build and approve too."""
    return _at(ranvier, stages / "approved")


def _at(ranvier: Ranvier, stage: Path) -> Ranvier:
    shutil.rmtree(ranvier.folder)
    shutil.copytree(stage, ranvier.folder)
    return ranvier
