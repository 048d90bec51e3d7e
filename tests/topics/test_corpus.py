"""Classification against the project's sample corpus, with the declared topics removed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ranvier.summaries.markdown import read_markdown
from ranvier.summaries.text import decode
from ranvier.topics.classify import assign
from ranvier.topics.file import read_taxonomy

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus in ../shared is not here")


def test_the_words_of_the_corpus_lead_to_acceptable_topics():
    taxonomy = read_taxonomy((ROOT / "summaries" / "topics.toml").read_text(encoding="utf-8"), where="t")
    gold = [json.loads(line) for line in (SHARED / "corpus" / "gold.jsonl").read_text("utf-8").splitlines()]
    found = {}
    for entry in gold:
        text = decode((SHARED / "corpus" / entry["file"]).read_bytes())
        summary = read_markdown(text, name=f"{entry['slug']}.md").summary
        undeclared = replace(summary, topics=())
        found[entry["slug"]] = assign(undeclared, taxonomy)[0]
    missed = {each["slug"] for each in gold if found[each["slug"]] not in each["acceptable_topics"]}
    primary = [each for each in gold if found[each["slug"]] == each["primary_topic"]]
    assert len(gold) == 45
    assert len(missed) <= 1, missed
    assert len(primary) >= 42
