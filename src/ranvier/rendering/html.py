"""MJML to HTML that mail clients read: MJML's tables, inlined styles, pure ASCII."""

from __future__ import annotations

import logging
import re

from lxml.etree import LxmlError
from mjml import mjml2html
from premailer import Premailer

from ranvier.errors import ConfigurationError

_IGNORED = '<style data-premailer="ignore"'
_BODY = re.compile(r"(<body[^>]*>)(.*)(</body>)", re.DOTALL)
_LINE_NOISE = re.compile(r"\s*\n\s*")


def to_html(mjml: str, css: str, *, where: str) -> str:
    """A complete HTML document in ASCII with `css` inlined; `<style>` elements stay as they are.

    Raises ConfigurationError(where) when the template is no MJML.
    """
    try:
        # MJML's default fonts would be fetched from a web server by the reader's mail client.
        html = str(mjml2html(mjml, fonts={}))
    except ValueError as error:
        raise ConfigurationError(f"the template is not valid MJML: {error}", where=where) from error
    # MJML has no landmark; screen readers look for the main one, and mail programs drop body itself (R205).
    landmarked = _BODY.sub(r'\1<div role="main">\2</div>\3', html)
    return _ascii(_LINE_NOISE.sub("\n", _inlined(landmarked, css, where=where)))


def _inlined(html: str, css: str, *, where: str) -> str:
    # premailer would move or drop what stands in @media and [data-ogsc] rules, so it never looks into
    # <style>; and it keeps a doctype only in this spelling.
    prepared = html.replace("<style", _IGNORED).replace("<!doctype html>", "<!DOCTYPE html>", 1)
    premailer = Premailer(
        prepared,
        css_text=css,
        strip_important=False,
        disable_leftover_css=True,
        disable_basic_attributes=["width", "height", "bgcolor", "align", "valign"],
        disable_validation=True,
        align_floating_images=False,
        allow_network=False,
        cssutils_logging_level=logging.CRITICAL,
    )
    try:
        return str(premailer.transform(pretty_print=False)).replace(_IGNORED, "<style")
    except (LxmlError, ValueError) as error:
        raise ConfigurationError(f"styles cannot be inlined: {error}", where=where) from error


def _ascii(html: str) -> str:
    # A part whose characters all fit Latin-1 is relabelled by SendGrid and then clipped by Gmail (R175).
    return html.encode("ascii", "xmlcharrefreplace").decode("ascii")
