"""An issue that passes the gate, made by a small renderer that can be told to leave things out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Protocol

import pytest
from tests.rendering import samples

from ranvier.checks.proof import Copy, Proof
from ranvier.issue.issue import Issue, Item, Section
from ranvier.rendering.chunks import Chunk, Part, Slot, SlotName, Variant, join
from ranvier.rendering.publication import Audience, Publication
from ranvier.rendering.words import item_label, shown_title
from ranvier.rendering.wrap import wrap
from ranvier.summaries.summary import Evidence, Source, Subjects, Summary
from ranvier.topics.taxonomy import Taxonomy, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLICATION = replace(samples.PUBLICATION, audiences=(Audience(slug="people", label="People"),))
VITAMIN = Summary(
    slug="vitamin-d-trial",
    title="High-dose vitamin D and relapses",
    date=date(2026, 11, 18),
    source=Source(journal="Journal of Examples", title="Vitamin D in early disease", doi="10.1234/abc.56"),
    evidence=Evidence.RANDOMIZED_TRIAL,
    subjects=Subjects.PEOPLE,
    n=303,
    topics=("lifestyle",),
    takeaway="People who took a high dose had about as many relapses as those who took a low one.",
    findings="Researchers followed 303 people for two years and counted relapses in both groups.",
    meaning="People who think about supplements can talk about it with their care team.",
    considerations="The trial was small.\n\nFew people had a severe deficiency at the start.",
)
MICE = Summary(
    slug="cell-repair-in-mice",
    title="A protein helps nerve cells to repair themselves",
    date=date(2026, 11, 19),
    source=Source(),
    evidence=Evidence.ANIMAL,
    topics=("lifestyle",),
    takeaway="In mice, blocking one protein was followed by faster repair of the sheath around nerves.",
    findings="Treated animals walked farther than untreated ones after four weeks of observation.",
    considerations="Results in animals often do not carry over to people.",
)
HEADERS = (
    ("From", "Digest <digest@news.example.org>"),
    ("To", "ann@example.org"),
    ("Subject", "Research Digest"),
    ("Date", "Mon, 23 Nov 2026 09:00:00 +0100"),
    ("Message-ID", "<a@news.example.org>"),
    ("MIME-Version", "1.0"),
    ("List-Id", "<digest.news.example.org>"),
    ("List-Unsubscribe", "<https://news.example.org/u/example>, <mailto:leave@news.example.org>"),
    ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
)
EVERYTHING = ("title", "label", "takeaway", "findings", "considerations", "source")
FOOTER = ("how_to_read", "not_advice", "how_made", "publisher", "postal_address", "contact")


class Build(Protocol):
    """Makes a proof. `parts` are what each item shows, in order; the rest bends the frame."""

    def __call__(
        self,
        *summaries: Summary,
        parts: tuple[str, ...] = ...,
        html_parts: tuple[str, ...] | None = ...,
        footer: tuple[str, ...] = ...,
        slots: tuple[SlotName, ...] = ...,
        first: str = ...,
        style: str = ...,
        extra: str = ...,
        preview: str = ...,
        subject: str = ...,
    ) -> Proof: ...


@pytest.fixture
def publication() -> Publication:
    return PUBLICATION


@pytest.fixture
def vitamin() -> Summary:
    return VITAMIN


@pytest.fixture
def mice() -> Summary:
    return MICE


@pytest.fixture
def build() -> Build:
    return _build


def _build(
    *summaries: Summary,
    parts: tuple[str, ...] = EVERYTHING,
    html_parts: tuple[str, ...] | None = None,
    footer: tuple[str, ...] = FOOTER,
    slots: tuple[SlotName, ...] = (SlotName.UNSUBSCRIBE_URL, SlotName.PREFERENCES_URL),
    first: str = PUBLICATION.disclosures.issue_label,
    style: str = "",
    extra: str = "",
    preview: str = "AI-written summaries of new studies",
    subject: str = "Research Digest, 23 November 2026",
) -> Proof:
    chosen = summaries or (VITAMIN, MICE)
    frame = _Frame(first=f"{first} {preview}", footer=footer, slots=slots, style=style, extra=extra)
    variant = Variant(
        audience="people",
        items=(1 << len(chosen)) - 1,
        html=frame.html([_html_item(summary, html_parts or parts) for summary in chosen]),
        text=frame.text([_text_item(summary, parts) for summary in chosen]),
    )
    inert = dict.fromkeys(SlotName, "https://news.example.org/u/example")
    return Proof(
        issue=Issue(
            edition="weekly",
            date=date(2026, 11, 23),
            subject=subject,
            preview=preview,
            sections=(Section(topic="lifestyle", items=tuple(Item(slug=one.slug) for one in chosen)),),
        ),
        where="digests/weekly/2026-11-23/issue.md",
        summaries={summary.slug: summary for summary in chosen},
        publication=PUBLICATION,
        taxonomy=Taxonomy((Topic(slug="lifestyle", label="Lifestyle", order=1),)),
        topics={summary.slug: summary.topics for summary in chosen},
        variants=(variant,),
        copies={
            "people": Copy(
                html=join(variant.html, inert).encode(),
                text=join(variant.text, inert).replace("\n", "\r\n").encode(),
                headers=HEADERS,
            )
        },
        quarantined={},
    )


def _pieces(summary: Summary, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    words = PUBLICATION.words
    source = summary.source
    values = {
        "title": shown_title(summary, words),
        "label": " · ".join(item_label(summary, PUBLICATION.disclosures, words)),
        "takeaway": summary.takeaway,
        "findings": summary.findings,
        "considerations": summary.considerations,
        "source": f"Source: {source.title}. {source.journal}. {source.doi}"
        if source.journal
        else words["source-not-stated"],
    }
    return ((part, values[part]) for part in parts)


def _html_item(summary: Summary, parts: tuple[str, ...]) -> str:
    tags = {"title": "h2"}
    ascii_text = {
        part: escape(text).encode("ascii", "xmlcharrefreplace").decode()
        for part, text in _pieces(summary, parts)
    }
    return "".join(
        f'<{tags.get(part, "p")} class="{part}">{text}</{tags.get(part, "p")}>\n'
        for part, text in ascii_text.items()
    )


def _text_item(summary: Summary, parts: tuple[str, ...]) -> str:
    return "\n".join(text.replace(" ", "\n  ") for _, text in _pieces(summary, parts)) + "\n"


@dataclass(frozen=True)
class _Frame:
    first: str
    footer: tuple[str, ...]
    slots: tuple[SlotName, ...]
    style: str
    extra: str

    def html(self, items: list[str]) -> Part:
        head = (
            '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Digest</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<style>{self.style}</style></head><body><div lang="en" dir="ltr">'
        )
        title = "<h1>Digest &#8212; November</h1>"
        links: list[Chunk | Slot] = []
        for slot in self.slots:
            links += (Chunk('<a href="'), Slot(slot), Chunk(f'">{slot.replace("-", " ")}</a>\n'))
        return (
            Chunk(f"{head}\n<p>{self.first}</p>\n{title}\n{self.extra}"),
            *(Chunk(item, 1 << bit) for bit, item in enumerate(items)),
            Chunk("".join(f"<p>{text}</p>\n" for text in self._foot())),
            *links,
            Chunk("</div></body></html>\n"),
        )

    def text(self, items: list[str]) -> Part:
        links: list[Chunk | Slot] = []
        for slot in self.slots:
            links += (Chunk(f"{slot.replace('-', ' ')}:\n"), Slot(slot), Chunk("\n"))
        return (
            Chunk(f"{wrap(self.first)}\n\nDigest — November\n\n"),
            *(Chunk(item, 1 << bit) for bit, item in enumerate(items)),
            Chunk("\n".join(map(wrap, self._foot())) + "\n"),
            *links,
        )

    def _foot(self) -> list[str]:
        said = PUBLICATION.disclosures
        return [
            getattr(said, name) if hasattr(said, name) else getattr(PUBLICATION, name) for name in self.footer
        ]


class Change(Protocol):
    """The proof with `old` as `new` in one part, in its chunks and in its final bytes."""

    def __call__(self, proof: Proof, kind: str, old: str, new: str) -> Proof: ...


@pytest.fixture
def change() -> Change:
    return _change


def _change(proof: Proof, kind: str, old: str, new: str) -> Proof:
    variant, copy = proof.variants[0], proof.copies["people"]
    part: Part = tuple(
        replace(piece, text=piece.text.replace(old, new)) if isinstance(piece, Chunk) else piece
        for piece in getattr(variant, kind)
    )
    final = getattr(copy, kind).replace(old.encode(), new.encode())
    assert part != getattr(variant, kind)
    assert final != getattr(copy, kind)
    return replace(
        proof,
        variants=(replace(variant, html=part) if kind == "html" else replace(variant, text=part),),
        copies={"people": replace(copy, html=final) if kind == "html" else replace(copy, text=final)},
    )
