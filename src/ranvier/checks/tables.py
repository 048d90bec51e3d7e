"""A table that only lays out says so, or screen readers count its rows and columns aloud (R196).

To mend: add role="presentation"; a table of data has <th scope> and a <caption> instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_LAYOUT = frozenset({"presentation", "none"})


def check_tables(page: Page, _: Proof) -> Iterator[Finding]:
    """`table-role`."""
    for table in () if page.root is None else page.root.iter("table"):
        is_data = table.find(".//th") is not None and table.find("caption") is not None
        if table.get("role") not in _LAYOUT and not is_data:
            yield error("table-role", "a layout table does not say that it is one", where=page.where)
            return
