"""HTML that a parser has to repair looks different in every mail program (R218).

To mend: close what is open in the template; `mj-` elements that are left mean that MJML did not know them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.html

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_CONDITIONAL = re.compile(r"<!--\[if.*?<!\[endif\]-->", re.DOTALL)


def check_well_formed(page: Page, _: Proof) -> Iterator[Finding]:
    """`broken-html`: the parser's first complaint."""
    if page.kind != "html" or not page.source.strip():
        return
    parser = lxml.html.HTMLParser()
    lxml.html.document_fromstring(_CONDITIONAL.sub("", page.source), parser=parser)
    for element in () if page.root is None else page.root.iter("*"):
        if "-" in element.tag:
            yield error("broken-html", f"<{element.tag}> is no element of HTML", where=page.where)
            return
    complaint = next(iter(parser.error_log), None)
    if complaint is not None:
        yield error("broken-html", f"line {complaint.line}: {complaint.message}", where=page.where)
