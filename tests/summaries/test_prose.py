"""Markup and Markdown become words; words become Markdown that reads the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.summaries.prose import escape_line, escape_prose, line, plain, prose, teaser

MARKUP = {
    "formatting inside a word": ("H<sub>2</sub>O is <b>wet</b>.", "H2O is wet."),
    "a power stays a power": ("10<sup>6</sup> cells, mm<sup>3</sup>", "10^6 cells, mm^3"),
    "an ordinal is no power": ("the 4<sup>th</sup> week", "the 4th week"),
    "blocks": ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    "a list": ("<ul><li>one</li><li>two</li></ul>", "• one\n\n• two"),
    "unclosed tags": (
        'those who had <b>never smoked. <div class="c"><p>But',
        "those who had never smoked.\n\nBut",
    ),
    "mjml": (
        "<mj-section><mj-text>Most kept it.</mj-text></mj-section> Then </mj-body> more",
        "Most kept it. Then more",
    ),
    "a script and its code": ("a <script src=x>alert('<b>')</script> b", "a b"),
    "a script that never ends": ("a <script>steal()\n\nStill here.", "a\n\nStill here."),
    "a style": ("<style>p{color:red}</style>x", "x"),
    "a comment": ("a<!-- hidden -->b", "a b"),
    "an image with a handler": ("a <img src=x onerror=alert(1)> b", "a b"),
    "a comparison": ("p <0.05 and n> 5, p < 0.05, <5%", "p <0.05 and n> 5, p < 0.05, <5%"),
    "a comparison of names": ("a <y and z> b", "a <y and z> b"),
    "a word in angle brackets": ("below <LOD> in all", "below <LOD> in all"),
    "entities once": ("p &lt; 0.05 &amp;lt; R&amp;D&nbsp;x", "p < 0.05 &lt; R&D x"),
    "escaped markup is text": ("&lt;b&gt;two&lt;/b&gt;", "<b>two</b>"),
    "template braces": (
        "Dear {{ first_name }} {% if x %}y{% endif %}",
        "Dear {{ first_name }} {% if x %}y{% endif %}",
    ),
}


@pytest.mark.parametrize(("text", "words"), MARKUP.values(), ids=MARKUP)
def test_markup_leaves_its_words(text, words):
    assert plain(text) == words


MARKDOWN = {
    "emphasis": ("**Bold** and _quiet_ and `code`", "Bold and quiet and code"),
    "a name with underscores": ("gene_name_x and 2 * 3 * 4", "gene_name_x and 2 * 3 * 4"),
    "a link": ("see [the paper](https://example.org/x)", "see the paper"),
    "an address": ("<https://example.org/x>", "https://example.org/x"),
    "bullets": ("- one\n- two", "• one\n\n• two"),
    "numbers": ("3. three\n4. four", "3. three\n\n4. four"),
    "wrapped lines": ("one\ntwo  \nthree\n\nfour", "one two three\n\nfour"),
    "a deeper heading": ("#### Safety\nNone.", "Safety\n\nNone."),
    "a quotation": ("> said", "said"),
    "indented text is no code": ("    four spaces", "four spaces"),
    "a rule": ("a\n\n---\n\nb", "a\n\nb"),
    "a definition does not vanish": ("[1]: https://example.org", "[1]: https://example.org"),
}


@pytest.mark.parametrize(("text", "words"), MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_leaves_its_words(text, words):
    assert plain(text) == words


GLUED = {
    "a sentence": ("helpers visit.Special cells", "helpers visit. Special cells"),
    "a question and a quotation": ("is it so?Yes. “Never.”Then", "is it so? Yes. “Never.” Then"),
    "a short word": ("in the brain.A second", "in the brain. A second"),
    "an abbreviation follows": ("the immune system.MS is", "the immune system. MS is"),
    "after a bracket": ("(EBV).The virus [3].Later", "(EBV). The virus [3]. Later"),
    "after a percentage and a year": ("30.7%.There, in 2020.These", "30.7%. There, in 2020. These"),
}


@pytest.mark.parametrize(("text", "apart"), GLUED.values(), ids=GLUED)
def test_glued_sentences_come_apart(text, apart):
    assert prose(text) == apart


WHOLE = {
    "country": "the U.S.A and the U.K.",
    "decimals": "3.5 to 4.0 mg, v2.1.B",
    "interleukin": "IL-4.Th and CD4.Th17",
    "protein variant": "p.Arg16Gly and c.A80G",
    "latin abbreviations": "e.g.The, i.e.A",
    "doi": "10.1016/S1474-4422(21).Abc and doi:10.1002/ana.Xyz",
    "web address": "https://Example.org/About.Html and www.Nature.Com and journal.org/Page.Two",
    "host and file": "ClinicalTrials.gov, Example.Org, scan.PDF",
    "mail": "first.Last@example.org",
    "name": "E.Coli and J.Smith and Ph.D",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_names_numbers_and_addresses_stay_whole(text):
    assert prose(text) == text


def test_a_line_has_no_markup_and_no_line_end():
    assert line(" <mj-text>results</mj-text>\n matched &amp; more ") == "results matched & more"


def test_a_teaser_loses_the_tag_it_was_cut_in():
    assert teaser("raised T cells<scrip") == "raised T cells"
    assert teaser("p < a") == "p < a"


# Whatever means something to Markdown or HTML, in every neighbourhood.
TRICKY = st.text(alphabet="ab1.)(-+*_#>`~[]!<&;/\\|{}: \n\"'=é", max_size=40) | st.text(max_size=40)


@settings(max_examples=300)
@given(TRICKY)
def test_prose_written_as_markdown_reads_the_same(text):
    words = prose(text)
    assert plain(escape_prose(words)) == words
    assert prose(words) == words


@settings(max_examples=200)
@given(TRICKY | st.sampled_from(["&lt;b&gt;", "<b>x</b>", "&amp;amp;", "<!-- -->"]))
def test_a_line_written_out_reads_the_same(text):
    words = line(escape_line(" ".join(prose(text).split())))
    assert line(escape_line(words)) == words == " ".join(prose(text).split())


def test_ordinary_prose_is_written_as_it_is():
    text = "About 30% (12 of 40) improved; p < 0.05. See #4 - and AT&T's *5."
    assert escape_prose(text) == text
