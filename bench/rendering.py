"""Budgets R1 and R3: every variant of the sample issue, cold, and what a reader's HTML weighs.

Reference in the same run: Jinja2, MJML and premailer on the same page of plain markup, without Ranvier.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

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


def run(code: str, *arguments: str) -> dict[str, object]:
    """One measurement in a fresh process."""
    out = subprocess.check_output([sys.executable, "-W", "ignore", "-c", code, *arguments], text=True)
    found: dict[str, object] = json.loads(out)
    return found


def main() -> None:
    """Interleave both and print medians, extremes and the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "publication"
        copy_starter(folder)
        program = [sys.executable, "-m", "ranvier", "-C", str(folder)]
        subprocess.run([*program, "ingest"], check=True, capture_output=True)
        subprocess.run([*program, "draft", "weekly", "--date", "2026-11-23"], check=True, capture_output=True)
        pairs = [(run(RANVIER, str(folder)), run(REFERENCE)) for _ in range(ROUNDS)]
    for label, which in (("Ranvier, 3 audiences, HTML and text", 0), ("bare libraries, 3 pages of HTML", 1)):
        spent = [float(str(pair[which]["seconds"])) for pair in pairs]
        print(f"{label}: median {statistics.median(spent):.3f} s, {min(spent):.3f} to {max(spent):.3f} s")
    ratios = [float(str(ours["seconds"])) / float(str(theirs["seconds"])) for ours, theirs in pairs]
    print(f"ratio: {statistics.median(ratios):.2f} (budget R1: at most 0.25 s)")
    print(f"HTML bytes (budget R3: at most 90,000): {pairs[0][0]['bytes']}")


if __name__ == "__main__":
    main()
