"""A picture has words for those who do not see it, and a size so that the text does not jump (R197, R221).

To mend: fill [logo] in newsletter.toml; a picture in a template needs alt, width and height.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ranvier.checks.finding import error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ranvier.checks.finding import Finding
    from ranvier.checks.page import Page
    from ranvier.checks.proof import Proof


def check_images(page: Page, _: Proof) -> Iterator[Finding]:
    """`image-without-alt`, `image-without-size`."""
    for image in () if page.root is None else page.root.iter("img"):
        if image.get("alt") is None:
            yield error("image-without-alt", "an image has no alt", where=page.where)
        if not (image.get("width", "").isdigit() and image.get("height", "").isdigit()):
            yield error("image-without-size", "an image does not say its width and height", where=page.where)
