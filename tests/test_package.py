"""What users install: a wheel with templates and the sample publication, and a README that is true."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import venv
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer

from ranvier.cli import app, run
from ranvier.delivery.guards import GuardRules
from ranvier.delivery.pace import PaceRules
from ranvier.delivery.urls import SendGridOptions, SmtpOptions
from ranvier.message.sender import DkimOptions
from ranvier.settings.newsletter import DeliveryOptions
from ranvier.settings.starter import copy_starter

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text()


def commands() -> dict[str, str]:
    """Every command with its help."""
    group = typer.main.get_command(app)
    found = {}
    for name, command in group.commands.items():  # type: ignore[attr-defined]  # a group
        inner = getattr(command, "commands", None)
        for path, one in (
            {f"{name} {sub}": it for sub, it in inner.items()}.items() if inner else [(name, command)]
        ):
            found[path] = one.help or ""
    return found


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_and_stands_in_the_readme(name: str) -> None:
    assert commands()[name]
    assert f"ranvier {name}" in README


@pytest.mark.parametrize(
    "options", [DeliveryOptions, PaceRules, GuardRules, DkimOptions, SmtpOptions, SendGridOptions]
)
def test_every_setting_of_sending_stands_in_its_page(options: type[Any]) -> None:
    page = (PROJECT / "docs" / "sending.md").read_text()
    elsewhere = {"pace", "guard", "host", "port", "user", "password"}
    settings = {field.name for field in fields(options)} - elsewhere
    assert [name for name in settings if not re.search(rf"(^|`){name}\s*=", page, re.MULTILINE)] == []


def test_the_weeks_of_the_readme_can_be_typed_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_starter(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    monkeypatch.setenv("RANVIER_NOW", "2026-11-23T07:00:00+01:00")
    typed = [line for line in README.splitlines() if line.startswith("ranvier ")]
    assert len(typed) > 8
    for line in typed:
        assert run(shlex.split(line, comments=True)[1:]) == 0, line


def test_a_wheel_does_the_main_job_outside_the_repository(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(PROJECT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    # Ranvier from the wheel, its dependencies from the environment that the tests run in.
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    (site,) = home.glob("lib/python*/site-packages")
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)], check=True)
    (site / "dependencies.pth").write_text(str(Path(typer.__file__).parents[1]))
    program = [str(home / "bin" / "python"), "-m", "ranvier"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RANVIER_")}
    where = "import ranvier; print(ranvier.__file__)"
    found = subprocess.check_output([program[0], "-c", where], text=True, cwd=tmp_path, env=environment)
    assert found.startswith(str(home))
    out = subprocess.check_output([*program, "demo", "--json"], cwd=tmp_path, env=environment, text=True)
    account = json.loads(out)
    assert (account["state"], account["accepted"]) == ("sent", 72)
    subprocess.run([*program, "init", "mine"], check=True, cwd=tmp_path, env=environment)
    assert (tmp_path / "mine" / "newsletter.toml").exists()
    explained = [*program, "-C", "mine", "check", "--explain", "twin-links"]
    assert b"twin-links" in subprocess.check_output(explained, cwd=tmp_path, env=environment)
    packaged = {path.name for path in (site / "ranvier" / "templates" / "web").iterdir()}
    assert packaged == {path.name for path in (PROJECT / "templates" / "web").iterdir()}
    subprocess.run([*program, "-C", "mine", "ingest"], check=True, cwd=tmp_path, env=environment)
