"""Mails as a real week makes them, and the tools of others that look at them.

A tool that is missing leaves its tests out and says so; with RANVIER_ALL_TOOLS set, it fails them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from ranvier.cli import run
from ranvier.settings.starter import copy_starter

TOOLS = Path(__file__).parents[1] / "tools"
ISSUE = "weekly/2026-11-23"
AUDIENCES = ("people-with-ms", "caregivers", "clinicians")
LOGO = (
    '\n[logo]\nurl = "https://news.example.org/logo.png"\nalt = "Ann\'s digest"\nwidth = 160\nheight = 48\n'
)
HOSTILE = """---
title: "Breakers --> <![endif]--> {{ 7*191 }} <b onclick=x>bold</b> &amp; {% raw %} \\u202egnp.exe"
date: 2026-11-20
evidence: cohort
credibility: 5
interest: 5
audiences: [people-with-ms, caregivers, clinicians]
topics: [treatments-trials]
source: {journal: "</td></table><script>alert(1)</script>", url: "javascript:alert(1)"}
---

## Key Takeaway

LONGWORD {{ config }} <script>alert(1)</script> --> <!--[if mso]> العربية שלום 日本語 \u200b\u2066x

## What They Found

<img src=x onerror=alert(1)> </mj-text></mj-column> [a link](javascript:alert(1))

## Important Considerations

LONGWORD </style><style>*{display:none}</style>
"""


def require(found: object, tool: str, how: str) -> None:
    """Leave the test out when a tool is not there, or fail where all have to be."""
    if not found and os.environ.get("RANVIER_ALL_TOOLS"):
        pytest.fail(f"{tool} is missing: {how}")
    if not found:
        pytest.skip(f"{tool} is not installed: {how}")


@dataclass(frozen=True)
class Node:
    """The programs of tests/tools."""

    executable: str

    def __call__(self, program: str, asked: object) -> Any:
        """What a program answers."""
        done = subprocess.run(
            [self.executable, str(TOOLS / program)],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def node() -> Node:
    executable = shutil.which("node")
    require(executable, "Node.js", "apt-get install nodejs npm")
    require((TOOLS / "node_modules").is_dir(), "what tests/tools needs", "make tools")
    return Node(str(executable))


@pytest.fixture(scope="session")
def browser(node: Node) -> Callable[[Sequence[dict[str, Any]]], list[dict[str, Any]]]:
    """Looks at pages in Chromium; facts come back in the order of the jobs."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    require(executable, "Chromium", "apt-get install chromium")
    return lambda jobs: node("browser.mjs", {"executable": executable, "jobs": list(jobs)})


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of all processes of this run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "proof"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def mails(shared: Path) -> Path:
    """Folders with the built variants: `sample`, `logo`, `rtl` and `hostile`."""
    with FileLock(shared / "mails.lock"):
        if not (shared / "made").exists():
            for name, change in WEEKS.items():
                _week(shared / f"{name}-workspace", change)
                built = shared / f"{name}-workspace" / "digests" / ISSUE
                built.rename(shared / name)
            (shared / "made").touch()
    return shared


def _week(folder: Path, change: Callable[[Path], None]) -> None:
    copy_starter(folder)
    change(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RANVIER_DATABASE", "RANVIER_TRANSPORT", "RANVIER_SECRET", "SENDGRID_API_KEY"):
            patch.delenv(name, raising=False)
        patch.setenv("RANVIER_NOW", "2026-11-23T07:00:00+01:00")
        for command in (["ingest"], ["draft", "weekly", "--date", "2026-11-23"], ["build", ISSUE]):
            assert run(["-C", str(folder), *command]) == 0


def _settings(folder: Path, *changes: tuple[str, str]) -> None:
    path = folder / "newsletter.toml"
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def _logo(folder: Path) -> None:
    _settings(folder, ("\n[links]", f"{LOGO}\n[links]"))


def _rtl(folder: Path) -> None:
    _settings(folder, ('language = "en"', 'language = "ar"'), ('direction = "ltr"', 'direction = "rtl"'))


def _hostile(folder: Path) -> None:
    _settings(folder, ('name = "Research Digest"\ntagline', "name = '<b>x</b> {{ y }} -->'\ntagline"))
    for path in (folder / "summaries").glob("*.md"):
        path.unlink()
    (folder / "summaries" / "hostile.md").write_text(HOSTILE.replace("LONGWORD", "W" * 2000))


WEEKS = {"sample": lambda _: None, "logo": _logo, "rtl": _rtl, "hostile": _hostile}
