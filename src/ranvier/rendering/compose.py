"""An issue, its summaries and the publication's words become what one audience's templates place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ranvier.rendering.choose import Choice, choose
from ranvier.rendering.links import https_url, source_url
from ranvier.rendering.markdown import editors_text
from ranvier.rendering.meaning import for_audience
from ranvier.rendering.prose import excerpt, paragraphs, shorten
from ranvier.rendering.view import DigestView, ItemView, Link, Rating, SectionView, SourceView
from ranvier.rendering.words import item_label, long_date, shown_title
from ranvier.summaries.links import doi
from ranvier.summaries.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ranvier.issue.issue import Issue
    from ranvier.rendering.publication import Audience, Publication
    from ranvier.summaries.summary import Source, Summary
    from ranvier.topics.taxonomy import Taxonomy

CONTENTS_LIMIT = 120
"""Characters of a title in the contents list and in the words of a link."""
SOURCE_LIMIT = 300
FINDINGS_WORDS = 110
"""Words of an excerpt. Takeaway and important considerations are never cut (promise 6)."""


def compose(
    issue: Issue,
    summaries: Mapping[str, Summary],
    publication: Publication,
    taxonomy: Taxonomy,
    *,
    audience: Audience,
) -> DigestView:
    """The mail for one audience; `summaries` has every item of the issue."""
    words = publication.words
    said = publication.disclosures
    sections = choose(issue, summaries, audience)
    names = _names(sections, words)
    return DigestView(
        language=publication.language,
        direction=publication.direction,
        first_line=_first_line(said.issue_label, issue.preview),
        name=one_line(publication.name),
        tagline=one_line(publication.tagline),
        logo=publication.logo,
        date=long_date(issue.date, words),
        note=editors_text(issue.note, headings="h3"),
        compact=audience.compact,
        meaning_heading=audience.meaning_heading,
        sections=tuple(_section(section, names, publication, taxonomy, audience) for section in sections),
        how_to_read=paragraphs(said.how_to_read),
        not_advice=paragraphs(said.not_advice),
        how_made=paragraphs(said.how_made),
        corrections=paragraphs(said.corrections),
        contact=publication.contact,
        publisher=one_line(publication.publisher),
        postal_address=one_line(publication.postal_address),
        pages=_pages(publication, issue, audience),
        words=words,
    )


def _first_line(label: str, preview: str) -> str:
    """The AI label is what an inbox shows first (R216); a preview line that begins with it is enough."""
    label, preview = one_line(label), one_line(preview)
    return preview if preview.startswith(label) else f"{label} {preview}".strip()


def _names(sections: tuple[tuple[Choice, ...], ...], words: Mapping[str, str]) -> dict[int, str]:
    """Titles for the contents list and for links, by place; two of the same also say journal and year."""
    choices = [choice for section in sections for choice in section]
    titles = {choice.index: shown_title(choice.summary, words, limit=CONTENTS_LIMIT) for choice in choices}
    times = Counter(titles.values())
    return {
        choice.index: title if times[title] == 1 else f"{title} ({_journal(choice.summary.source, words)})"
        for choice, title in zip(choices, titles.values(), strict=True)
    }


def _section(
    choices: tuple[Choice, ...],
    names: Mapping[int, str],
    publication: Publication,
    taxonomy: Taxonomy,
    audience: Audience,
) -> SectionView:
    items = tuple(_item(choice, names[choice.index], publication, audience) for choice in choices)
    return SectionView(
        mask=sum(item.mask for item in items),
        label=one_line(taxonomy.label(choices[0].topic)),
        items=items,
    )


def _item(choice: Choice, name: str, publication: Publication, audience: Audience) -> ItemView:
    summary, words = choice.summary, publication.words
    is_source_first = audience.compact and bool(source_url(summary.source))
    remark = editors_text(choice.item.remark, headings="p", first=2 if is_source_first else 1)
    source = _source(summary.source, name, words, number=1 if is_source_first else 1 + len(remark.links))
    return ItemView(
        mask=1 << choice.index,
        title=shown_title(summary, words),
        contents_title=name,
        label=item_label(summary, publication.disclosures, words),
        ratings=_ratings(summary, publication),
        takeaway=paragraphs(summary.takeaway),
        findings=excerpt(summary.findings, words=FINDINGS_WORDS),
        meaning=for_audience(summary.meaning, audience, _others(audience, publication)),
        considerations=paragraphs(summary.considerations),
        remark=remark,
        shortened="",
        source=source,
        summary_link=_summary_link(
            summary.link, name, words, number=1 + len(remark.links) + bool(source.link)
        ),
    )


def _others(audience: Audience, publication: Publication) -> list[Audience]:
    return [other for other in publication.audiences if other.slug != audience.slug]


def _ratings(summary: Summary, publication: Publication) -> tuple[Rating, ...]:
    words = publication.words
    scores = (("credibility", summary.credibility), ("interest", summary.interest))
    return tuple(
        Rating(
            name=words[name],
            words=publication.disclosures.not_stated
            if score is None
            else words["of-five"].replace("{value}", str(score)),
            score=score,
        )
        for name, score in scores
    )


def _source(source: Source, name: str, words: Mapping[str, str], *, number: int) -> SourceView:
    url = source_url(source)
    if not (url or source.title or source.journal or source.pmid):
        return SourceView(heading=words["source-not-stated"], title="", details="", link=None)
    stand_in = words["paper-behind"].replace("{title}", name) if url else words["title-not-stated"]
    title = shorten(one_line(source.title), SOURCE_LIMIT) or stand_in
    return SourceView(
        heading=words["source"],
        title=title,
        details=_source_details(source, words),
        link=Link(number=number, words=title, url=url) if url else None,
    )


def _source_details(source: Source, words: Mapping[str, str]) -> str:
    """Authors. Journal, year. DOI and PMID."""
    sentences = (
        shorten(one_line(source.authors), SOURCE_LIMIT),
        _journal(source, words),
        f"DOI {doi(source.doi)}" if doi(source.doi) else "",
        f"PMID {one_line(source.pmid)}" if source.pmid else "",
    )
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences if sentence)


def _journal(source: Source, words: Mapping[str, str]) -> str:
    journal = one_line(source.journal) or words["journal-not-stated"]
    return f"{journal}, {source.year}" if source.year else journal


def _summary_link(address: str, name: str, words: Mapping[str, str], *, number: int) -> Link | None:
    url = https_url(address)
    return (
        Link(number=number, words=words["whole-summary"].replace("{title}", name), url=url) if url else None
    )


def _pages(publication: Publication, issue: Issue, audience: Audience) -> tuple[Link, ...]:
    """The publication's own pages that are configured; an address that is missing is not shown."""
    links, words = publication.links, publication.words
    number = [one.slug for one in publication.audiences].index(audience.slug) + 1
    view = links.view.replace("{issue}", issue.id).replace("{audience}", str(number))
    pages = (
        ("view", view),
        ("privacy", links.privacy),
        ("imprint", links.imprint),
        ("contact-page", links.contact),
    )
    shown = [(words[name], https_url(url)) for name, url in pages if https_url(url)]
    return tuple(Link(number=n, words=said, url=url) for n, (said, url) in enumerate(shown, start=1))
