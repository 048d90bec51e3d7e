"""Whatever stops a preview, as the one line that an editor can act on."""

from __future__ import annotations

from html import escape
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from ranvier.errors import ConfigurationError, InputError, RanvierError

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_words(error: Exception, folders: Sequence[Path]) -> RanvierError:
    """The error as people are told it; with the line, if it came up in a template of these folders."""
    cause = error.__cause__
    if isinstance(error, ConfigurationError) and isinstance(cause, TemplateError):
        return ConfigurationError(error.message, where=_place(cause, folders) or error.where)
    if isinstance(error, RanvierError):
        return error
    if isinstance(error, OSError):
        return InputError(error.strerror or str(error), where=str(error.filename or ""))
    return ConfigurationError(f"{type(error).__name__}: {error}", where=_place(error, folders))


def bare_page(issue: str, version: str, trouble: RanvierError) -> str:
    """The trouble without any template, for when the page's own is broken; it follows the files too."""
    return (
        f'<!doctype html>\n<html lang="en" data-version="{escape(version)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f"<title>{escape(issue)}: preview</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n<script type="module" src="/preview.js"></script>\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(issue)}</h1>\n"
        '<p id="state" role="status">Nothing to show until this is mended.</p>\n'
        f"<p>{escape(str(trouble))}</p>\n</main>\n</body>\n</html>\n"
    )


def _place(error: BaseException, folders: Sequence[Path]) -> str:
    """The innermost line of a template, as `templates/name:line`; Jinja puts templates into the traceback."""
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        path = Path(frame.f_code.co_filename)
        for folder in folders:
            if path.is_relative_to(folder):
                return f"templates/{path.relative_to(folder).as_posix()}:{line}"
    return ""
