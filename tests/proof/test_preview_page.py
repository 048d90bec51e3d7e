"""The editors' page in a browser: axe, and nothing that has to be scrolled sideways on a phone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from urllib.request import urlopen

import pytest
from tests.proof.conftest import ISSUE


@pytest.fixture
def address(mails):
    folder = mails / "sample-workspace"
    (folder / "digests" / ISSUE).mkdir(parents=True, exist_ok=True)
    issue = folder / "digests" / ISSUE / "issue.md"
    issue.write_bytes((mails / "sample" / "issue.md").read_bytes())
    settled = {name: value for name, value in os.environ.items() if not name.startswith("RANVIER_")}
    with subprocess.Popen(
        [sys.executable, "-m", "ranvier", "-C", str(folder), "--json", "preview", ISSUE, "--no-open"],
        stdout=subprocess.PIPE,
        text=True,
        env=settled,
    ) as process:
        try:
            assert process.stdout is not None
            yield json.loads("".join(process.stdout.readline() for _ in range(4)))["url"]
        finally:
            process.terminate()


def test_the_page_is_for_everyone(browser, address):
    looks = [
        {"url": address, "width": width, "scheme": scheme, "axe": True}
        for width in (375, 1280)
        for scheme in ("light", "dark")
    ]
    for facts in browser(looks):
        assert facts["violations"] == []
        assert facts["needed"] <= facts["width"]
        assert facts["requests"] == []
        assert "What the gate says" in facts["text"]


def test_its_html_keeps_the_rules_of_the_standard(node, address, tmp_path):
    with urlopen(address) as answer:  # noqa: S310 - our own page on loopback
        (tmp_path / "page.html").write_bytes(answer.read())
    assert node("validate.mjs", {"files": [str(tmp_path / "page.html")], "rules": {}}) == [[]]
