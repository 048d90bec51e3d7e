"""An issue that is rendered again when a file behind it has changed, and not before."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from ranvier.errors import InputError, RanvierError
from ranvier.pipeline.previewing import files_behind, preview
from ranvier.rendering.templates import load_templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ranvier.pipeline.previewing import Preview
    from ranvier.rendering.templates import Templates
    from ranvier.settings.workspace import Workspace

Version = tuple[tuple[str, int, int], ...]
"""Path, time of change and size of every file behind an issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What there is to see: a preview, or the one line that says why there is none."""

    preview: Preview | None
    trouble: RanvierError | None
    templates: Templates


class FollowedIssue:
    """`workspace` opens the folder anew for each look, because settings are read once per opening."""

    def __init__(self, workspace: Callable[[], Workspace], name: str) -> None:
        self.name = name
        self._workspace = workspace
        self._lock = Lock()
        self._seen: Version = ()
        self._look: Look | None = None

    def version(self) -> Version:
        """What the files look like now; another value means that one of them changed."""
        opened = self._workspace()
        try:
            return tuple(sorted(_stamp(path) for path in set(files_behind(opened, self.name))))
        except (OSError, RanvierError):
            return ()
        finally:
            opened.close()

    def now(self) -> Look:
        """The issue as its files stand; they are rendered once for all frames of a page."""
        version = self.version()
        with self._lock:
            if self._look is None or version != self._seen or not version:
                self._seen, self._look = version, self._made()
            return self._look

    def _made(self) -> Look:
        opened = self._workspace()
        try:
            return Look(
                preview=preview(opened, self.name), trouble=None, templates=load_templates(*opened.templates)
            )
        except (RanvierError, OSError) as error:
            # The workspace's own templates may be what is broken.
            return Look(
                preview=None, trouble=_in_words(error), templates=load_templates(*opened.templates[1:])
            )
        finally:
            opened.close()


def _in_words(error: RanvierError | OSError) -> RanvierError:
    if isinstance(error, RanvierError):
        return error
    return InputError(error.strerror or str(error), where=str(error.filename or ""))


def _stamp(path: Path) -> tuple[str, int, int]:
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_size
