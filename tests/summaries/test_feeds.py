"""A feed gives one summary per entry, from bytes alone."""

from datetime import date

import pytest

from ranvier.errors import InputError
from ranvier.summaries.feeds import read_feed
from ranvier.summaries.summary import Evidence

BODY = (
    "<![CDATA[<h2>Key Takeaway</h2><p>Tea <b>helped</b>.</p><h2>What They Found</h2>"
    "<p>F<script src=x></script>.</p><h2>Important Considerations</h2><p>C.</p>"
    "<p>AI-generated summary — not advice</p>]]>"
)
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Feed</title><link>https://summaries.example.org/</link>
<item><title>Tea &amp; scans</title><link>https://summaries.example.org/s/tea</link>
<guid isPermaLink="false">1</guid>
<pubDate>Thu, 05 Nov 2026 23:30:00 -0500</pubDate>
<category>Treatments &amp; trials</category><dc:source>Brain</dc:source>
<description>Dear {{{{ name }}}}, tea was tri&lt;scr</description>
<content:encoded>{BODY}</content:encoded></item>
<item><title>No body</title><link>javascript:alert(1)</link><description>Only this.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><link href="https://example.org/"/>
<entry><title>Milk</title><id>https://example.org/milk</id><link href="https://example.org/milk"/>
<published>2026-11-05T00:00:00Z</published>
<content type="html">&lt;h3&gt;Key Takeaway&lt;/h3&gt;x</content></entry></feed>"""


def test_an_entry_is_read_with_its_sections():
    found = read_feed(RSS.encode(), name="feed.xml")[0]
    summary = found.summary
    assert found.source == "https://summaries.example.org/#1"
    assert (summary.id, summary.slug, summary.title) == ("1", "tea", "Tea & scans")
    assert (summary.date, summary.topics, summary.source.journal) == (
        date(2026, 11, 5),
        ("treatments-trials",),
        "Brain",
    )
    assert summary.blurb == "Dear {{ name }}, tea was tri"
    assert (summary.takeaway, summary.findings, summary.considerations) == ("Tea helped.", "F.", "C.")
    assert (summary.credibility, summary.evidence) == (None, Evidence.UNKNOWN)


def test_an_entry_without_a_body_is_kept_for_an_editor():
    summary = read_feed(RSS.encode(), name="feed.xml")[1].summary
    assert (summary.slug, summary.link, summary.takeaway, summary.considerations) == (
        "no-body",
        "",
        "Only this.",
        "",
    )


def test_an_atom_entry_is_known_by_its_address():
    found = read_feed(ATOM.encode(), name="a.xml")[0]
    assert found.source == "https://example.org/milk"
    assert (found.summary.date, found.summary.takeaway) == (date(2026, 11, 5), "x")


@pytest.mark.parametrize(
    "data", [b"<rss></rss>", b"<rss", b"", b"https://example.org/feed.xml", b"/etc/passwd"]
)
def test_a_feed_without_entries_is_an_error_and_nothing_is_fetched(data):
    with pytest.raises(InputError, match="no entries"):
        read_feed(data, name="feed.xml")


def test_entities_that_grow_do_not():
    bomb = (
        '<!DOCTYPE r [<!ENTITY a "'
        + "x" * 50
        + '">'
        + "".join(
            f'<!ENTITY {name} "{f"&{before};" * 20}">'
            for before, name in zip("abcdefg", "bcdefgh", strict=True)
        )
    )
    rss = f"<?xml version='1.0'?>{bomb}]><rss><channel><item><title>T &h;</title></item></channel></rss>"
    found = read_feed(rss.encode(), name="feed.xml")
    assert len(found[0].summary.title) < 1000
