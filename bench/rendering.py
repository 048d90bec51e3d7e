"""Budgets R1 and R3: every variant of the sample issue, cold, and what a reader's HTML weighs.

Reference in the same run: Jinja2, MJML and premailer on the same page of plain markup, without Ranvier.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from measure import Goal, Row, in_turns, report

from ranvier.settings.starter import copy_starter

ROUNDS = 7

RANVIER = """
import json, sys, time
from pathlib import Path
from ranvier.pipeline.rendered import rendered
from ranvier.settings.workspace import Environment, Workspace
workspace = Workspace(Path(sys.argv[1]), Environment())
workspace.settings, workspace.taxonomy, workspace.segments, workspace.database
started = time.perf_counter()
made = rendered(workspace, "weekly/2026-11-23")
spent = time.perf_counter() - started
print(json.dumps({"seconds": spent, "bytes": {name: len(copy.html) for name, copy in made.copies.items()}}))
"""

REFERENCE = """
import json, logging, time, jinja2, mjml, premailer
item = "<mj-text><h3>{{ title }}</h3>" + "<p>{{ text }}</p>" * 6 + "</mj-text>"
page = "<mjml><mj-body><mj-section><mj-column>" + item * 12 + "</mj-column></mj-section></mj-body></mjml>"
started = time.perf_counter()
for _ in range(3):
    filled = jinja2.Template(page).render(title="A title", text="Some words of a summary. " * 12)
    html = mjml.mjml2html(filled, fonts={})
    premailer.Premailer(html, css_text="h3 { color: #123 } p { margin: 0 }", allow_network=False,
                        cssutils_logging_level=logging.CRITICAL).transform()
print(json.dumps({"seconds": time.perf_counter() - started}))
"""


def run(code: str, *arguments: str) -> dict[str, Any]:
    """One measurement in a fresh process."""
    out = subprocess.check_output([sys.executable, "-W", "ignore", "-c", code, *arguments], text=True)
    found: dict[str, Any] = json.loads(out)
    return found


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "publication"
        copy_starter(folder)
        program = [sys.executable, "-m", "ranvier", "-C", str(folder)]
        subprocess.run([*program, "ingest"], check=True, capture_output=True)
        subprocess.run([*program, "draft", "weekly", "--date", "2026-11-23"], check=True, capture_output=True)
        taken = in_turns(
            {"ours": lambda: run(RANVIER, str(folder)), "theirs": lambda: run(REFERENCE)}, ROUNDS
        )
    report(
        Row(
            budget="R1",
            what="all variants of an issue, cold: 3 audiences, HTML and text",
            unit="s",
            ours=[made["seconds"] for made in taken["ours"]],
            reference="Jinja2, MJML and premailer alone, 3 pages of HTML",
            theirs=[made["seconds"] for made in taken["theirs"]],
            goal=Goal(limit=0.25, most=True, ratio=False),
        ),
        Row(
            budget="R3",
            what="HTML of a reader who gets all 12 items",
            unit="bytes",
            ours=[max(taken["ours"][0]["bytes"].values())],
            goal=Goal(limit=90_000, most=True, ratio=False),
        ),
    )


if __name__ == "__main__":
    main()
