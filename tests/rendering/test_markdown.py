from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from ranvier.rendering.markdown import editors_text
from ranvier.rendering.view import EditorsText

NOTE = """# A word

Read [the map](https://news.example.org/map) and **mind**
the gap; [not this](http://a.example).

* one
* two, with so many words that they do not fit into a line of seventy-two columns

3. three

4. four, [here](https://news.example.org/4)
"""


def written(markdown: str) -> EditorsText:
    return editors_text(markdown, headings="h3")


def html(markdown: str) -> str:
    return str(written(markdown).html)


def test_paragraphs_lists_emphasis_and_links_stay():
    assert '<a href="https://news.example.org/map">the map</a>' in html(NOTE)
    assert "<strong>mind</strong>" in html(NOTE)
    assert html(NOTE).count("<li ") == 4
    assert '<ol start="3">' in html(NOTE)


def test_each_paragraph_has_a_direction_of_its_own():
    assert html("one\n\nשלום") == '<p dir="auto">one</p>\n<p dir="auto">שלום</p>'


def test_a_heading_of_any_level_is_the_one_that_fits_where_it_stands():
    for heading in ("# A word", "###### A word", "A word\n==="):
        assert html(heading) == '<h3 dir="auto">A word</h3>'
        assert written(heading).text == "A word\n------"
        within_an_item = editors_text(heading, headings="p")
        assert within_an_item.html == '<p dir="auto">A word</p>'
        assert within_an_item.text == "A word"


def test_html_is_text():
    assert html("<script>x</script>") == '<p dir="auto">&lt;script&gt;x&lt;/script&gt;</p>'


def test_a_link_that_is_not_https_leads_nowhere():
    bad = "[a](http://a.example) [b](javascript:alert(1)) [c](data:x)"
    assert "href" not in html(bad)
    assert written(bad).links == ()
    assert "[1]" not in written(bad).text


def test_an_image_is_its_description():
    image = "![a *<graph>*](https://a.example/x.png)"
    assert html(image) == '<p dir="auto">a &lt;graph&gt;</p>'
    assert written(image).text == "a <graph>"


def test_the_text_has_the_same_words_in_the_same_shape():
    assert written(NOTE).text == (
        "A word\n"
        "------\n"
        "\n"
        "Read the map [1] and mind the gap; not this.\n"
        "\n"
        "* one\n"
        "* two, with so many words that they do not fit into a line of\n"
        "  seventy-two columns\n"
        "\n"
        "3. three\n"
        "\n"
        "4. four, here [2]"
    )


def test_quotes_code_and_lists_in_lists_keep_their_words():
    text = written(
        "> quoted\n> - a\n> - b\n\n- c\n  - d\n- - e\n\n```\ncode\n```\n\n---\n\nend\\\nof it"
    ).text
    assert text == "quoted\n\n* a\n* b\n\n* c\n* d\n* e\n\ncode\n\nend of it"


def test_links_are_numbered_from_the_number_that_is_given():
    links = editors_text(NOTE, headings="p", first=3).links
    assert [(link.number, link.words, link.url) for link in links] == [
        (3, "the map", "https://news.example.org/map"),
        (4, "here", "https://news.example.org/4"),
    ]


def test_nothing_written_is_nothing():
    assert written(" \n") == EditorsText(html=written("").html, text="", links=())
    assert html(" \n") == ""


@given(st.text(alphabet="ab <>&*_[]()!#`\n\"'/:=-\\", max_size=200))
@settings(max_examples=100)
def test_markdown_never_brings_a_tag_or_an_attribute_of_its_own(markdown):
    tree = lxml_html.fragment_fromstring(html(markdown), create_parent="div")
    allowed = {"div", "h3", "p", "strong", "em", "a", "ul", "ol", "li", "blockquote", "br", "code"}
    assert {element.tag for element in tree.iter()} <= allowed
    assert {name for element in tree.iter() for name in element.attrib} <= {"href", "dir", "start"}


@given(st.text(alphabet="ab *_[]()!#`\n>-1.\\", max_size=200))
@settings(max_examples=100)
def test_html_and_text_have_the_same_letters(markdown):
    tree = lxml_html.fragment_fromstring(html(markdown), create_parent="div")
    from_html, from_text = (
        [character for character in text if character in "ab"]
        for text in (str(tree.text_content()), written(markdown).text)
    )
    assert from_html == from_text
