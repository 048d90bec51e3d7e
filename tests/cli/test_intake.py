"""`ingest` as editors use it: nothing lost, nothing of theirs written over."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Ranvier

SHARED = Path(__file__).parents[2].parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="../shared is not beside the project")

PAGE = """Walking again with a good deal of training

Key Takeaway

People who trained walked a little faster.

What They Found

Forty people trained for ten weeks. They walked faster afterwards.

Who Should Care and Why

People with MS who walk slowly may ask about training.

Important Considerations

The study was small and nobody was blinded.
"""

RECORD = {
    "slug": "walking",
    "title": "W",
    "takeaway": "A.",
    "findings": "B.",
    "considerations": "C.",
    "source": {"doi": "10.1000/walking"},
}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "walking.txt"
    path.parent.mkdir()
    path.write_text(PAGE)
    return path


def counts(ranvier: Ranvier, *arguments: str, code: int = 0) -> tuple[int, int, int, int]:
    document = ranvier("ingest", *arguments, "--json", code=code).json
    held = len(document["quarantined"])
    return document["added"], document["updated"], document["unchanged"], held


def status(ranvier: Ranvier, slug: str) -> str:
    found = {one["slug"]: one["status"] for one in ranvier("summaries", "--json").json}
    return str(found[slug])


def test_ingesting_again_changes_nothing(ranvier: Ranvier) -> None:
    assert counts(ranvier) == (23, 0, 0, 1)
    assert counts(ranvier) == (0, 0, 23, 1)


def test_an_edited_summary_is_updated(ranvier: Ranvier) -> None:
    ranvier("ingest")
    path = ranvier.folder / "summaries" / "mcdonald-2024-criteria-faster-ms-diagnosis.md"
    path.write_text(path.read_text().replace("optic nerve", "eye nerve"))
    assert counts(ranvier) == (0, 1, 22, 1)


def test_a_vanished_summary_is_withdrawn_and_comes_back(ranvier: Ranvier) -> None:
    ranvier("ingest")
    path = ranvier.folder / "summaries" / "mcdonald-2024-criteria-faster-ms-diagnosis.md"
    path.rename(path.with_suffix(".away"))
    ranvier("ingest")
    assert status(ranvier, path.stem) == "withdrawn"
    path.with_suffix(".away").rename(path)
    assert counts(ranvier) == (0, 1, 22, 1)
    assert status(ranvier, path.stem) == "ok"


def test_what_comes_from_elsewhere_becomes_a_file_of_the_library(ranvier: Ranvier, elsewhere: Path) -> None:
    assert counts(ranvier, str(elsewhere)) == (1, 0, 0, 0)
    written = (ranvier.folder / "summaries" / "walking.md").read_text()
    assert "## Important Considerations" in written
    assert counts(ranvier, str(elsewhere)) == (0, 0, 1, 0)


def test_a_source_that_changed_updates_a_file_that_nobody_edited(ranvier: Ranvier, elsewhere: Path) -> None:
    ranvier("ingest", str(elsewhere))
    elsewhere.write_text(PAGE.replace("a little faster", "slightly faster"))
    assert counts(ranvier, str(elsewhere)) == (0, 1, 0, 0)
    assert "slightly faster" in (ranvier.folder / "summaries" / "walking.md").read_text()


@pytest.mark.parametrize("scanned", [False, True], ids=["at once", "after a scan"])
def test_a_file_that_an_editor_changed_is_never_written_over(
    ranvier: Ranvier, elsewhere: Path, *, scanned: bool
) -> None:
    ranvier("ingest", str(elsewhere))
    file = ranvier.folder / "summaries" / "walking.md"
    file.write_text(file.read_text().replace("a little faster", "somewhat faster"))
    if scanned:
        ranvier("ingest")
    edited = file.read_text()
    elsewhere.write_text(PAGE.replace("Forty", "Fifty"))
    result = ranvier("ingest", str(elsewhere))
    assert "kept as it is" in result.err
    assert file.read_text() == edited


def test_a_summary_without_a_title_waits_until_someone_gives_one(ranvier: Ranvier, elsewhere: Path) -> None:
    elsewhere.write_text(PAGE.partition("\n\n")[2])
    held = ranvier("ingest", str(elsewhere), "--json", code=2).json["quarantined"]
    assert [(one["slug"], one["reason"]) for one in held] == [("walking", "no-title")]
    assert status(ranvier, "walking") == "quarantined"
    assert counts(ranvier, str(elsewhere), "--title", "Walking again") == (0, 1, 0, 0)
    assert status(ranvier, "walking") == "ok"
    assert counts(ranvier, str(elsewhere)) == (0, 0, 1, 0)


def test_a_title_may_be_written_into_the_file_instead(ranvier: Ranvier, elsewhere: Path) -> None:
    elsewhere.write_text(PAGE.partition("\n\n")[2])
    ranvier("ingest", str(elsewhere), code=2)
    file = ranvier.folder / "summaries" / "walking.md"
    file.write_text(re.sub("(?m)^slug: .*$", r"\g<0>\ntitle: Walking again", file.read_text(), count=1))
    ranvier("ingest")
    assert status(ranvier, "walking") == "ok"


def test_one_bad_file_does_not_cost_the_good_ones(ranvier: Ranvier, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text(PAGE)
    (folder / "bad.md").write_text("---\ntitle: [unclosed\n---\n\n## Key Takeaway\n\nX\n")
    document = ranvier("ingest", str(folder), "--json").json
    assert document["added"] == 1
    (held,) = document["quarantined"]
    assert (held["reason"], held["source"].endswith("bad.md")) == ("unreadable", True)


def test_an_unreadable_file_of_a_known_name_changes_nothing_about_the_summary(
    ranvier: Ranvier, tmp_path: Path
) -> None:
    source = tmp_path / "walking.json"
    source.write_text(json.dumps(RECORD))
    assert counts(ranvier, str(source)) == (1, 0, 0, 0)
    clash = tmp_path / "walking.txt"
    clash.write_bytes(b"%PDF-1.7 \x00\x01")
    assert counts(ranvier, str(clash), code=2) == (0, 0, 0, 1)
    source.write_text(json.dumps(RECORD | {"takeaway": "D."}))
    assert counts(ranvier, str(source)) == (0, 1, 0, 0)


def test_what_is_not_understood_is_said_to_people_and_scripts_until_it_is_mended(ranvier: Ranvier) -> None:
    ranvier("ingest")
    path = ranvier.folder / "summaries" / "mcdonald-2024-criteria-faster-ms-diagnosis.md"
    path.write_text(re.sub("(?m)^credibility: .*$", "credibility: high", path.read_text()))
    said = f'summaries/{path.name}: credibility "high" was not understood; write a whole number from 1 to 5'
    for _ in range(2):
        result = ranvier("ingest", "--json")
        assert result.json["notes"] == [said]
        assert said in result.err.splitlines()
    path.write_text(path.read_text().replace("credibility: high", "credibility: 4"))
    assert ranvier("ingest", "--json").json["notes"] == []


def test_a_topic_that_the_taxonomy_lacks_is_said(ranvier: Ranvier) -> None:
    path = ranvier.folder / "summaries" / "mcdonald-2024-criteria-faster-ms-diagnosis.md"
    path.write_text(re.sub("(?m)^topics: .*$", "topics: [sympptoms]", path.read_text()))
    (note,) = ranvier("ingest", "--json").json["notes"]
    assert note.startswith(f'summaries/{path.name}: topic "sympptoms" is not in topics.toml; known: ')
    assert "symptoms-daily-life, " in note


def test_a_source_from_elsewhere_is_named_in_its_notes(ranvier: Ranvier, elsewhere: Path) -> None:
    elsewhere.write_text(PAGE.replace("\n\nKey", "\nCredibility: high\n\nKey", 1))
    (note,) = ranvier("ingest", str(elsewhere), "--json").json["notes"]
    assert note.startswith(f'{elsewhere}: credibility "high"')


def test_files_of_other_names_and_folders_and_kinds_stay_one_summary_each(ranvier: Ranvier) -> None:
    library = ranvier.folder / "summaries"
    ranvier("ingest")
    (library / "2026").mkdir()
    (library / "mogad-diagnostic-criteria-2023.md").rename(library / "2026" / "Some Name.md")
    (library / "teriflunomide-in-children-with-ms.md").rename(library / "renamed.md")
    (library / "walking.txt").write_text(PAGE)
    sections = {"takeaway": "A.", "findings": "B.", "considerations": "C."}
    (library / "list.json").write_text(json.dumps([{"title": title, **sections} for title in ("One", "Two")]))
    assert counts(ranvier) == (3, 0, 23, 1)
    before = {path: path.read_bytes() for path in library.rglob("*.*")}
    for _ in range(2):
        assert counts(ranvier) == (0, 0, 26, 1)
    assert {path: path.read_bytes() for path in library.rglob("*.*")} == before


def test_news_goes_into_the_file_that_its_summary_has_whatever_it_is_called(
    ranvier: Ranvier, elsewhere: Path
) -> None:
    library = ranvier.folder / "summaries"
    ranvier("ingest", str(elsewhere))
    (library / "sub").mkdir()
    moved = (library / "walking.md").rename(library / "sub" / "Our walk.md")
    ranvier("ingest")
    elsewhere.write_text(PAGE.replace("a little faster", "slightly faster"))
    assert counts(ranvier, str(elsewhere)) == (0, 1, 0, 0)
    assert "slightly faster" in moved.read_text()
    assert not (library / "walking.md").exists()
    assert counts(ranvier, str(elsewhere)) == (0, 0, 1, 0)


def test_a_file_of_the_same_name_with_another_study_is_left_alone(ranvier: Ranvier, elsewhere: Path) -> None:
    library = ranvier.folder / "summaries"
    theirs = library / "teriflunomide-in-children-with-ms.md"
    theirs = theirs.rename(library / "walking.md")
    before = theirs.read_bytes()
    elsewhere.with_suffix(".json").write_text(json.dumps(RECORD))
    assert counts(ranvier, str(elsewhere.with_suffix(".json"))) == (1, 0, 0, 0)
    assert theirs.read_bytes() == before
    assert (library / "walking-2.md").exists()


def test_two_works_under_one_name_are_two_summaries(ranvier: Ranvier, tmp_path: Path) -> None:
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "walking.txt").write_text(PAGE.replace("Walking again", f"Walking {number}"))
        assert counts(ranvier, str(folder)) == (1, 0, 0, 0)
    assert {path.name for path in (ranvier.folder / "summaries").glob("walking*.md")} == {
        "walking.md",
        "walking-2.md",
    }


@needs_shared
def test_the_whole_corpus_comes_in_as_the_gold_list_says(ranvier: Ranvier) -> None:
    shutil.rmtree(ranvier.folder / "summaries")
    shutil.copytree(SHARED / "corpus" / "summaries", ranvier.folder / "summaries")
    shutil.copy(Path(__file__).parents[2] / "summaries" / "topics.toml", ranvier.folder / "summaries")
    document = ranvier("ingest", "--json").json
    assert document["added"] == 43
    assert {held["slug"]: held["reason"] for held in document["quarantined"]} == {
        "nasal-foralumab-early-human-study": "incomplete",
        "ravulizumab-no-relapses-in-nmosd-trial": "no-caveat",
    }


@needs_shared
def test_the_seeds_come_in_from_where_they_are(ranvier: Ranvier) -> None:
    document = ranvier("ingest", str(SHARED / "seeds"), "--json").json
    assert document["added"] == 1
    assert [held["reason"] for held in document["quarantined"]] == ["no-title"]
    first = next((SHARED / "seeds").glob("000*"))
    ranvier("ingest", str(first), "--title", "The brain and the immune system")
    assert counts(ranvier, str(SHARED / "seeds")) == (0, 0, 2, 0)


@needs_shared
def test_a_feed_of_summaries_that_are_there_adds_none_twice(ranvier: Ranvier) -> None:
    ranvier("ingest", str(SHARED / "corpus" / "summaries"))
    before = set((ranvier.folder / "summaries").glob("*.md"))
    ranvier("ingest", str(SHARED / "corpus" / "intake" / "rss.xml"))
    added = {path.stem for path in set((ranvier.folder / "summaries").glob("*.md")) - before}
    assert not {slug for slug in added if slug.endswith("-2")}
