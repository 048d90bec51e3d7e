"""A web page gives the summary that a person sees on it, and what only its markup says."""

from datetime import date

import pytest

from ranvier.errors import InputError
from ranvier.summaries.html import html_text, read_html

PAGE = """<!doctype html><html><head><title>Tea and scans | Site</title>
<link rel="canonical" href="https://summaries.example.org/s/tea-and-scans">
<script type="application/ld+json">{"datePublished": "2026-11-10", "isBasedOn": "https://doi.org/10.1000/tea"}</script>
<script type="application/ld+json">{broken</script>
<style>.x{}</style></head><body><header>Menu</header><nav>Home <span>Tea and scans</span></nav>
<main><h1>Tea and scans</h1>
<div role="meter" aria-label="Credibility" aria-valuemax="5" aria-valuenow="4">Credibility</div>
<label>Interest <meter min="0" max="5" value="2"></meter></label>
<details><summary>More Details</summary><p>Paper. Journal, 2025.</p></details>
<section><h3>Key Takeaway</h3><p>Tea <b>did</b> <mj-text>nothing</mj-text>.</p></section>
<h2>What They Found</h2><p>10<sup>6</sup> cups, p &lt; 0.05.</p><p>Second <i>part<p>Third</p>
<h2>Who Should Care and Why</h2><ul><li>Drinkers</li><li>Others</li></ul>
<h2>Important Considerations</h2><p>Small.<script>alert(1)</script></p>
<aside>AI-generated summary — not medical advice</aside>
<h2>You May Also Like</h2><article><a href="/x"><img alt="Milk" src="m.png"><h3>Milk</h3></a>
<time>3/1/2026</time>
<p>Milk was &lt;b&gt;tried&lt;/b&gt; in mice&lt;scri</p><a href="/x">Read More</a></article>
<section><h2>Understanding MS Research</h2>
<p>Studies in journals like Brain often range from a to b.</p></section>
</main><footer>© Site</footer></body></html>"""


def test_a_page_is_read_with_its_markup():
    summary = read_html(PAGE, name="saved").summary
    assert summary.title == "Tea and scans"
    assert summary.slug == "tea-and-scans"
    assert summary.link == "https://summaries.example.org/s/tea-and-scans"
    assert summary.date == date(2026, 11, 10)
    assert summary.source.doi == "10.1000/tea"
    assert summary.source.journal == "Brain"
    assert (summary.credibility, summary.interest) == (4, 2)
    assert summary.takeaway == "Tea did nothing."
    assert summary.findings == "10^6 cups, p < 0.05.\n\nSecond part\n\nThird"
    assert summary.meaning == "Drinkers\n\nOthers"
    assert summary.considerations == "Small."
    assert [(card.title, card.date, card.blurb) for card in summary.related] == [
        ("Milk", date(2026, 3, 1), "Milk was tried in mice")
    ]


def test_a_page_without_an_address_is_named_after_its_file_and_its_title():
    summary = read_html("<title>T</title><h2>Key Takeaway</h2>x", name="Saved page").summary
    assert (summary.slug, summary.title, summary.takeaway) == ("saved-page", "T", "x")


def test_a_meter_of_another_scale_is_not_a_rating():
    assert (
        read_html(PAGE.replace('aria-valuemax="5"', 'aria-valuemax="10"'), name="p").summary.credibility
        is None
    )


def test_an_address_that_runs_code_is_no_link():
    assert (
        read_html(PAGE.replace("https://summaries.example.org", "javascript:"), name="p").summary.link == ""
    )


def test_noise_that_holds_the_heading_is_no_noise():
    assert "T" in html_text("<header><h1>T</h1></header>").split()


def test_tags_by_the_ten_thousand_are_refused():
    with pytest.raises(InputError, match="more tags"):
        html_text("<div>" * 40_000)
