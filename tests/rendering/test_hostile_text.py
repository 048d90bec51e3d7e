"""Whatever a summary, an editor or a journal writes comes out as harmless text."""

from dataclasses import replace
from typing import Any

import html5lib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement
from tests.rendering.samples import (
    ISSUE,
    PILL,
    PUBLICATION,
    html_of,
    html_tree,
    rendered,
    shown,
    text_of,
    with_one,
)

from ranvier.issue.issue import Item, Section
from ranvier.summaries.summary import Source

BREAKERS = (
    "</mj-text></mj-column><mj-raw><script>alert(1)</script></mj-raw>",
    '<mj-include path="/etc/passwd" />',
    "{{ 7 * 191 }} {% raw %} {# x #}",
    "--> <![endif]--> <!--[if mso]>",
    "&lt;b&gt; & &amp; \" ' `",
    '" onmouseover="x',
    "\u202egnp.exe\u2066",
    "\x00\x08\x1b[31m",
    "W" * 2000,
    "العربية שלום 日本語",
    "\U0001f469\u200d\U0001f52c e\u0301",
    "-- ",
    "]]> </style> </title>",
)
ALL = " ".join(BREAKERS)


def everywhere(text: str) -> dict[str, Any]:
    summary = replace(
        PILL,
        title=text,
        takeaway=text,
        findings=text,
        meaning=text,
        considerations=text,
        link=f"https://a.example/{text}",
        source=Source(title=text, authors=text, journal=text, doi=f"10.1000/{text}", url=text, pmid=text),
    )
    return with_one(summary, remark=text)


def parsed(html: str) -> HtmlElement:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    assert parser.errors == []
    return html_tree(html)


def shape(html: str) -> list[str]:
    return [element.tag for element in html_tree(html).iter("*")]


def test_breakers_leave_the_mail_as_it_was_built():
    html = html_of(**everywhere(ALL), publication=replace(PUBLICATION, name=ALL, tagline=ALL))
    tree = parsed(html)
    assert shape(html).count("script") == 0
    assert "1337" not in html
    assert "root:" not in html
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert "<script>alert(1)</script>" in tree[1].text_content()


def test_breakers_are_words_in_the_text():
    text = text_of(**everywhere(ALL))
    assert "{{ 7 * 191 }}" in " ".join(text.split())
    assert text.split("\n").count("-- ") == 1
    assert not set("\x00\x08\x1b\u202e\u2066") & set(text)


def test_nothing_turns_the_reading_direction_round():
    assert "&#8238;" not in html_of(**everywhere(ALL))
    assert "\u202e" not in html_of(**everywhere(ALL))


def test_an_untrusted_text_has_a_direction_of_its_own():
    tree = parsed(html_of(**everywhere("שלום")))
    for element in tree.iter("h3", "li", "p"):
        if "שלום" in element.text_content() and element.get("class") != "first":
            assert "auto" in {part.get("dir") for part in element.iter()}


def test_a_copied_mark_is_cut_nowhere():
    marked = next(piece.text for piece in rendered().html if not hasattr(piece, "name"))
    issue = replace(ISSUE, note=marked)
    assert shown(rendered(issue).html).isascii()


def test_an_item_slug_twice_keeps_two_bits():
    issue = replace(
        ISSUE, sections=(Section(topic="trials", items=(Item(slug="pill"), Item(slug="mouse"))),) * 2
    )
    assert rendered(issue).items == 0b1111


@given(st.text(min_size=1, max_size=120))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_valid_ascii_html_of_the_same_shape(text):
    html = html_of(**everywhere(f"x {text}"))
    assert html.isascii()
    parsed(html)
    assert shape(html).count("h3") == shape(html_of(**with_one(PILL))).count("h3")
    assert "script" not in shape(html)
