"""The finished HTML against the rules that a machine can check (R193-R215)."""

import re
from dataclasses import replace
from itertools import pairwise

import cssutils
import html5lib
import pytest
from lxml.html import HtmlElement
from tests.rendering.samples import ISSUE, PILL, PUBLICATION, html_of, html_tree

COLOUR = re.compile(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?", re.IGNORECASE)
BLACK_AND_WHITE = re.compile(r"#(?:000|fff)(?:000|fff)?\b", re.IGNORECASE)
HTML = html_of()
TREE = html_tree(HTML)
BODY = TREE[1]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def declarations(element: HtmlElement) -> dict[str, str]:
    style = cssutils.parseStyle(element.get("style", ""), validate=False)
    return {prop.name: prop.value for prop in style}


def dark_rules() -> list[tuple[str, dict[str, str]]]:
    block = HTML.partition("@media (prefers-color-scheme: dark) {")[2].partition("}}")[0]
    sheet = cssutils.parseString(block + "}", validate=False)
    return [(rule.selectorText, {prop.name: prop.value for prop in rule.style}) for rule in sheet]


def styles(*, dark: bool) -> dict[HtmlElement, dict[str, str]]:
    styled = {element: declarations(element) for element in BODY.iter("*")}
    for selector, declared in dark_rules() if dark else ():
        for element in BODY.cssselect(selector):
            styled[element] |= declared
    return styled


def inherited(element: HtmlElement, styled: dict[HtmlElement, dict[str, str]], *names: str) -> str:
    for node in (element, *element.iterancestors()):
        for name in names:
            if COLOUR.fullmatch(styled.get(node, {}).get(name, "")):
                return styled[node][name]
    raise AssertionError(names, element)


def with_text() -> list[HtmlElement]:
    return [element for element in BODY.iter("*") if (element.text or "").strip()]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_its_background(dark):
    styled = styles(dark=dark)
    seen = set()
    for element in with_text():
        text, ground = (
            inherited(element, styled, "color"),
            inherited(element, styled, "background-color", "background"),
        )
        seen.add((text, ground))
        assert contrast(text, ground) >= 4.5, (element.tag, element.get("class"), text, ground)
    assert len(seen) >= 6


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_each_palette_has_the_grounds_of_its_name(dark):
    styled = styles(dark=dark)
    grounds = [
        luminance(inherited(element, styled, "background-color", "background")) for element in with_text()
    ]
    assert max(grounds) < 0.1 if dark else min(grounds) > 0.7


def test_no_colour_is_pure_black_or_white():
    # Clients that invert colours by themselves turn these into glare (R214).
    assert not BLACK_AND_WHITE.search(re.sub(r"&#\d+;", "", HTML))


def test_outlook_gets_the_same_dark_rules():
    for selectors, _ in dark_rules():
        for selector in selectors.split(", "):
            assert f"[data-ogsc] {selector}" in HTML


def test_every_text_has_16_pixels_and_open_lines():
    for element in with_text():
        ancestors = [declarations(node) for node in (element, *element.iterancestors())]
        size = next(style["font-size"] for style in ancestors if "font-size" in style)
        height = next(style["line-height"] for style in ancestors if "line-height" in style)
        assert float(size.removesuffix("px")) >= 16
        assert float(height) >= (1.2 if element.tag in {"h1", "h2", "h3"} else 1.5)


def test_there_is_one_h1_and_no_level_is_skipped():
    levels = [int(element.tag[1]) for element in BODY.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_layout_tables_say_that_they_are_layout():
    assert {table.get("role") for table in BODY.iter("table")} == {"presentation"}


def test_language_and_direction_stand_inside_the_body_too():
    arabic = html_tree(html_of(publication=replace(PUBLICATION, language="ar", direction="rtl")))
    main = arabic[1][0]
    article = main[0]
    assert main.get("role") == "main"
    for element in (arabic, article):
        assert (element.get("lang"), element.get("dir")) == ("ar", "rtl")
    assert article.get("role") == "article"
    assert "text-align:left;color" not in html_of(publication=replace(PUBLICATION, direction="rtl"))


@pytest.mark.parametrize(("direction", "side"), [("ltr", "left"), ("rtl", "right")])
def test_the_bar_of_a_box_stands_where_lines_begin(direction, side):
    tree = html_tree(html_of(publication=replace(PUBLICATION, direction=direction)))
    boxes = tree.cssselect(".label, .caution, .remark")
    assert len(boxes) == 7
    for box in boxes:
        assert [name for name in declarations(box) if name.startswith("border-")] == [f"border-{side}"]


def test_the_head_has_what_clients_ask_for():
    assert TREE.findtext("head/title") == "Research Digest, 22 November 2026"
    metas = {meta.get("name"): meta.get("content") for meta in TREE.iter("meta")}
    assert metas["color-scheme"] == metas["supported-color-schemes"] == "light dark"
    assert metas["viewport"] == "width=device-width, initial-scale=1"


def test_links_are_underlined_and_each_says_where_it_leads():
    links = list(BODY.iter("a"))
    words = [" ".join("".join(link.itertext()).split()) for link in links]
    assert len(set(words)) == len(words) > 3
    assert all(len(said) > 8 for said in words)
    assert all(declarations(link)["text-decoration"] == "underline" for link in links)
    assert all(link.get("href").startswith(("https://", "mailto:")) for link in links)


def test_two_items_of_one_title_have_links_with_different_words():
    twin = replace(PILL, slug="mouse", source=replace(PILL.source, title="", year=2024))
    summaries = {"pill": replace(PILL, source=replace(PILL.source, title="")), "mouse": twin}
    sections = tuple(replace(s, items=(i,)) for s in ISSUE.sections for i in s.items if i.slug in summaries)
    tree = html_tree(html_of(replace(ISSUE, sections=sections), summaries))
    words = [link.text_content() for link in tree.iter("a")]
    assert len(set(words)) == len(words)
    assert f"Read the whole summary: {PILL.title} (Annals of Examples, 2024)" in words


def test_links_of_the_footer_are_high_enough_to_be_touched():
    links = TREE.cssselect(".footer a")
    assert len(links) == 3
    for link in links:
        style = declarations(link)
        assert style["display"] == "inline-block"
        assert style["padding"] == "4px 0"  # around a line of 16 px or more: 24 px (WCAG 2.5.8)


def test_no_text_is_hidden():
    for element in with_text():
        for node in (element, *element.iterancestors()):
            style = declarations(node)
            assert style.get("display") != "none"
            assert style.get("visibility") != "hidden"
            assert "opacity" not in style
            assert "max-height" not in style
    assert not list(BODY.iter("img"))


def test_nothing_active_and_nothing_remote_is_in_it():
    tags = {element.tag for element in TREE.iter("*")}
    assert not tags & {"script", "form", "iframe", "object", "link", "img", "video", "base", "input", "svg"}
    assert "url(" not in HTML


def test_styles_stay_below_what_gmail_reads():
    assert len("".join(style.text_content() for style in TREE.iter("style"))) < 16_000


def test_it_is_well_formed():
    parser = html5lib.HTMLParser()
    parser.parse(HTML)
    assert parser.errors == []
