"""`check` and `approve` with what others are asked: a spam filter, the links, earlier issues."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from tests.cli.conftest import ISSUE
from tests.doubles.spamd import spamd

if TYPE_CHECKING:
    from tests.cli.conftest import Ranvier


def add(ranvier: Ranvier, lines: str) -> None:
    path = ranvier.folder / "newsletter.toml"
    path.write_text(path.read_text() + lines)


def codes(ranvier: Ranvier, *, code: int = 0) -> dict[str, str]:
    findings = ranvier("check", ISSUE, "--json", code=code).json["findings"]
    return {finding["code"]: finding["severity"] for finding in findings}


def test_a_filter_that_says_spam_stops_the_issue(drafted: Ranvier) -> None:
    drafted("build", ISSUE)
    with spamd(7.5, "LONGWORDS,HTML_MESSAGE") as (address, heard):
        add(drafted, f'\n[checks]\nspamd = "{address}"\n')
        assert codes(drafted, code=1)["spam-score"] == "error"
        assert "LONGWORDS" in drafted("check", ISSUE, code=1).out
        assert "the gate says no" in drafted("approve", ISSUE, "--by", "Ann", code=1).err
    assert len(heard) == 9  # three variants, three times
    assert all(one.startswith(b"SYMBOLS SPAMC/1.5\r\nContent-length: ") for one in heard)
    message = heard[0].partition(b"\r\n\r\n")[2]
    assert b"\r\nTo: reader@news.example.org\r\n" in message
    assert b"\r\nDate: Mon, 23 Nov 2026 07:00:00 +0100\r\n" in message


def test_a_filter_that_is_not_there_stops_nothing(drafted: Ranvier) -> None:
    with spamd(0, "") as (address, _):
        add(drafted, f'\n[checks]\nspamd = "{address}"\n')
    drafted("build", ISSUE)
    assert codes(drafted)["spam-unknown"] == "warning"
    drafted("approve", ISSUE, "--by", "Ann")


def test_limits_and_quiet_warnings_are_the_publications(drafted: Ranvier) -> None:
    drafted("build", ISSUE)
    assert {"hard-to-read", "causal-headline", "relative-alone"} <= set(codes(drafted))
    add(drafted, '\n[checks]\nmost_grade = 12\nquiet = ["causal-headline", "relative-alone"]\n')
    assert set(codes(drafted)) == {"not-reviewed"}


def test_what_was_sent_before_is_said(approved: Ranvier) -> None:
    approved("send", ISSUE)
    later = approved.folder / "digests" / "weekly" / "2026-11-30"
    later.mkdir()
    text = (approved.folder / "digests" / ISSUE / "issue.md").read_text()
    (later / "issue.md").write_text(text.replace("2026-11-23", "2026-11-30"))
    approved("build", "weekly/2026-11-30")
    found = approved("check", "weekly/2026-11-30", "--json").json["findings"]
    assert [one["message"] for one in found if one["code"] == "already-sent"] == [f"went out in {ISSUE}"] * 12


def test_links_are_followed_only_if_a_person_asks(drafted: Ranvier, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody:  # a proxy that is not there keeps every request on this machine
        nobody.bind(("127.0.0.1", 0))
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        drafted("build", ISSUE)
        assert "dead-link" not in codes(drafted)
        found = drafted("check", ISSUE, "--links", "--json").json["findings"]
    dead = [one["message"] for one in found if one["code"] == "dead-link"]
    assert len(dead) == len(set(dead)) > 12
    assert "https://doi.org/10.1056/NEJMoa2415988: nobody answers there" in dead
    assert not [message for message in dead if "news.example.org" in message]


@pytest.mark.parametrize("code", ["causal-headline", "no-charset", "spam-unknown"])
def test_a_code_is_explained_where_it_was_read(ranvier: Ranvier, code: str) -> None:
    said = ranvier("check", "--explain", code)
    assert f"`{code}`" in said.out.splitlines()[0]
    assert len(said.out.split()) > 15
    assert "## " not in said.out
    assert ranvier("check", "--explain", code, "--json").json["code"] == code


def test_a_code_that_is_none_and_a_missing_issue_are_said(ranvier: Ranvier) -> None:
    assert "no such code" in ranvier("check", "--explain", "typo", code=2).err
    assert "an issue is missing" in ranvier("check", code=2).err
