"""The sample publication: what `init` copies and `demo` works in."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ranvier.errors import UsageError
from ranvier.settings import PACKAGE

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("newsletter.toml", "summaries", "subscribers")


def starter_folder() -> Path:
    """Beside the code in an installed package; in a checkout the repository is the sample workspace."""
    packaged = PACKAGE / "starter"
    return packaged if packaged.exists() else PACKAGE.parents[1]


def copy_starter(folder: Path) -> None:
    """Copy the sample publication into a folder that is new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("is not an empty folder; name a new one", where=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            _copy(starter_folder() / part, folder / part)
        for made in ("digests", "templates"):
            (folder / made).mkdir()
        _copy(_look(), folder / "templates" / "look.toml")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", where=str(error.filename or folder)
        ) from error


def _look() -> Path:
    """The one template that every publication has for itself: its colours, type and spacing."""
    packaged = PACKAGE / "templates" / "look.toml"
    return packaged if packaged.exists() else PACKAGE.parents[1] / "templates" / "look.toml"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*"))
    else:
        shutil.copyfile(source, target)
