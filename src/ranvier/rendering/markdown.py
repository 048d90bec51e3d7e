"""What editors write: Markdown in, a small safe piece of HTML and the same words as plain text out."""

from __future__ import annotations

from html import escape
from itertools import chain, repeat
from typing import TYPE_CHECKING, Literal

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from ranvier.rendering.links import https_url
from ranvier.rendering.view import EditorsText, Link
from ranvier.rendering.wrap import underline, wrap
from ranvier.summaries.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_TAGS = {"h3", "p", "strong", "em", "a", "ul", "ol", "li", "blockquote", "br", "code"}


def _described(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return escape(renderer.renderInlineAsText(tokens[index].children, options, env))


_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_MARKDOWN.add_render_rule("image", _described)


def editors_text(markdown: str, *, headings: Literal["h3", "p"], first: int = 1) -> EditorsText:
    """Paragraphs, lists, emphasis and https links; headings of any level become `headings`.

    Links in the text are numbered from `first`. HTML comes out as text, an image as its description.
    """
    tokens = _parse(markdown, headings)
    links: list[Link] = []
    text = _block(SyntaxTreeNode(tokens), links, first)
    return EditorsText(html=_html(tokens), text=text, links=tuple(links))


def _parse(markdown: str, headings: str) -> list[Token]:
    tokens = _MARKDOWN.parse("\n".join(map(_clean_line, markdown.splitlines())))
    for token in tokens:
        if token.type.startswith("heading_"):
            token.tag = headings  # a mail has one h1 and no skipped levels (R195)
    return tokens


def _clean_line(line: str) -> str:
    # Indentation means something in Markdown, so only what stands after it is cleaned.
    indent = line[: len(line) - len(line.lstrip(" "))]
    return indent + one_line(line)


def _html(tokens: list[Token]) -> Markup:
    html = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=lambda _, name, value: value if name != "href" else https_url(value) or None,
        set_tag_attribute_values={tag: {"dir": "auto"} for tag in ("h3", "p", "li")},
        link_rel=None,
    )
    return Markup(html.strip())  # noqa: S704  # nh3 let only the allowed tags through


def _block(node: SyntaxTreeNode, links: list[Link], first: int, marker: str = "") -> str:
    """A block with all in it, as lines; `marker` is that of a list item which it begins."""
    if node.type in {"heading", "paragraph", "fence", "code_block"}:
        words = one_line(_words([node], links, first))
        is_heading = node.tag == "h3" and not marker
        return underline(words, "-") if is_heading else wrap(marker + words, " " * len(marker))
    if node.type == "list_item":
        marker = f"{node.info}{node.markup} " if node.info else "* "
    markers = chain([marker], repeat(""))
    blocks = [_block(child, links, first, mark) for child, mark in zip(node.children, markers, strict=False)]
    # In a tight list, Markdown hides the paragraphs; its items stand below each other without a gap.
    is_tight = any(inner.hidden for child in (node, *node.children) for inner in child.children)
    return ("\n" if is_tight else "\n\n").join(filter(None, blocks))


def _words(nodes: Iterable[SyntaxTreeNode], links: list[Link], first: int) -> str:
    """The words of a line; the number of its address follows a link's words."""
    said = ""
    for node in nodes:
        if node.type in {"softbreak", "hardbreak"}:
            said += " "
            continue
        words = _words(node.children, links, first) if node.children else node.content
        said += words
        if node.type == "link" and (url := https_url(str(node.attrs.get("href", "")))):
            links.append(Link(number=first + len(links), words=one_line(words), url=url))
            said += f" [{links[-1].number}]"
    return said
