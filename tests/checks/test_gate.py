"""The gate as a whole: good issues pass, and nothing that a reader needs can be lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checks.conftest import _build

from ranvier.checks.finding import Severity
from ranvier.checks.gate import run_checks
from ranvier.checks.proof import Copy
from ranvier.rendering.chunks import Chunk, SlotName, Variant
from ranvier.summaries.summary import Review, Source

if TYPE_CHECKING:
    from ranvier.checks.proof import Proof

EVERYTHING = ("title", "label", "takeaway", "findings", "considerations", "source")


def errors(proof: Proof) -> set[str]:
    return {finding.code for finding in run_checks(proof) if finding.severity is Severity.ERROR}


def warnings(proof: Proof) -> set[tuple[str, str]]:
    return {
        (finding.code, finding.where) for finding in run_checks(proof) if finding.severity is Severity.WARNING
    }


def test_a_complete_issue_passes_with_warnings_only(build):
    proof = build()
    assert errors(proof) == set()
    assert {code for code, _ in warnings(proof)} == {"not-reviewed", "source-not-stated"}


def test_findings_come_in_the_same_order_each_time_and_errors_first(build, vitamin):
    proof = build(replace(vitamin, date=None), parts=("title", "takeaway"))
    findings = run_checks(proof)
    assert findings == run_checks(proof)
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=lambda severity: severity is Severity.WARNING)
    assert len(findings) == len(set(findings))


@pytest.mark.parametrize(
    ("dropped", "code"),
    [
        ("title", "no-title"),
        ("label", "no-label"),
        ("considerations", "no-considerations"),
        ("source", "no-source"),
    ],
)
@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_template_that_drops_a_caveat_is_caught(build, dropped, code, kind):
    kept = tuple(part for part in EVERYTHING if part != dropped)
    parts = {"html_parts": kept} if kind == "html" else {"parts": kept, "html_parts": EVERYTHING}
    found = [finding for finding in run_checks(build(**parts)) if finding.severity is Severity.ERROR]
    assert code in {finding.code for finding in found}
    assert {finding.where for finding in found} == {f"people, {kind}"}


def test_a_label_after_the_first_sentence_of_ai_is_caught(build):
    late = ("title", "takeaway", "label", "findings", "considerations", "source")
    assert errors(build(parts=late)) == {"label-order"}


def test_a_takeaway_that_repeats_the_title_is_no_false_alarm(build, vitamin):
    same = replace(vitamin, title=vitamin.takeaway)
    assert errors(build(same)) == set()


def test_a_caveat_that_stands_only_with_a_neighbour_is_caught(build, vitamin, mice):
    proof = build(vitamin, mice)
    variant = proof.variants[0]
    moved = tuple(
        Chunk(piece.text, 0b11) if isinstance(piece, Chunk) and piece.items == 0b01 else piece
        for piece in variant.html
    )
    swapped = tuple(
        Chunk(piece.text, 0b01) if isinstance(piece, Chunk) and piece.items == 0b10 else piece
        for piece in moved
    )
    proof = replace(proof, variants=(replace(variant, html=swapped),))
    assert {"no-considerations", "no-title"} <= errors(proof)


@pytest.mark.parametrize(
    "hiding",
    [
        *(
            "display:none",
            "DISPLAY : none",
            "visibility:hidden",
            "font-size:0px",
            "opacity:0",
            "max-height:0",
        ),
        *(
            "opacity:.05",
            "opacity:5%",
            "transform:scale(0)",
            "filter:blur(9px)",
            "unicode-bidi:bidi-override",
        ),
        *("-webkit-text-fill-color:#fff", "position:fixed;top:-99px", "clip-path:inset(50%)"),
        'color:red" aria-hidden="true',
    ],
)
def test_a_caveat_that_a_style_hides_counts_as_dropped(build, hiding):
    proof = build()
    variant = proof.variants[0]
    html = tuple(
        Chunk(piece.text.replace('<p class="considerations">', f'<p style="{hiding}">'), piece.items)
        if isinstance(piece, Chunk)
        else piece
        for piece in variant.html
    )
    assert "no-considerations" in errors(replace(proof, variants=(replace(variant, html=html),)))


@pytest.mark.parametrize(
    "rule",
    [
        "display: none",
        "position: absolute; left: -9999px",
        "text-indent: -100em",
        "clip: rect(0 0 0 0)",
        "height: 0; overflow: hidden",
        "overflow: hidden; max-width: 9px; height: 0px",
    ],
)
def test_a_style_sheet_that_hides_text_is_caught(build, rule):
    assert errors(build(style=f".considerations {{ {rule} }}")) == {"hidden-text"}


@pytest.mark.parametrize(
    ("size", "codes"),
    [
        ("13px", {"small-text"}),
        ("3px", {"small-text"}),
        ("0.1em", {"small-text"}),
        ("xx-small", {"small-text"}),
        ("14px", set()),
    ],
)
def test_a_text_that_is_too_small_to_read_is_caught(build, size, codes):
    assert errors(build(style=f".considerations {{ font-size: {size} }}")) == codes
    assert errors(build(extra=f'<p style="font-size:{size}">x</p>')) == codes


@pytest.mark.parametrize("rule", ["height: 0.5em; overflow: hidden", "line-height: 0; overflow: hidden"])
def test_a_style_sheet_that_hides_nothing_passes(build, rule):
    assert errors(build(style=f".considerations {{ {rule} }}")) == set()


HIDES = ".considerations { color: #fdfdfd }"


@pytest.mark.parametrize(
    ("style", "codes"),
    [
        (HIDES, {"low-contrast"}),
        (f"@media (prefers-color-scheme: dark) {{ {HIDES} }}", {"low-contrast"}),
        (f"@media (prefers-color-scheme:light) {{ {HIDES} }}", {"low-contrast"}),
        (f"@media (max-width: 480px) {{ {HIDES} }}", {"low-contrast"}),
        (f"{HIDES} p.considerations {{ color: #222222 }}", set()),
        (f"p.considerations {{ color: #222222 }} {HIDES}", set()),
        (f"p.considerations {{ color: #222222 }} {HIDES.replace(' }', ' !important }')}", {"low-contrast"}),
        (f"@media print {{ {HIDES} }}", set()),
        (f"[data-ogsc] {HIDES}", {"low-contrast"}),
        (f"::before, {HIDES}", set()),
    ],
)
def test_a_caveat_in_the_colour_of_its_ground_is_caught(build, style, codes):
    assert errors(build(style=style)) == codes


@given(
    st.text("{}:;#abc019(),.-<>/\"' =&\\@!*[]\n", max_size=60),
    st.text("#0123456789abcdefrgb(),% -", max_size=12),
)
@settings(max_examples=150, deadline=None)
def test_no_html_and_no_style_breaks_the_gate(noise, colour):
    extra = f'<p style="color:{colour};background:{noise}">x</p><a href="{noise}">{noise}</a>{noise}'
    for finding in run_checks(_build(extra=extra, style=noise)):
        assert finding.code


def test_zero_sized_cells_with_sized_text_inside_are_visible(build):
    proof = build(extra='<div style="font-size:0px"><p style="font-size:16px">Seen</p></div>')
    assert errors(proof) == set()


def test_a_comment_is_not_visible_text(build):
    proof = build()
    variant = proof.variants[0]
    html = tuple(
        Chunk(
            piece.text.replace('<p class="considerations">', "<!--").replace(
                '</p>\n<p class="source">', '-->\n<p class="source">'
            ),
            piece.items,
        )
        if isinstance(piece, Chunk)
        else piece
        for piece in variant.html
    )
    assert "no-considerations" in errors(replace(proof, variants=(replace(variant, html=html),)))


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("how_to_read", "no-how-to-read"),
        ("not_advice", "no-advice-notice"),
        ("how_made", "no-how-made"),
        ("publisher", "no-publisher"),
        ("postal_address", "no-postal-address"),
        ("contact", "no-contact"),
    ],
)
def test_a_missing_notice_is_caught(build, missing, code):
    footer = ("how_to_read", "not_advice", "how_made", "publisher", "postal_address", "contact")
    assert errors(build(footer=tuple(name for name in footer if name != missing))) == {code}


@pytest.mark.parametrize(
    ("slot", "code"),
    [(SlotName.PREFERENCES_URL, "no-unsubscribe"), (SlotName.UNSUBSCRIBE_URL, "no-preferences")],
)
def test_a_missing_personal_link_is_caught_in_both_parts(build, slot, code):
    found = {(finding.code, finding.where) for finding in run_checks(build(slots=(slot,)))}
    assert {(code, "people, html"), (code, "people, text")} <= found


def test_the_issue_label_must_be_the_first_thing_seen(build):
    assert errors(build(first="Good morning.")) == {"no-issue-label"}


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("<script>1</script>", "active-content"),
        ("<form></form>", "active-content"),
        ("<details><summary>More</summary><p>caveat</p></details>", "active-content"),
        ('<font color="#ffffff">caveat</font>', "active-content"),
        ('<iframe src="https://e.org"></iframe>', "active-content"),
        ('<p onclick="x()">a</p>', "active-content"),
        ('<a href="javascript:x()">a</a>', "unsafe-link"),
        ('<a href=" JavaScript:x()">a</a>', "unsafe-link"),
        ('<a href="data:text/html,x">a</a>', "unsafe-link"),
        ('<img src="https://e.org/pixel.gif" alt="">', "remote-content"),
        ('<table background="https://e.org/a.png"></table>', "remote-content"),
        ('<p style="background:url(https://e.org/a.png)">a</p>', "remote-content"),
        ("<p>caf\u00e9</p>", "not-ascii"),
        (f"<p>{'long ' * 20_000}</p>", "too-long"),
    ],
    ids=lambda value: value[:24],
)
def test_html_that_runs_loads_tracks_or_is_clipped_is_caught(build, extra, code):
    assert code in errors(build(extra=extra))


def test_a_text_part_that_fits_latin_1_is_a_warning(build):
    proof = build()
    text = tuple(
        Chunk(piece.text.replace("—", "-"), piece.items) if isinstance(piece, Chunk) else piece
        for piece in proof.variants[0].text
    )
    narrow = replace(proof, variants=(replace(proof.variants[0], text=text),))
    assert ("latin-1", "people, text") in warnings(narrow)
    assert ("latin-1", "people, text") not in warnings(proof)


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        (" ", "no-subject"),
        ("x" * 151, "long-subject"),
        ("News\r\nBcc: a@example.org", "subject-control"),
        ("ALL THE NEWS TODAY", "subject-shouts"),
        ("Re: your question", "subject-reply"),
    ],
    ids=["empty", "long", "line-break", "capitals", "reply"],
)
def test_a_subject_that_filters_punish_is_caught(build, subject, code):
    assert errors(build(subject=subject)) == {code}


@pytest.mark.parametrize("subject", ["MS", "MS and MRI: what is new", "x" * 150, "多発性硬化症の研究"])
def test_an_ordinary_subject_passes(build, subject):
    assert errors(build(subject=subject)) == set()


@pytest.mark.parametrize(
    ("preview", "code"), [("", "no-preview"), ("Five studies; the air is clear", "preview-label")]
)
def test_a_preview_line_must_name_ai(build, preview, code):
    assert errors(build(preview=preview)) == {code}


@pytest.mark.parametrize("preview", ["Written by AI: five studies", "AI-written", "KI-Texte über Studien"])
def test_a_preview_line_that_names_ai_passes(build, preview):
    assert "preview-label" not in errors(build(preview=preview))


def test_dates_are_held_against_the_closing_day(build, vitamin):
    assert errors(build(replace(vitamin, date=date(2026, 11, 22)))) == set()
    assert errors(build(replace(vitamin, date=date(2026, 11, 23)))) == {"future-dated"}
    assert errors(build(replace(vitamin, date=None))) == {"undated"}


def test_an_item_that_must_not_be_mailed_is_caught(build, vitamin):
    assert errors(replace(build(vitamin), quarantined={vitamin.slug: "no caveat"})) == {"quarantined"}


def test_two_summaries_of_one_study_are_caught(build, vitamin):
    assert errors(build(vitamin, replace(vitamin, slug="vitamin-d-again"))) == {"same-work"}


def test_an_issue_without_items_is_caught(build):
    proof = build()
    empty = replace(proof.issue, sections=())
    assert "empty" in errors(replace(proof, issue=empty))


def test_a_rejected_review_stops_the_item_and_a_complete_one_is_no_finding(build, vitamin):
    examined = Review(by="R. Example", role="neurologist", date="2026-11-20", decision="approve")
    assert warnings(build(replace(vitamin, review=examined))) == set()
    refused = replace(vitamin, review=replace(examined, decision="rejected"))
    assert errors(build(refused)) == {"review-rejected"}


def test_warnings_name_the_item(build, vitamin):
    bare = replace(vitamin, topics=("other",), source=Source(), title="A breakthrough for vitamin D")
    assert warnings(build(bare)) == {
        (code, vitamin.slug) for code in ("unclassified", "not-reviewed", "source-not-stated", "overclaim")
    }


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (Source(journal="Journal of Examples"), "source-unlinked"),
        (Source(title="A study", url="http://journal.example.org/x"), "source-unlinked"),
        (Source(title="A study", doi="see the journal"), "source-unlinked"),
        (Source(journal="Journal of Examples", pmid="12345"), None),
        (Source(journal="Journal of Examples", url="https://journal.example.org/x"), None),
        (Source(), "source-not-stated"),
    ],
    ids=["journal", "no-https", "no-doi", "pmid", "url", "nothing"],
)
def test_a_study_that_nobody_can_look_up_is_a_warning(build, vitamin, source, code):
    found = {code for code, _ in warnings(build(replace(vitamin, source=source)))}
    assert found - {"not-reviewed"} == ({code} if code else set())


def test_an_item_that_nobody_is_shown_is_a_warning(build, vitamin, mice):
    proof = build(vitamin, mice)
    only_first = replace(proof.variants[0], items=0b01)
    assert ("not-shown", mice.slug) in warnings(replace(proof, variants=(only_first,)))


@pytest.mark.parametrize("kind", ["html", "text"])
def test_final_bytes_that_are_not_the_rendered_chunks_are_caught(build, kind):
    proof = build()
    copy = proof.copies["people"]
    changed = replace(copy, **{kind: getattr(copy, kind).replace(b"small", b"huge")})
    assert "not-as-rendered" in errors(replace(proof, copies={"people": changed}))


def test_a_variant_without_final_bytes_is_caught(build):
    assert "not-as-rendered" in errors(replace(build(), copies={}))


def test_text_that_a_slot_could_swallow_is_not_taken_for_its_value(build):
    proof = build()
    copy = proof.copies["people"]
    swallowed = Copy(html=copy.html, text=copy.text + b"\r\nand more\r\n")
    assert "not-as-rendered" in errors(replace(proof, copies={"people": swallowed}))


def test_empty_parts_are_findings_and_no_crash(build):
    proof = build()
    blank = Variant(audience="people", items=0b11, html=(), text=())
    assert errors(replace(proof, variants=(blank,), copies={"people": Copy(html=b"", text=b"")}))


def test_an_empty_label_in_the_settings_is_caught(build, publication):
    silent = replace(publication, disclosures=replace(publication.disclosures, item_label=" "))
    assert "no-label" in errors(replace(build(), publication=silent))


@pytest.mark.parametrize("key", ["issue_label", "item_label"])
def test_a_label_that_does_not_say_ai_is_caught(build, publication, key):
    silent = replace(publication, disclosures=replace(publication.disclosures, **{key: "Welcome"}))
    assert "label-without-ai" in errors(replace(build(), publication=silent))


def test_an_editors_link_that_is_left_out_is_said(build):
    proof = build()
    noted = replace(proof.issue, note="See [us](http://a.example), [them](https://b.example).")
    said = [one for one in run_checks(replace(proof, issue=noted)) if one.code == "link-left-out"]
    assert ["http://a.example" in one.message for one in said] == [True]


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x07"], ids=["override", "isolate", "bell"])
def test_a_subject_with_a_mark_that_nobody_sees_is_caught(build, mark):
    proof = build()
    assert "subject-control" in errors(
        replace(proof, issue=replace(proof.issue, subject=f"News {mark}today"))
    )


def test_an_audience_without_items_is_said(build):
    proof = build()
    both = (*proof.variants, replace(proof.variants[0], audience="others", items=0))
    said = [one for one in run_checks(replace(proof, variants=both)) if one.code == "nothing-for-audience"]
    assert [one.where for one in said] == ["others"]
