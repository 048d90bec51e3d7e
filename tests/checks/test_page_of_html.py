"""What the gate says of the HTML itself: its head, headings, tables, pictures, styles, colours and links."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ranvier.checks.finding import Severity
from ranvier.checks.gate import run_checks
from ranvier.rendering.publication import Logo

LOGO = Logo(url="https://news.example.org/logo.png", alt="Research Digest", width=120, height=40)

PIXEL = '<img src="https://news.example.org/a.png" alt="a" width="1" height="1">'
WHITE_ON_BLUE = '<table role="none" bgcolor="#14505C"><tr><td style="color:#FFF">a</td></tr></table>'
DARK_ON_DARK = """@media (prefers-color-scheme: dark) {
    p { color: #222222 !important } body { background-color: #111111 } }"""
LIGHT_ON_DARK = """@media (prefers-color-scheme: dark) {
    body { background-color: #111111 } div, p, h1, h2, a { color: #eeeeee !important } }"""


def codes(proof, severity: Severity = Severity.ERROR) -> set[str]:
    return {finding.code for finding in run_checks(proof) if finding.severity is severity}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<!doctype html>", "", "no-doctype"),
        ("<title>Digest</title>", "<title> </title>", "no-document-title"),
        ('<meta charset="utf-8">', "", "no-charset"),
        ("width=device-width, ", "", "no-viewport"),
        ("initial-scale=1", "maximum-scale=1", "zoom-forbidden"),
        ("initial-scale=1", "user-scalable=no", "zoom-forbidden"),
        ('<html lang="en" dir="ltr">', "<html>", "no-language"),
        ('<div lang="en" dir="ltr">', "<div>", "no-language"),
        ('<div lang="en" dir="ltr">', '<div lang="de" dir="ltr">', "no-language"),
        ("h1>", "h2>", "headings"),
        ("h2", "h3", "headings"),
        ("h2", "p", "headings"),
        ("</h1>", "</h1><h1>Again</h1>", "headings"),
        ("</h1>", "</h1><table><tr><td>a</td></tr></table>", "table-role"),
        ("</h1>", "</h1><table><tr><th>a</th></tr></table>", "table-role"),
        ("</h1>", "</h1><p>open <b>and shut</p></b>", "broken-html"),
        ("</h1>", "</h1><mj-text>left over</mj-text>", "broken-html"),
        ("</h1>", f"</h1>{PIXEL}", "remote-content"),
        ("<style>", f"<style>{'p { margin: 0 } ' * 1_100}", "too-much-style"),
        ("<style>", "<style>@media print { @media (color) { p { margin: 0 } } }", "nested-at-rule"),
        ("</h1>", '</h1><p style="color:#999999">faint</p>', "low-contrast"),
        ("</h1>", '</h1><p style="background-color:#14505c">dark on dark</p>', "low-contrast"),
        ("</h1>", '</h1><p style="color:hsl(1 2% 3%)">unknown</p>', "unknown-colour"),
        ("<style>", f"<style>{DARK_ON_DARK}", "low-contrast"),
    ],
)
def test_html_that_some_readers_cannot_read_is_an_error(build, change, old, new, code):
    assert codes(build()) == set()
    assert code in codes(change(build(), "html", old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</h1>", '</h1><table role="presentation"><tr><td>a</td></tr></table>'),
        ("</h1>", "</h1><table><caption>c</caption><tr><th scope='col'>a</th></tr></table>"),
        ("</h1>", '</h1><p style="color:#888888;font-size:24px">large and grey</p>'),
        ("</h1>", '</h1><p style="color:#888888;font-size:19px;font-weight:bold">bold and grey</p>'),
        ("</h1>", f"</h1>{WHITE_ON_BLUE}"),
        ("<style>", "<style>@media (prefers-color-scheme: dark) { p { color: #222222 } }"),
        ("<style>", f"<style>{LIGHT_ON_DARK}"),
    ],
    ids=["layout", "data", "large", "bold", "bgcolor", "on-paper", "dark"],
)
def test_html_that_all_can_read_passes(build, change, old, new):
    proof = change(build(), "html", old, new)
    assert codes(proof) == set()


def test_the_publications_own_logo_is_the_only_picture(build, change, publication):
    image = f'<img src="{LOGO.url}" alt="{LOGO.alt}" width="120" height="40">'
    proof = change(build(), "html", "</h1>", f"</h1><p>{image}</p>")
    assert codes(proof) == {"remote-content"}
    ours = replace(proof, publication=replace(publication, logo=LOGO))
    assert codes(ours) == set()
    assert codes(change(ours, "html", LOGO.url, f"{LOGO.url}?reader=1")) == {"remote-content"}
    assert codes(change(ours, "html", f'alt="{LOGO.alt}"', "")) == {"image-without-alt"}
    assert codes(change(ours, "html", 'width="120"', "")) == {"image-without-size"}


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ('<a href="http://journal.example.org/a">The study</a>', "unsafe-link"),
        ('<a href="https://192.0.2.1/a">The study</a>', "unsafe-link"),
        ('<a href="https://ann@journal.example.org/a">The study</a>', "unsafe-link"),
        ('<a href="https://[broken">The study</a>', "unsafe-link"),
        ('<a href="/a">The study</a>', "unsafe-link"),
        ('<a href="#a">The study</a>', "unsafe-link"),
        ('<a href="https://bit.ly/a">The study</a>', "link-shortener"),
        ('<a href="https://www.bit.ly/a">The study</a>', "link-shortener"),
        ('<a href="https://journal.example.org/a"></a>', "link-without-words"),
        ('<a href="https://journal.example.org/a">https://other.example.org/a</a>', "link-text-differs"),
        ('<a href="https://journal.example.org/a">other.example.org</a>', "link-text-differs"),
    ],
)
def test_a_link_that_a_reader_cannot_judge_is_an_error(build, link, code):
    assert code in codes(build(extra=f"<p>{link}</p>"))


@pytest.mark.parametrize(
    "link",
    [
        '<a href="https://journal.example.org/a">The study</a>',
        '<a href="https://www.journal.example.org/a">journal.example.org</a>',
        '<a href="mailto:editors@news.example.org">editors@news.example.org</a>',
    ],
)
def test_a_link_that_leads_where_it_says_passes(build, link):
    assert codes(build(extra=f"<p>{link}</p>")) == set()


@pytest.mark.parametrize("words", ["here", "Click here", "Read more", "More", "this link", "Link:"])
def test_a_link_without_a_purpose_of_its_own_is_a_warning(build, words):
    proof = build(extra=f'<p><a href="https://journal.example.org/a">{words}</a></p>')
    assert ("vague-link" in codes(proof, Severity.WARNING)) is (words != "this link")


def test_two_links_of_the_same_words_to_two_places_are_a_warning(build):
    twins = '<a href="https://a.example.org/">The study</a> <a href="https://b.example.org/">the study</a>'
    assert "twin-links" in codes(build(extra=twins), Severity.WARNING)
    assert "twin-links" not in codes(build(extra=twins.replace("//b.", "//a.")), Severity.WARNING)


@pytest.mark.parametrize(
    ("header", "values", "code"),
    [
        ("List-Unsubscribe", (), "no-one-click"),
        ("List-Unsubscribe", ("<http://news.example.org/u/1>",), "no-one-click"),
        ("List-Unsubscribe", ("=?utf-8?q?=3Chttps=3A//news?=",), "no-one-click"),
        ("List-Unsubscribe", ("<https://a.example.org/1>, <https://b.example.org/1>",), "no-one-click"),
        ("List-Unsubscribe-Post", ("List-Unsubscribe=One-click",), "no-one-click"),
        ("Subject", ("One", "Two"), "header-not-once"),
        ("Message-ID", (), "header-not-once"),
    ],
)
def test_a_header_without_the_unsubscribe_button_is_an_error(build, header, values, code):
    proof = build()
    copy = proof.copies["people"]
    others = tuple(field for field in copy.headers if field[0] != header)
    headers = (*others, *((header, value) for value in values))
    assert code in codes(replace(proof, copies={"people": replace(copy, headers=headers)}))
