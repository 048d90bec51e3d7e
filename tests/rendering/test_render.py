from dataclasses import replace
from typing import Any

import pytest
from tests.rendering.samples import (
    ISSUE,
    MOUSE,
    PILL,
    PUBLICATION,
    REVIEW,
    SUMMARIES,
    html_of,
    html_tree,
    rendered,
    shown,
    text_of,
    with_one,
)

from ranvier.rendering.chunks import Chunk, Slot, SlotName, join
from ranvier.rendering.publication import Links, Logo
from ranvier.rendering.render import inert_values
from ranvier.rendering.words import shown_title, study_words
from ranvier.summaries.summary import Source

PILL_BIT, REVIEW_BIT, MOUSE_BIT = 1, 2, 4
DOI_LINK = "https://doi.org/10.1000/pill.1"


def words_of_html(html: str) -> str:
    return " ".join(" ".join(map(str, html_tree(html)[1].itertext())).split())


def words_of_text(text: str) -> str:
    return " ".join(text.split())


def both(*args: Any, **kwargs: Any) -> tuple[str, str]:
    return words_of_html(html_of(*args, **kwargs)), words_of_text(text_of(*args, **kwargs))


@pytest.mark.parametrize("audience", [0, 1], ids=["readers", "clinicians"])
def test_every_item_carries_label_study_considerations_and_source(audience):
    for words in both(audience=audience):
        for summary in SUMMARIES.values():
            assert study_words(summary, PUBLICATION.words) in words
            for paragraph in summary.considerations.split("\n\n"):
                assert paragraph in words
        assert words.count("AI-written summary ·") == 3
        assert "Source: Effects of a pill on gait" in words
        assert "Source: the paper behind “What is known about walking aids”" in words
        assert "Source not stated" in words


@pytest.mark.parametrize("audience", [0, 1], ids=["readers", "clinicians"])
def test_the_item_label_stands_between_the_title_and_the_first_sentence_of_ai(audience):
    for words in both(**with_one(PILL), audience=audience):
        title = words.rindex(PILL.title, 0, words.index("AI-written summary ·"))
        assert title < words.index("AI-written summary ·") < words.index(PILL.takeaway)


def test_the_first_visible_line_is_the_label_and_the_preview():
    for words in both():
        assert words.startswith(
            "Written by AI, and it can be wrong. New trials and a review. Research Digest"
        )


def test_a_preview_that_begins_with_the_label_is_not_labelled_twice():
    issue = replace(ISSUE, preview="Written by AI, and it can be wrong. Three studies.")
    for words in both(issue):
        assert words.count("Written by AI") == 1


def test_considerations_are_never_cut_and_findings_are():
    long = replace(PILL, considerations="Take care. " * 1000, findings="It was long. " * 1000)
    for words in both(**with_one(long)):
        assert words.count("Take care.") == 1000
        assert 30 < words.count("It was long.") < 40
        assert "It was long. …" in words


def test_a_remark_is_visibly_the_editors():
    for words in both():
        assert "editor\u2019s remark we know the authors." in words.lower()


def test_a_remark_is_markdown_as_the_note_is():
    remark = "We **know** [them](https://a.example.org/x):\n\n* one\n* two"
    html, text = html_of(**with_one(PILL, remark=remark)), text_of(**with_one(PILL, remark=remark))
    assert "<strong>know</strong>" in html
    assert 'href="https://a.example.org/x"' in html
    assert "EDITOR\u2019S REMARK\nWe know them [1]:\n\n* one\n* two\n\nSource: " in text


def test_a_missing_rating_is_said_and_not_guessed():
    for words in both(**with_one(MOUSE)):
        assert "Credibility not stated" in words
    for words in both(**with_one(PILL)):
        assert "Credibility 4 of 5" in words


def test_an_empty_meaning_has_no_heading():
    for words in both(**with_one(MOUSE)):
        assert "what it means for you" not in words.lower()


def test_html_and_text_have_the_same_words():
    from_html, from_text = (set(words.lower().replace("·", " ").split()) for words in both())
    different = {word for word in from_html ^ from_text if word.isalpha()}
    assert len(different) < len(from_html) / 20


def test_everything_that_names_an_item_is_left_out_for_a_reader_who_does_not_get_it():
    variant = rendered()
    for part in (variant.html, variant.text):
        left = " ".join(shown(part, REVIEW_BIT | MOUSE_BIT).split())
        assert PILL.title not in left
        assert "pill" not in left.lower()
        assert REVIEW.takeaway in left
        assert MOUSE.takeaway in left


def test_a_topic_without_items_left_is_not_named():
    variant = rendered()
    for part in (variant.html, variant.text):
        assert "Repair" not in shown(part, PILL_BIT)
        assert shown(part, PILL_BIT).count("Trials") == 2


def test_what_is_for_everyone_names_no_item():
    variant = rendered()
    for part in (variant.html, variant.text):
        everyone = "".join(piece.text for piece in part if isinstance(piece, Chunk) and not piece.items)
        for summary in SUMMARIES.values():
            assert shown_title(summary, PUBLICATION.words) not in everyone
            assert summary.takeaway not in everyone


@pytest.mark.parametrize("item_set", range(1, 8))
def test_every_selection_of_items_is_well_formed_html(item_set):
    html = shown(rendered().html, item_set)
    for tag in ("table", "tr", "td", "div", "ul", "li", "p", "h2", "h3"):
        assert html.count(f"<{tag} ") + html.count(f"<{tag}>") == html.count(f"</{tag}>")


def test_links_in_the_text_are_numbered_from_one_within_each_item():
    text = text_of()
    assert f"[1] {DOI_LINK}\n[2] https://summaries.example.org/s/pill\n" in text
    assert "[1] https://journal.example.org/walking\n" in text


@pytest.mark.parametrize(("audience", "remark", "source"), [(0, 1, 2), (1, 2, 1)], ids=["full", "compact"])
def test_links_in_the_text_are_numbered_in_reading_order(audience, remark, source):
    text = text_of(**with_one(PILL, remark="[Them](https://a.example.org/x)."), audience=audience)
    assert f"Them [{remark}]." in text
    assert f"gait [{source}]. Cooper" in " ".join(text.split())
    assert (
        f"walking problems [3]\n\n[1] {DOI_LINK if source == 1 else 'https://a.example.org/x'}\n[2] " in text
    )


def test_the_notes_links_stand_below_the_note():
    text = text_of(replace(ISSUE, note="# News\n\nSee [it](https://a.example.org/x).\n\nBye."))
    assert "News\n----\n\nSee it [1].\n\nBye.\n\n[1] https://a.example.org/x\n\nIn this issue\n" in text


@pytest.mark.parametrize("audience", [0, 1], ids=["full", "compact"])
def test_the_way_to_the_whole_summary_does_not_stick_to_the_editors_words(audience):
    text = text_of(**with_one(PILL, remark="We know them."), audience=audience)
    assert "We know them.\n\n" in text
    assert ("We know them.\n\nRead the whole summary: " in text) is (audience == 1)


def test_the_meaning_is_told_in_full():
    long = replace(PILL, meaning="It means this much. " * 90)
    for audience in (0, 1):
        for words in both(**with_one(long), audience=audience):
            assert words.count("It means this much.") == 90


@pytest.mark.parametrize(
    ("source", "url"),
    [
        (Source(pmid="12345"), "https://pubmed.ncbi.nlm.nih.gov/12345/"),
        (Source(pmid="12345", doi="10.1000/x"), "https://doi.org/10.1000/x"),
        (Source(pmid="12345", url="https://journal.example.org/x"), "https://journal.example.org/x"),
        (Source(pmid="12345", url="http://journal.example.org/x"), "https://pubmed.ncbi.nlm.nih.gov/12345/"),
    ],
    ids=["pmid-alone", "doi", "url", "no-https"],
)
def test_a_study_is_looked_up_at_its_doi_else_its_address_else_pubmed(source, url):
    study = replace(PILL, source=source, link="")
    assert f'href="{url}"' in html_of(**with_one(study))
    assert f"[1] {url}\n" in text_of(**with_one(study))


def test_the_slots_are_the_greeting_and_the_two_personal_links():
    variant = rendered()
    for part in (variant.html, variant.text):
        slots = [piece.name for piece in part if isinstance(piece, Slot)]
        assert slots == [SlotName.GREETING, SlotName.UNSUBSCRIBE_URL, SlotName.PREFERENCES_URL]


def test_the_text_keeps_its_columns_and_its_signature_mark():
    lines = text_of().split("\n")
    assert all(len(line) <= 72 or "://" in line for line in lines)
    assert lines.count("-- ") == 1
    assert not any(line != line.rstrip() for line in lines if line != "-- ")


def test_a_text_that_fits_latin_1_is_never_made():
    # R175: such a part is relabelled iso-8859-1 by SendGrid and clipped by Gmail.
    assert any(character > "\xff" for character in text_of(**with_one(replace(PILL, title="Été"))))


def test_the_same_inputs_give_the_same_variants_and_a_changed_word_does_not():
    assert rendered() == rendered()
    assert rendered(replace(ISSUE, preview="Other.")) != rendered()


def test_a_variant_shows_its_own_items_only():
    summaries = SUMMARIES | {"review": replace(REVIEW, audiences=("clinicians",))}
    assert rendered(summaries=summaries).items == PILL_BIT | MOUSE_BIT
    assert rendered(summaries=summaries, audience=1).items == PILL_BIT | REVIEW_BIT | MOUSE_BIT
    assert REVIEW.takeaway not in text_of(summaries=summaries)


def test_the_footer_says_who_how_and_how_to_leave():
    for words in both():
        for said in (
            "One study is one piece of a puzzle.",
            "This is information, not medical advice.",
            "A program picks, an editor decides.",
            "Found a mistake? Write to us.",
            "editors@news.example.org",
            "Nobody pays for what appears here.",
            "12 Example Street, 10115 Exampletown",
            "Unsubscribe",
        ):
            assert said in words


def test_pages_are_linked_once_they_are_configured():
    links = Links(site="https://news.example.org", privacy="https://news.example.org/privacy")
    configured = replace(PUBLICATION, links=links)
    assert "Privacy" not in html_of() + text_of()
    for part in (html_of(publication=configured), text_of(publication=configured)):
        assert "https://news.example.org/privacy" in part
        assert "View this issue" not in part


def test_a_full_copy_has_everything_and_its_personal_links_do_nothing():
    inert, variant = inert_values("https://news.example.org/"), rendered()
    for copy in (join(variant.html, inert), join(variant.text, inert)):
        assert "Hello," in copy
        assert "https://news.example.org/u/example" in copy
        assert "https://news.example.org/p/example" in copy
        assert PILL.takeaway in " ".join(copy.split())


def test_an_issue_without_items_for_an_audience_still_renders():
    nobody = {slug: replace(summary, audiences=("others",)) for slug, summary in SUMMARIES.items()}
    assert rendered(summaries=nobody).items == 0
    assert "In this issue" not in html_of(summaries=nobody)


def test_a_source_without_a_title_says_so():
    bare = replace(PILL, source=Source(journal="Annals of Examples"))
    for words in both(**with_one(bare)):
        assert "Source: title not stated. Annals of Examples." in words


def test_a_logo_is_shown_with_its_words_and_size_and_nothing_else_is_loaded():
    logo = Logo(url="https://news.example.org/a.png?x=1&y=2", alt='"><script>', width=160, height=48)
    tree = html_tree(html_of(publication=replace(PUBLICATION, logo=logo)))
    (image,) = tree.iter("img")
    assert (image.get("src"), image.get("alt")) == (logo.url, logo.alt)
    assert (image.get("width"), image.get("height")) == ("160", "48")
    assert not list(html_tree(html_of()).iter("img", "script"))
