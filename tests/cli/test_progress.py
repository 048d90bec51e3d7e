"""How a send goes: a bar for people at a terminal, lines with ids for everyone else."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.cli.conftest import ISSUE, NOW, Ranvier
from tests.cli.test_sending import READERS
from tests.doubles.smtp_server import SmtpServer

if TYPE_CHECKING:
    import pytest


def at_a_terminal(ranvier: Ranvier, *arguments: str) -> tuple[int, str]:
    """Exit code, and what a terminal would show on stderr."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "ranvier", "-C", str(ranvier.folder), *arguments],
        env={**os.environ, "RANVIER_NOW": NOW, "TERM": "xterm"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            read = os.read(ours, 4096)
        except OSError:  # the terminal's other end is closed
            break
        shown += read
        if not read:
            break
    os.close(ours)
    return process.wait(), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_people_see_how_far_it_is_and_what_became_of_it(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(script={"RCPT": ["550 5.1.1 nobody"]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        code, shown = at_a_terminal(approved, "send", ISSUE)
    assert code == 0
    assert ISSUE in shown
    assert f"{READERS}/{READERS}" in shown
    assert f"{READERS - 1} accepted, 1 rejected" in shown
    assert "/s" in shown


def test_a_bar_is_drawn_for_a_send_that_goes_on_too(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(script={"RCPT": ["450 4.2.0 later"] * 3}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        settings = approved.folder / "newsletter.toml"
        settings.write_text(settings.read_text() + "retry_after = 1\n")
        code, shown = at_a_terminal(approved, "send", ISSUE, "--wait")
    assert code == 0
    drawn = re.findall(r"(\d+)/(\d+)", shown)
    assert drawn[-1][0] == drawn[-1][1] != str(READERS)  # the last bar counts what was left, and is full


def test_everyone_else_gets_a_line_for_what_did_not_end_well(
    approved: Ranvier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SmtpServer(script={"RCPT": ["550 5.1.1 <ann@example.org> nobody"]}) as server:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"smtp://127.0.0.1:{server.port}")
        (line,) = [line for line in approved("send", ISSUE).err.splitlines() if "delivery." in line]
    assert "delivery.rejected" in line
    assert "code=550" in line
    assert "@" not in line
