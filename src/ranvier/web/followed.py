"""An issue that is rendered again when a file behind it has changed, and not before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

from ranvier.errors import RanvierError
from ranvier.pipeline.previewing import files_behind, preview
from ranvier.rendering.templates import load_templates
from ranvier.web.trouble import in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ranvier.pipeline.previewing import Preview
    from ranvier.rendering.templates import Templates
    from ranvier.settings.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What there is to see: a preview, or the one line that says why there is none."""

    preview: Preview | None
    trouble: RanvierError | None
    templates: Templates | None
    """None when not even those of the package can be used, as in a checkout that is its own workspace."""
    folders: tuple[Path, ...]
    version: str
    """That of the files when they were read."""


class FollowedIssue:
    """`workspace` opens the folder anew for each look, because settings are read once per opening."""

    def __init__(self, workspace: Callable[[], Workspace], name: str) -> None:
        self.name = name
        self._workspace = workspace
        self._lock = Lock()
        self._look: Look | None = None

    def version(self) -> str:
        """What the files look like now, as hex digits; others mean that one of them changed."""
        opened = self._workspace()
        stamps = set()
        try:
            # Those behind a file that cannot be read are unknown until it can.
            with suppress(OSError, RanvierError):
                for path in files_behind(opened, self.name):
                    stamps.add(_stamp(path))
        finally:
            opened.close()
        return sha256(repr(sorted(stamps)).encode()).hexdigest()

    def now(self) -> Look:
        """The issue as its files stand; they are rendered once for all frames of a page."""
        version = self.version()
        with self._lock:
            if self._look is None or version != self._look.version:
                self._look = self._made(version)
            return self._look

    def _made(self, version: str) -> Look:
        opened = self._workspace()
        folders = opened.templates
        shown, trouble = None, None
        try:
            shown, templates = preview(opened, self.name), _usable(folders)
        except Exception as error:  # noqa: BLE001 - a template may raise anything, and its editor has to read it
            # The workspace's own templates may be what is broken.
            trouble, templates = in_words(error, folders), _usable(folders[1:])
        finally:
            opened.close()
        return Look(preview=shown, trouble=trouble, templates=templates, folders=folders, version=version)


def _usable(folders: tuple[Path, ...]) -> Templates | None:
    with suppress(RanvierError, UnicodeDecodeError):
        return load_templates(*folders)
    return None


def _stamp(path: Path) -> tuple[str, int, int, int]:
    """Path, times of change and size, 0 for what is gone; permissions change only the second time."""
    try:
        found = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), found.st_mtime_ns, found.st_ctime_ns, found.st_size
