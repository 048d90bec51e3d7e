"""Templates, the workspace's before the package's: they choose how something looks, never what is said."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    select_autoescape,
)

from ranvier.errors import ConfigurationError
from ranvier.rendering.look import FILE as LOOK
from ranvier.rendering.look import Look, read_look
from ranvier.rendering.wrap import prose, underline, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Templates:
    """Where templates come from, compiled once, and the look that they ask for."""

    environment: Environment
    look: Look

    def fill(self, name: str, **values: object) -> str:
        """The template with the values placed.

        Raises ConfigurationError when the template is missing, cannot be read or asks for what is not there.
        """
        try:
            return self.environment.get_template(name).render(values)
        except TemplateNotFound as error:
            raise ConfigurationError("there is no such template", where=f"templates/{error.name}") from error
        except TemplateSyntaxError as error:
            raise ConfigurationError(
                f"{error.message}", where=f"templates/{error.name or name}:{error.lineno}"
            ) from error
        except TemplateError as error:
            raise ConfigurationError(f"{error}", where=f"templates/{name}") from error

    def source(self, name: str) -> str:
        """A file as it is. Raises ConfigurationError when there is none."""
        return _source(self.environment, name)


def load_templates(*folders: Path, compiled: Path | None = None) -> Templates:
    """Templates from these folders; the first that has a file wins.

    HTML is escaped; text and style sheets are not. `compiled` is a folder that keeps them compiled, which
    is a fifth of the time of a build; it is made if it can be. Raises ConfigurationError for a look that is
    not one.
    """
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=select_autoescape(disabled_extensions=("txt.j2", "css.j2"), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_cache(compiled),
    )
    environment.filters.update(wrap=wrap, prose=prose, underline=underline)
    look = _look(folders)
    environment.globals["look"] = look
    return Templates(environment, look)


def _cache(folder: Path | None) -> FileSystemBytecodeCache | None:
    """Jinja's own cache, which knows when a template has changed; none where nothing can be written."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def _look(folders: Sequence[Path]) -> Look:
    """The package's look with what the workspace's changes of it."""
    found = [path for folder in reversed(folders) if (path := folder / LOOK).is_file()]
    if not found:
        raise ConfigurationError("there is no such file", where=f"templates/{LOOK}")
    try:
        texts = [path.read_text(encoding="utf-8") for path in found]
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"cannot be read: {error}", where=f"templates/{LOOK}") from error
    return read_look(*texts, where=f"templates/{LOOK}")


def _source(environment: Environment, name: str) -> str:
    try:
        text, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]  # always set
    except TemplateNotFound as error:
        raise ConfigurationError("there is no such file", where=f"templates/{name}") from error
    return text
