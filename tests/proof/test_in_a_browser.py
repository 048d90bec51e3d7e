"""Every variant in a real browser, in the situations that readers are in (R224-R232, WCAG 2.2 AA)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from tests.proof.conftest import AUDIENCES
from tests.rendering.samples import html_tree

WIDTHS = (320, 375, 600, 1280)
SITUATIONS: dict[str, dict[str, Any]] = {
    **{
        f"{scheme} {width}": {"width": width, "scheme": scheme, "axe": width == 375}
        for width in WIDTHS
        for scheme in ("light", "dark")
    },
    "styles removed 320": {"width": 320, "styles": False, "axe": True},
    "styles removed 1280": {"width": 1280, "styles": False},
    "text twice as large 640": {"width": 640, "text": 2},
    "text twice as large 375": {"width": 375, "text": 2},
    "right to left 375": {"width": 375, "direction": "rtl"},
    "print 800": {"width": 800, "media": "print"},
    "forced colours 375": {"width": 375, "forcedColors": True, "scheme": "dark"},
}
FEW = ("light 320", "light 375", "dark 375", "styles removed 320", "text twice as large 375")
WEEKS = {"sample": tuple(SITUATIONS), "rtl": FEW, "logo": FEW, "hostile": FEW}
JOBS = [
    (week, audience, situation)
    for week, situations in WEEKS.items()
    for audience in (AUDIENCES if week == "sample" else ("people-with-ms", "clinicians"))
    for situation in situations
]
Facts = dict[str, Any]


def has_axe(job: tuple[str, str, str]) -> bool:
    """Two seconds a page: the sample in both palettes and bare, the other weeks once."""
    week, audience, situation = job
    once = (audience, situation) == ("people-with-ms", "light 375")
    return bool(SITUATIONS[situation].get("axe")) if week == "sample" else once


@pytest.fixture(scope="session")
def looks(
    shared: Path, mails: Path, browser: Callable[[Sequence[dict[str, Any]]], list[Facts]]
) -> dict[tuple[str, str, str], Facts]:
    """What the browser found, once for all processes; pictures go to RANVIER_SHOTS if it is set."""
    seen = shared / "seen.json"
    with FileLock(shared / "seen.lock"):
        if not seen.exists():
            seen.write_text(json.dumps(browser([_job(mails, *job) for job in JOBS])))
    return dict(zip(JOBS, json.loads(seen.read_text()), strict=True))


def _job(mails: Path, week: str, audience: str, situation: str) -> dict[str, Any]:
    shots = os.environ.get("RANVIER_SHOTS")
    picture = {"shot": f"{shots}/{week} {audience} {situation}.png"} if shots else {}
    return {
        "file": str(mails / week / f"{audience}.html"),
        "images": situation != "styles removed 320",
        **SITUATIONS[situation],
        "axe": has_axe((week, audience, situation)),
        **picture,
    }


pytestmark = pytest.mark.timeout(600)  # whoever comes first looks at all pages, and the others wait
each = pytest.mark.parametrize("job", JOBS, ids=", ".join)


@each
def test_nothing_has_to_be_scrolled_sideways_and_nothing_is_cut_off(looks, job):
    facts = looks[job]
    assert facts["needed"] <= facts["width"]
    assert facts["outside"] == []
    assert facts["overlapping"] == []


@each
def test_every_word_of_the_mail_is_seen(looks, mails, job):
    week, audience, _ = job
    body = html_tree((mails / week / f"{audience}.html").read_text())[1]
    assert looks[job]["unseen"] == []
    assert squash(looks[job]["text"]) == squash(body.text_content())


@pytest.mark.parametrize("job", [job for job in JOBS if has_axe(job)], ids=", ".join)
def test_axe_finds_nothing_of_any_impact(looks, job):
    assert looks[job]["violations"] == []


@each
def test_nothing_runs_and_nothing_is_fetched_but_the_logo(looks, job):
    assert looks[job]["dialogs"] == []
    logo = ["https://news.example.org/logo.png"] if job[0] == "logo" else []
    assert looks[job]["requests"] == logo


@each
def test_no_text_is_smaller_than_16_pixels(looks, job):
    assert looks[job]["smallest"] >= 16 * SITUATIONS[job[2]].get("text", 1)


def test_dark_is_dark_and_light_is_light(looks):
    def ground(situation: str) -> int:
        return sum(
            int(channel)
            for channel in looks["sample", "caregivers", situation]["ground"].strip("rgb()").split(",")
        )

    assert ground("dark 375") < 120
    assert ground("light 375") > 600
    assert ground("styles removed 320") > 600


def squash(text: str) -> str:
    """Text without white space; marks of direction are not seen."""
    return "".join(char for char in text if not char.isspace() and char not in "\u200e\u200f")
