"""Pages of documentation that commands quote: beside the code in a package, in docs/ of a checkout."""

from __future__ import annotations

import re

from ranvier.errors import UsageError
from ranvier.settings import PACKAGE

_HEADING = re.compile(r"^### (.*)$", re.MULTILINE)


def explanation(code: str) -> str:
    """What docs/checks.md says of a code. Raises UsageError for one that the gate never says."""
    name = "docs/checks.md"
    path = PACKAGE / name
    page = (path if path.exists() else PACKAGE.parents[1] / name).read_text(encoding="utf-8")
    _, *parts = _HEADING.split(page)
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        if f"`{code}`" in heading:
            return "\n\n".join((heading, text.partition("\n## ")[0].strip()))
    raise UsageError("the gate has no such code; see docs/checks.md", where=code)
