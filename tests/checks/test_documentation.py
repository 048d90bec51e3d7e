"""Every code that the gate can say is explained in docs/checks.md, and nothing else is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from ranvier.checks.gate import CHECKS, COPY_CHECKS, PAGE_CHECKS
from ranvier.checks.rules import QUIETABLE, CheckRules

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "checks.md").read_text()
EXPLAINED = {
    code
    for heading in re.findall(r"^### (.*)$", PAGE, re.MULTILINE)
    for code in re.findall(r"`(.+?)`", heading)
}
SOURCES = (*(ROOT / "src" / "ranvier" / "checks").glob("*.py"), ROOT / "src/ranvier/pipeline/checking.py")


def said_literally() -> set[str]:
    """Codes that are the first argument of `error` and `warning`."""
    calls = (
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in {"error", "warning", "say"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def said_in_docstrings() -> set[str]:
    """Codes that a check's own docstring names."""
    checks = (*CHECKS, *PAGE_CHECKS, *COPY_CHECKS)
    return {code for check in checks for code in re.findall(r"`([a-z0-9-]+)`", check.__doc__ or "")}


def test_every_code_is_explained():
    assert said_literally() | said_in_docstrings() - {"body"} == EXPLAINED


def test_every_check_names_its_codes():
    for check in (*CHECKS, *PAGE_CHECKS, *COPY_CHECKS):
        assert re.search(r"`[a-z0-9-]+`", check.__doc__ or ""), check


def test_every_explanation_says_more_than_the_code():
    for paragraph in re.split(r"^### .*$", PAGE, flags=re.MULTILINE)[1:]:
        assert len(paragraph.partition("\n## ")[0].split()) >= 10


def test_what_can_be_quiet_and_every_setting_stand_in_the_page():
    block = PAGE.partition("```toml")[2].partition("```")[0]
    assert set(QUIETABLE) <= set(re.findall(r"[a-z]+(?:-[a-z]+)+|shouting", block))
    assert all(re.search(rf"^{name} = ", block, re.MULTILINE) for name in CheckRules.__dataclass_fields__)
    assert set(QUIETABLE) <= EXPLAINED
