"""What the real templates make of real summaries passes the gate, on the bytes that would leave."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from ranvier.checks.finding import Severity
from ranvier.checks.gate import run_checks
from ranvier.checks.proof import Copy
from ranvier.errors import NotFoundError
from ranvier.files import write_whole
from ranvier.issue.file import write_issue
from ranvier.issue.issue import Item, Section
from ranvier.message.headers import header_part
from ranvier.message.identity import slot_values
from ranvier.message.readback import read_back
from ranvier.message.sender import Sender
from ranvier.message.template import boundary, for_items, message_template, splice
from ranvier.pipeline.building import build as build_issue
from ranvier.rendering.publication import Audience
from ranvier.rendering.render import render
from ranvier.rendering.templates import load_templates
from ranvier.summaries.reading import read
from ranvier.tokens import Secrets

if TYPE_CHECKING:
    from ranvier.checks.finding import Finding
    from ranvier.checks.proof import Proof

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "summaries"
TEMPLATES = ROOT / "templates"
SENDER = Sender(name="Digest", address="d@news.example.org", list_id="digest.news.example.org")
CAUTIONS = """{% for paragraph in item.considerations %}
<p dir="auto">{{ paragraph }}</p>
{% endfor %}"""
AUDIENCES = (Audience(slug="people", label="People"), Audience(slug="clinicians", label="C", compact=True))


def rendered(proof: Proof, templates: Path = TEMPLATES) -> Proof:
    """The proof with real variants, and with copies read back from the wire."""
    publication = replace(proof.publication, audiences=AUDIENCES)
    variants = render(
        proof.issue, proof.summaries, publication, proof.taxonomy, templates=load_templates(templates)
    )
    header = header_part(proof.issue.id, proof.issue.subject, publication, SENDER)
    values = slot_values(
        Secrets((b"test",)),
        issue_id=proof.issue.id,
        subscriber_id=1,
        address="ann@example.org",
        greeting="Hello,",
        site=publication.links.site,
        domain=SENDER.domain,
        date="Mon, 23 Nov 2026 09:00:00 +0100",
    )
    copies = {}
    for variant in variants:
        template = message_template(variant, header=header, boundary=boundary("ab" * 32))
        arrived = read_back(splice(for_items(template, -1), values))
        copies[variant.audience] = Copy(html=arrived.html, text=arrived.text, headers=arrived.headers)
    return replace(proof, publication=publication, variants=variants, copies=copies)


def errors(proof: Proof) -> list[Finding]:
    return [finding for finding in run_checks(proof) if finding.severity is Severity.ERROR]


def test_the_projects_own_templates_pass(build):
    assert errors(rendered(build())) == []


@pytest.mark.parametrize(
    ("template", "line", "code"),
    [
        ("item.txt.j2", "{{ item.considerations | prose }}", "no-considerations"),
        ("item.mjml.j2", CAUTIONS, "no-considerations"),
        ("item.txt.j2", '{{ item.label | join(" · ") | wrap }}', "no-label"),
        ("item.mjml.j2", "&#183; {{ part }}", "no-evidence"),
        ("item.txt.j2", '{% include "source.txt.j2" %}', "no-source"),
        ("item.mjml.j2", '{% include "source.mjml.j2" %}', "no-source"),
        ("footer.txt.j2", '{{ slot("unsubscribe-url") }}', "no-unsubscribe"),
        ("footer.mjml.j2", "<p>{{ view.postal_address }}</p>", "no-postal-address"),
        ("digest.txt.j2", "{{ view.first_line | wrap }}", "no-issue-label"),
        ("digest.mjml.j2", '<p class="first">{{ view.first_line }}</p>', "no-issue-label"),
    ],
)
def test_a_template_that_loses_a_line_cannot_be_sent(build, tmp_path, template, line, code):
    templates = copytree(TEMPLATES, tmp_path / "templates")
    whole = (templates / template).read_text()
    assert line in whole
    (templates / template).write_text(whole.replace(line, ""))
    found = errors(rendered(build(), templates))
    assert code in {finding.code for finding in found}
    kind = "text" if template.endswith(".txt.j2") else "html"
    assert {finding.where.rpartition(", ")[2] for finding in found} == {kind}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared is only beside the project where it is built")
def test_every_sample_summary_that_can_be_mailed_passes(build):
    readings = [
        reading for path in sorted(CORPUS.glob("*.md")) for reading in read(path.read_bytes(), name=path.name)
    ]
    # Audience and date are an editor's choice; everything else is as the sample has it.
    day = build().issue.date.replace(day=1)
    summaries = {
        reading.summary.slug: replace(reading.summary, audiences=(), date=day)
        for reading in readings
        if reading.quarantine is None
    }
    assert len(summaries) > 30
    slugs = tuple(summaries)
    for start in range(0, len(slugs), 8):
        items = tuple(Item(slug=slug) for slug in slugs[start : start + 8])
        proof = build()
        issue = replace(proof.issue, sections=(Section(topic="lifestyle", items=items),))
        found = errors(rendered(replace(proof, issue=issue, summaries=summaries)))
        assert [finding for finding in found if finding.code != "same-work"] == []


def test_an_issue_with_an_item_that_the_library_lacks_never_reaches_the_gate(build, vitamin, workspace):
    issue = replace(
        build(vitamin).issue, sections=(Section(topic="symptoms-daily-life", items=(Item(slug="nowhere"),)),)
    )
    write_whole(workspace.issue_file(issue.id), write_issue(issue, workspace.taxonomy).encode())
    with pytest.raises(NotFoundError, match=r'issue\.md:\d+: "nowhere" is not in the library'):
        build_issue(workspace, issue.id)
