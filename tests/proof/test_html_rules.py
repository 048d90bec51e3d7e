"""The HTML against the standard, and against what mail programs are known to support."""

from __future__ import annotations

import pytest
from lxml import etree
from lxml.html import document_fromstring
from tests.proof.conftest import AUDIENCES

WEEKS = ("sample", "logo", "rtl", "hostile")

RULES = {
    "no-deprecated-attr": "off",  # Outlook's Word engine needs align, bgcolor and cellpadding
}

CLIENTS = (
    *("gmail.*", "outlook.*", "apple-mail.*", "yahoo.*", "aol.*"),
    *("samsung-email.*", "protonmail.*", "fastmail.*"),
)
HELPS_WHERE_IT_WORKS = {
    "role attribute": "landmarks and layout tables, for screen readers",
    "aria-label attribute": "the name of the mail, for screen readers",
    "aria-hidden attribute": "the dots of a rating are also said in words",
    "lang attribute": "the language, for screen readers",
    "dir attribute": "the direction; `auto` guards a title in another script",
    "word-break": "breaks a word that is longer than the screen",
    "word-spacing": "MJML's own reset; normal is what it would be",
    "height property": "of the logo, which also has the attribute",
    "max-width": "narrows the logo on a narrow screen",
    "display:block": "of the logo; without it a gap is left below",
    "<body> element": "programs that drop it keep what is inside",
    "text-decoration": "underlines links where a program would not",
    "margin": "distances; programs have their own",
}
"""Unsupported somewhere, and nothing is lost there. Anything else inside <body> fails."""


@pytest.mark.parametrize("week", WEEKS)
def test_html_keeps_the_rules_of_the_standard(node, mails, week):
    files = [str(mails / week / f"{audience}.html") for audience in AUDIENCES]
    assert node("validate.mjs", {"files": files, "rules": RULES}) == [[], [], []]


def test_the_rules_would_find_a_fault(node, mails, tmp_path):
    broken = tmp_path / "broken.html"
    html = (mails / "sample" / "clinicians.html").read_text()
    broken.write_text(html.replace("<h1", '<div id="a"></div><h6 id="a">x</h6><h1', 1))
    found = node("validate.mjs", {"files": [str(broken)], "rules": RULES})[0]
    assert {"no-dup-id"} <= {message["ruleId"] for message in found}


@pytest.mark.parametrize("week", WEEKS)
def test_a_mail_needs_nothing_that_a_big_program_lacks(node, mails, tmp_path, week):
    # Without its styles it has to be readable anyway (tested in a browser), so they may use what they like.
    bare = []
    for audience in AUDIENCES:
        tree = document_fromstring((mails / week / f"{audience}.html").read_text())
        etree.strip_elements(tree, "style", "meta", with_tail=False)
        bare.append(tmp_path / f"{audience}.html")
        bare[-1].write_text(etree.tostring(tree, method="html", encoding="unicode"))
    found = node("clients.mjs", {"files": [str(path) for path in bare], "clients": CLIENTS})
    lacking = {(issue["feature"], issue["client"]) for issues in found for issue in issues}
    assert sorted(lack for lack in lacking if lack[0] not in HELPS_WHERE_IT_WORKS) == []


def test_client_support_would_find_a_fault(node, tmp_path):
    (tmp_path / "a.html").write_text('<body><p style="display:grid">x</p></body>')
    found = node("clients.mjs", {"files": [str(tmp_path / "a.html")], "clients": CLIENTS})[0]
    assert "display:grid" in {issue["feature"] for issue in found}
