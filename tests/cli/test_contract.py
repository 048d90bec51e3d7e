"""Commands, JSON fields and exit codes as the design promises them to scripts."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import ISSUE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ranvier

ACCOUNT = {
    "issue",
    "state",
    "audience",
    "pending",
    "sending",
    "accepted",
    "rejected",
    "deferred",
    "uncertain",
    "excluded",
}


def total(account: dict[str, object]) -> object:
    counts = ("pending", "sending", "accepted", "rejected", "deferred", "uncertain")
    return sum(account[name] for name in counts) + sum(account["excluded"].values())  # type: ignore[attr-defined,misc]  # json


def test_the_whole_way_in_json(ranvier: Ranvier) -> None:
    ingested = ranvier("ingest", "--json").json
    assert (ingested["added"], ingested["updated"], ingested["unchanged"]) == (23, 0, 0)
    assert [(held["slug"], held["reason"]) for held in ingested["quarantined"]] == [
        ("ravulizumab-no-relapses-in-nmosd-trial", "no-caveat")
    ]
    people = ranvier("--json", "subscribers", "import", str(ranvier.folder / "subscribers/readers.csv")).json
    assert (people["rows"], people["added"], people["rejected"]) == (120, 120, [])
    drafted = ranvier("draft", "weekly", "--date", "2026-11-23", "--json").json
    assert drafted["issue"] == ISSUE
    assert drafted["path"] == f"digests/{ISSUE}/issue.md"
    assert sum(len(section["items"]) for section in drafted["sections"]) == 12
    reasons = {left["slug"]: left["reason"] for left in drafted["excluded"]}
    assert reasons["neural-stem-cells-phase-one"] == "undated"
    assert reasons["gut-bacteria-from-ms-twins"] == "future-dated"
    assert reasons["ravulizumab-no-relapses-in-nmosd-trial"] == "quarantined"
    built = ranvier("build", ISSUE, "--json").json
    assert {variant["audience"] for variant in built["variants"]} == {
        "people-with-ms",
        "caregivers",
        "clinicians",
    }
    for variant in built["variants"]:
        assert len((ranvier.folder / variant["html"]).read_bytes()) == variant["html_bytes"] <= 90_000
        assert (ranvier.folder / variant["text"]).exists()
    checked = ranvier("check", ISSUE, "--json").json
    assert checked["ok"] is True
    assert {"code", "severity", "message", "where"} == set(checked["findings"][0])
    approved = ranvier("approve", ISSUE, "--by", "Ann", "--json").json
    assert approved["fingerprint"] == built["fingerprint"]
    assert approved["approved_at"] == "2026-11-23T07:00:00+01:00"
    sent = ranvier("send", ISSUE, "--json").json
    assert set(sent) == ACCOUNT
    assert (sent["state"], sent["accepted"] > 50) == ("sent", True)
    assert total(sent) == sent["audience"]
    assert ranvier("status", ISSUE, "--json").json == sent
    verified = ranvier("verify", ISSUE, "--json").json
    assert verified.items() >= {**sent, "balanced": True}.items()
    assert ranvier("status", "--json").json == [sent]
    assert len(list((ranvier.folder / "digests/outbox/new").glob("*.eml"))) == sent["accepted"]


def test_every_command_also_speaks_to_people(approved: Ranvier) -> None:
    for arguments in (
        ("ingest",),
        ("summaries",),
        ("why", ISSUE, "mediterranean-diet-and-less-disability"),
        ("build", ISSUE),
        ("check", ISSUE),
        ("segments",),
        ("subscribers", "list"),
        ("send", ISSUE),
        ("status",),
        ("status", ISSUE),
        ("verify", ISSUE),
    ):
        said = approved(*arguments).out
        assert said.strip(), arguments
        assert not said.startswith(("{", "[")), arguments


def test_latest_is_the_greatest_date(drafted: Ranvier) -> None:
    shutil.copytree(drafted.folder / "digests" / ISSUE, drafted.folder / "digests/weekly/old copy")
    drafted("draft", "weekly", "--date", "2026-11-20")
    assert drafted("build", "weekly/latest", "--json").json["issue"] == ISSUE


def test_sending_what_is_sent_already_is_done_and_changes_nothing(approved: Ranvier) -> None:
    first = approved("send", ISSUE, "--json").json
    assert approved("send", ISSUE, "--json").json == first


def test_approval_says_how_many_would_get_it_and_changes_nothing_by_saying_so(drafted: Ranvier) -> None:
    drafted("build", ISSUE)
    said = drafted("approve", ISSUE, "--by", "Ann").out
    assert "72 people would get it now" in said
    assert "12 left out: none of their topics is in it" in said
    assert drafted("status", ISSUE, "--json").json["audience"] == 0
    assert drafted("send", ISSUE, "--json").json["accepted"] == 72


def test_an_unapproved_issue_is_not_sent(drafted: Ranvier) -> None:
    drafted("build", ISSUE)
    refused = drafted("send", ISSUE, "--json", code=3).json
    assert refused["error"]["code"] == "not-approved"


@pytest.mark.parametrize(
    "change",
    [
        "issue.md",
        "summary",
        "template",
        "newsletter.toml",
        "segments.toml",
        "topics.toml",
    ],
)
def test_any_change_after_approval_voids_it(approved: Ranvier, change: str) -> None:
    folder = approved.folder
    edits = {
        "issue.md": (f"digests/{ISSUE}/issue.md", "subject: Research", "subject: Another"),
        "summary": ("summaries/mcdonald-2024-criteria-faster-ms-diagnosis.md", "optic nerve", "optic tract"),
        "newsletter.toml": ("newsletter.toml", "12 Example Street", "13 Example Street"),
        "segments.toml": ("subscribers/segments.toml", 'frequency = "weekly"', 'frequency = "monthly"'),
        "topics.toml": ("summaries/topics.toml", 'label = "Symptoms', 'label = "SYMPTOMS'),
    }
    if change == "template":
        write_template(folder)
    else:
        path, old, new = edits[change]
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new))
    assert approved("send", ISSUE, "--json", code=3).json["error"]["code"] == "approval-void"
    assert not (folder / "digests/outbox/new").exists()


def write_template(folder: Path) -> None:
    """A workspace's own template comes before the package's."""
    from ranvier.settings import PACKAGE  # noqa: PLC0415 - used once

    packaged = next(
        path
        for path in (PACKAGE / "templates", PACKAGE.parents[1] / "templates")
        if (path / "digest.txt.j2").exists()
    )
    text = (packaged / "digest.txt.j2").read_text()
    (folder / "templates" / "digest.txt.j2").write_text(text + "\nmore\n")


def test_a_voided_approval_can_be_given_again(approved: Ranvier) -> None:
    path = approved.folder / f"digests/{ISSUE}/issue.md"
    path.write_text(path.read_text().replace("subject: Research", "subject: Your research"))
    approved("approve", ISSUE, "--by", "Ann", code=3)
    approved("build", ISSUE)
    approved("approve", ISSUE, "--by", "Ann")
    assert approved("send", ISSUE, "--json").json["state"] == "sent"


def test_building_what_did_not_change_changes_nothing(approved: Ranvier) -> None:
    folder = approved.folder / "digests" / ISSUE
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    approved("build", ISSUE)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert approved("send", ISSUE, "--json").json["state"] == "sent"


def test_a_built_file_that_someone_edited_stops_the_issue(drafted: Ranvier) -> None:
    drafted("build", ISSUE)
    page = drafted.folder / "digests" / ISSUE / "clinicians.html"
    page.write_text(page.read_text().replace("Guideline", "Proof"))
    findings = drafted("check", ISSUE, "--json", code=1).json["findings"]
    assert [one["code"] for one in findings if one["severity"] == "error"] == ["edited-build"]
    drafted("approve", ISSUE, "--by", "Ann", code=1)


def test_a_summary_without_its_caveat_stops_the_issue(drafted: Ranvier) -> None:
    path = drafted.folder / f"digests/{ISSUE}/issue.md"
    slug = "ravulizumab-no-relapses-in-nmosd-trial"
    path.write_text(f"{path.read_text()}- {slug}\n")
    drafted("build", ISSUE)
    findings = drafted("check", ISSUE, "--json", code=1).json["findings"]
    assert {"quarantined"} <= {one["code"] for one in findings}
    drafted("approve", ISSUE, "--by", "Ann", code=1)


def test_draft_does_not_overwrite_an_editors_work(drafted: Ranvier) -> None:
    path = drafted.folder / f"digests/{ISSUE}/issue.md"
    path.write_text("mine")
    refused = drafted("draft", "weekly", "--date", "2026-11-23", code=2)
    assert "--again" in refused.err
    assert path.read_text() == "mine"
    drafted("draft", "weekly", "--date", "2026-11-23", "--again")
    assert path.read_text() != "mine"
    assert path.with_name("issue.1.md.bak").read_text() == "mine"


def test_why_tells_what_an_editor_did(drafted: Ranvier) -> None:
    slug = "mediterranean-diet-and-less-disability"
    answer = drafted("why", ISSUE, slug, "--json").json
    assert answer["slug"] == slug
    assert set(answer["score"]) == {"credibility", "interest", "evidence", "recency", "total"}
    chosen = answer["chosen"]
    path = drafted.folder / f"digests/{ISSUE}/issue.md"
    text = path.read_text()
    path.write_text(text.replace(f"- {slug}\n", "") if chosen else f"{text}- {slug}\n")
    after = drafted("why", ISSUE, slug, "--json").json
    assert after["chosen"] is not chosen
    assert after["reason"] == "editor"


def test_no_command_is_help_for_people_and_an_error_for_scripts(ranvier: Ranvier) -> None:
    assert "Usage: ranvier" in ranvier(code=2).out
    assert ranvier("--json", code=2).json["error"]["code"] == "usage"


def test_nothing_new_is_an_empty_issue_and_no_failure(ranvier: Ranvier) -> None:
    ranvier("ingest")
    drafted = ranvier("draft", "weekly", "--date", "2027-06-01", "--json").json
    assert drafted["sections"] == []
    assert ranvier("build", "weekly/2027-06-01", "--json").json["issue"] == "weekly/2027-06-01"
    findings = ranvier("check", "weekly/2027-06-01", "--json", code=1).json["findings"]
    assert "empty" in {one["code"] for one in findings}


def test_the_next_issue_begins_where_the_last_one_ended(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved("send", ISSUE)
    assert approved("draft", "weekly", "--date", "2026-11-30", "--json").json["sections"] == []
    monkeypatch.setenv("RANVIER_NOW", "2026-11-29T07:00:00+01:00")
    write_summary(approved.folder, "late", date="2026-11-12")
    write_summary(approved.folder, "too-late", date="2026-10-01")
    write_summary(approved.folder, "new", date="2026-11-24")
    approved("ingest")
    again = approved("draft", "weekly", "--date", "2026-11-30", "--again", "--json").json
    assert {slug for section in again["sections"] for slug in section["items"]} == {"late", "new"}


def write_summary(folder: Path, slug: str, *, date: str) -> None:
    """A summary like no other."""
    words = " ".join(sha256(slug.encode()).hexdigest()[start : start + 6] for start in range(0, 60, 6))
    (folder / "summaries" / f"{slug}.md").write_text(
        f"---\nslug: {slug}\ntitle: About {words}\ndate: {date}\ntopics: [life-stages]\n---\n\n"
        f"## Key Takeaway\n\nIt is {words}.\n\n## What They Found\n\nThis.\n\n"
        "## Important Considerations\n\nSmall.\n"
    )


def test_what_changes_after_sending_is_said_to_reach_nobody(approved: Ranvier) -> None:
    approved("send", ISSUE)
    path = approved.folder / "summaries/mcdonald-2024-criteria-faster-ms-diagnosis.md"
    path.write_text(path.read_text().replace("optic nerve", "optic tract"))
    before = (approved.folder / f"digests/{ISSUE}/clinicians.html").read_bytes()
    for command in ("build", "check"):
        assert "readers are not affected" in approved(command, ISSUE, code=2).err
    assert (approved.folder / f"digests/{ISSUE}/clinicians.html").read_bytes() == before


def test_a_sent_issue_is_not_drafted_again_even_if_its_file_is_gone(approved: Ranvier) -> None:
    approved("send", ISSUE)
    path = approved.folder / f"digests/{ISSUE}/issue.md"
    path.unlink()
    approved("draft", "weekly", "--date", "2026-11-23", code=2)
    assert not path.exists()


def test_a_transport_that_cannot_be_meant_starts_nothing(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in ("smpt:x", "sendgrid:"):
        monkeypatch.setenv("RANVIER_TRANSPORT", url)
        approved("send", ISSUE, code=2)
        assert approved("status", ISSUE, "--json").json["state"] == "approved"


def test_items_below_a_misspelt_first_topic_do_not_become_the_note(drafted: Ranvier) -> None:
    path = drafted.folder / f"digests/{ISSUE}/issue.md"
    path.write_text(path.read_text().replace("## Treatments & trials", "### Treatments & trials"))
    said = drafted("build", ISSUE, code=2).err
    assert "stands in the note" in said
    assert f"{ISSUE}/issue.md:" in said


def test_an_issue_for_nobody_waits_for_a_person(ranvier: Ranvier) -> None:
    ranvier("ingest")
    ranvier("draft", "weekly", "--date", "2026-11-23")
    ranvier("build", ISSUE)
    ranvier("approve", ISSUE, "--by", "Ann")
    refused = ranvier("send", ISSUE, code=3).err
    assert "subscribers import" in refused
    assert ranvier("status", ISSUE, "--json").json["state"] == "approved"
    ranvier("subscribers", "import", str(ranvier.folder / "subscribers" / "readers.csv"))
    assert ranvier("send", ISSUE, "--json").json["state"] == "sent"


def test_an_issue_file_that_says_another_date_is_refused(drafted: Ranvier) -> None:
    path = drafted.folder / f"digests/{ISSUE}/issue.md"
    path.write_text(path.read_text().replace("date: 2026-11-23", "date: 2026-11-30"))
    assert "2026-11-30" in drafted("build", ISSUE, code=2).err
    assert not (drafted.folder / "digests/weekly/2026-11-30").exists()


def test_a_folder_that_is_no_workspace_stays_as_it_is(ranvier: Ranvier, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ranvier("-C", str(empty), "status", code=2)
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nonsense",), 2),
        (("subscribers", "export", "/no/such/people.csv"), 2),
        (("subscribers", "export", "/"), 2),
        (("draft",), 2),
        (("draft", "daily"), 2),
        (("draft", "weekly", "--date", "23.11.2026"), 2),
        (("build", "weekly"), 2),
        (("build", "weekly/2020-01-01"), 2),
        (("build", "weekly/latest"), 2),
        (("check", "../../etc/2026-11-23"), 2),
        (("approve", ISSUE), 2),
        (("why", ISSUE, "no-such-summary"), 2),
        (("ingest", "/no/such/file"), 2),
        (("ingest", "--title", "T"), 2),
        (("subscribers", "import", "/no/such/file.csv"), 2),
        (("status", "weekly/2020-01-01"), 2),
        (("verify", "weekly/2020-01-01"), 2),
        (("send", "weekly/2020-01-01"), 2),
        (("build", "weekly/2026-11-23/"), 2),
        (("build", "weekly/20261123"), 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_wrong_usage_is_one_line_or_one_document(
    ranvier: Ranvier, arguments: tuple[str, ...], code: int
) -> None:
    for_people = ranvier(*arguments, code=code)
    assert for_people.out == ""
    assert for_people.err.startswith("ranvier: ")
    assert for_people.err.count("\n") == 1
    for_scripts = ranvier(*arguments, "--json", code=code)
    assert set(json.loads(for_scripts.out)["error"]) == {"code", "message", "where"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Research Digest"', 'nam = "x"', "[newsletter]: nam is not known"),
        ('postal_address = "Research', 'postal = "Research', "postal is not known"),
        ("max_items = 7", 'max_items = "seven"', "[audiences.people-with-ms]: max_items"),
        ('timezone = "Europe/Berlin"', 'timezone = "Berlin"', "not an IANA zone"),
        ('site = "https://', 'site = "http://', "https"),
        ("[delivery]", "[deliveries]", "[deliveries] is not known"),
        ('not_advice = "This', 'not_advice = "" # "This', "not_advice is empty"),
        ("[newsletter]", "[newsletter", "not valid TOML"),
        ("credibility = 3.0", "credibilty = 3.0", "credibilty is not known"),
        ("max_items = 7", "max_items = -1", "max_items = -1 has to be from 1 to 62"),
        ('segments = ["weekly"]', "segments = []", "segments is missing"),
        ('segments = ["weekly"]', 'segments = ["wekly"]', 'no segment "wekly"'),
        ("[audiences.caregivers]", '[audiences."../caregivers"]', "small letters"),
        ('"outbox:digests/outbox"', '"smpt://localhost"', "[delivery] transport"),
        ('lead_topics = ["symptoms', 'lead_topics = ["symptom', "is not in summaries/topics.toml"),
        ("feedback_id =", "retry_after = 1\nfeedback_id =", "retry_after is not known"),
    ],
)
def test_a_wrong_setting_names_file_key_and_what_is_allowed(
    ranvier: Ranvier, old: str, new: str, said: str
) -> None:
    path = ranvier.folder / "newsletter.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    refused = ranvier("draft", "weekly", code=2).err
    assert "newsletter.toml" in refused
    assert said in refused
