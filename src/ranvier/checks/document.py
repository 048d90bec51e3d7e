"""What a document needs so that screen readers and mail programs know how to read it (R193, R194).

To mend: put the head, or the language on the outer element, back into templates/digest.mjml.j2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof

_ZOOM_FORBIDDEN = re.compile(r"user-scalable\s*=\s*(no|0)|maximum-scale", re.IGNORECASE)


def check_document(page: Page, proof: Proof) -> Iterator[Finding]:
    """`no-doctype`, `no-document-title`, `no-charset`, `no-viewport`, `zoom-forbidden`, `no-language`."""
    if page.root is None:
        return
    metas = {meta.get("name", "").lower(): meta.get("content", "") for meta in page.root.iter("meta")}
    viewport = metas.get("viewport", "")
    title = page.root.findtext("head/title") or ""
    head = page.source.lstrip().lower()
    checks = (
        ("no-doctype", head.startswith("<!doctype html>"), "does not begin with <!doctype html>"),
        ("no-document-title", bool(title.strip()), "has no <title>"),
        ("no-charset", "charset=" in head.partition("</head>")[0], "its head does not say charset"),
        ("no-viewport", "width=device-width" in viewport, "its head has no viewport; phones shrink it"),
        ("zoom-forbidden", not _ZOOM_FORBIDDEN.search(viewport), "its viewport forbids to zoom"),
        ("no-language", _says_language(page.root, proof), "html, or what is in body, lacks lang and dir"),
    )
    for code, passed, message in checks:
        if not passed:
            yield error(code, message, where=page.where)


def _says_language(root: HtmlElement, proof: Proof) -> bool:
    """Language and direction stand on html and again inside body, because programs drop both elements."""
    said = (proof.publication.language, proof.publication.direction)
    body = root.find("body")
    inside = () if body is None else body.iterdescendants("div", "table")
    outer = any((element.get("lang"), element.get("dir")) == said for element in inside)
    return outer and (root.get("lang"), root.get("dir")) == said
