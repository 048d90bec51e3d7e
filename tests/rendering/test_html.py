import pytest

from ranvier.errors import ConfigurationError
from ranvier.rendering.html import to_html

MJML = """<mjml lang="en" dir="ltr"><mj-head><mj-title>T</mj-title><mj-style>
@media (prefers-color-scheme: dark) { .a { color: #eeeeee !important; } }
[data-ogsc] .a { color: #eeeeee !important; }
</mj-style></mj-head><mj-body><mj-section><mj-column>
<mj-raw><!--border--></mj-raw>
<mj-text>%s</mj-text>
</mj-column></mj-section></mj-body></mjml>"""


def html_of(body: str, css: str = ".a { color: #111111; margin: 0 }") -> str:
    return to_html(MJML % body, css, where="templates/a.mjml.j2")


def test_styles_are_inlined_and_the_dark_rules_stay_important():
    html = html_of('<p class="a">x</p>')
    assert '<p class="a" style="color:#111; margin:0">x</p>' in html
    assert "@media (prefers-color-scheme: dark) { .a { color: #eeeeee !important; } }" in html
    assert "[data-ogsc] .a { color: #eeeeee !important; }" in html
    assert "data-premailer" not in html


def test_the_doctype_comes_first_and_is_html5():
    assert html_of("x").lower().startswith("<!doctype html>\n<html")


def test_no_font_and_no_other_file_is_fetched():
    html = html_of("x")
    assert "fonts.googleapis" not in html
    assert "@import" not in html
    assert "<link" not in html


def test_everything_is_ascii_and_reads_the_same():
    assert "caf&#233; &#128512;" in html_of("café 😀")


def test_comments_between_rows_stay_between_rows():
    assert "<!--border--><tr>" in html_of("x").replace("\n", "")


def test_a_template_that_is_no_mjml_is_named():
    with pytest.raises(ConfigurationError, match=r"templates/a\.mjml\.j2: the template is not valid MJML"):
        to_html("<mjml><mj-body><mj-nothing/>", "", where="templates/a.mjml.j2")
