"""`bounces` on the return paths and links of messages that were really written."""

from __future__ import annotations

import json
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
from tests.events import samples
from tests.weeks import copy_week, send_week, settled

from ranvier.cli import run

SENDER = """bounce_domain = "bounce.example.org"
unsubscribe_domain = "leave.example.org"
"""


@dataclass
class World:
    """A publication that was sent once, and its bounce box."""

    folder: Path

    def run(self, *command: str) -> int:
        return run(["-C", str(self.folder), *command])

    def send(self, day: str) -> None:
        issue = f"weekly/{day}"
        for command in (
            ("draft", "weekly", "--date", day),
            ("build", issue),
            ("approve", issue, "--by", "Ann Editor"),
            ("send", issue),
        ):
            assert self.run(*command) == 0

    def redate_an_unused_summary(self, day: str) -> None:
        used = "".join(path.read_text() for path in self.folder.glob("digests/*/*/issue.md"))
        texts = {path: path.read_text() for path in sorted((self.folder / "summaries").glob("*.md"))}
        path = next(path for path, text in texts.items() if path.stem not in used and _is_fit(text))
        path.write_text(re.sub(r"\ndate: .*", f"\ndate: {day}", texts[path], count=1))
        assert self.run("ingest") == 0

    def sent(self, name: str, *, last: bool = False) -> tuple[str, bytes]:
        """Return path and message of the copy of a reader."""
        found = []
        for path in sorted((self.folder / "digests/outbox/new").glob("*.json"), key=lambda p: int(p.stem)):
            envelope = json.loads(path.read_text())
            if envelope["to"].startswith(name):
                found.append((envelope["from"], path.with_suffix(".eml").read_bytes()))
        return found[-1 if last else 0]

    def bounce(self, *mails: bytes, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
        box = mailbox.mbox(self.folder / "box")
        box.clear()
        for mail in mails:
            box.add(mail)
        box.flush()
        box.close()
        capsys.readouterr()
        assert self.run("bounces", str(self.folder / "box"), "--json") == 0
        counts: dict[str, int] = json.loads(capsys.readouterr().out)
        return counts

    def status(self, name: str, capsys: pytest.CaptureFixture[str]) -> str:
        capsys.readouterr()
        assert self.run("subscribers", "show", f"{name}@reader.example.org", "--json") == 0
        return str(json.loads(capsys.readouterr().out)["status"])


def _is_fit(summary: str) -> bool:
    return "\ndate: " in summary and "## Important Considerations" in summary


def returned(mail: bytes, to: str) -> bytes:
    return mail.replace(samples.TO.encode(), to.encode())


@pytest.fixture(scope="session")
def sent_with_return_paths(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sent-with-return-paths") / "publication"
    with settled():
        send_week(folder, sender=SENDER)
    return folder


@pytest.fixture
def world(sent_with_return_paths: Path, tmp_path: Path) -> Iterator[World]:
    with settled():
        yield World(copy_week(sent_with_return_paths, tmp_path / "publication"))


def test_a_hard_bounce_ends_it_once_and_for_one_person(world, capsys):
    mail = returned(samples.dsn(), world.sent("ann")[0])
    assert world.bounce(mail, capsys=capsys)["hard"] == 1
    assert world.status("ann", capsys) == "bounced"
    assert world.status("ben", capsys) == "active"
    again = world.bounce(mail, mail, capsys=capsys)
    assert (again["read"], again["bounced"], again["repeated"]) == (2, 0, 2)


@pytest.mark.parametrize("case", [str.upper, str.swapcase])
def test_a_return_path_is_known_in_whatever_case_it_comes_back(world, capsys, case):
    assert world.bounce(returned(samples.dsn(), case(world.sent("ann")[0])), capsys=capsys)["hard"] == 1
    assert world.status("ann", capsys) == "bounced"


def test_what_is_about_the_sender_or_passes_ends_nothing(world, capsys):
    path = world.sent("ann")[0]
    found = world.bounce(
        returned(samples.dsn(status="5.7.1", diagnostic="smtp; 550 5.7.1 spam"), path),
        returned(samples.dsn(status="5.2.2", diagnostic="smtp; 552 5.2.2 over quota"), path),
        returned(samples.POSTFIX_DELAYED, path),
        returned(samples.VACATION, path),
        returned(samples.CHALLENGE, path),
        returned(samples.RECEIPT, path),
        capsys=capsys,
    )
    assert (found["read"], found["bounced"], found["ignored"]) == (6, 2, 4)
    assert found["blocked_codes"] == {"5.7.1": 1}
    assert world.status("ann", capsys) == "active"


def test_a_forged_bounce_changes_nothing(world, capsys):
    local, _, domain = world.sent("ann")[0].partition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    mail = returned(samples.dsn(), forged).replace(b"ann@reader.example", b"ann@reader.example.org")
    unsigned = returned(mail, "digest@news.example.org").replace(forged.encode(), b"digest@news.example.org")
    found = world.bounce(mail, unsigned, capsys=capsys)
    assert (found["bounced"], found["forged"], found["about_nobody_here"]) == (0, 1, 1)
    assert world.status("ann", capsys) == "active"


def test_a_complaint_without_an_address_is_known_by_its_copy(world, capsys):
    copy = message_from_bytes(world.sent("ann")[1])
    header = "\n".join(f"{name}: {copy[name]}" for name in ("Message-ID", "List-Unsubscribe", "Subject"))
    mail = samples.complaint(copy=f"From: digest@news.example.org\nTo: redacted\n{header}\n\nHello")
    found = world.bounce(mail.replace(samples.TO.encode(), b"x@y.example"), capsys=capsys)
    assert (found["complained"], found["ignored"]) == (1, 0)
    assert world.status("ann", capsys) == "complained"


def test_a_mail_to_the_unsubscribe_address_is_enough(world, capsys):
    header = message_from_bytes(world.sent("ann")[1])["List-Unsubscribe"]
    address = re.findall(r"<mailto:(u\+[a-z2-7]+@leave\.example\.org)\?subject=unsubscribe>", header)[0]
    assert header.startswith("<https://")
    mail = f"From: somebody@else.example\nTo: <{address}>\nSubject: unsubscribe\n\n".encode()
    assert world.bounce(mail, capsys=capsys)["unsubscribed"] == 1
    assert world.bounce(mail, capsys=capsys)["repeated"] == 1
    assert world.status("ann", capsys) == "unsubscribed"
    assert world.status("ben", capsys) == "active"


def test_failures_that_pass_end_it_after_three_issues_and_two_weeks(world, capsys, monkeypatch):
    full = samples.dsn(status="5.2.2", diagnostic="smtp; 552 5.2.2 over quota")
    for day in ("2026-11-23", "2026-11-30", "2026-12-07"):
        if day != "2026-11-23":
            monkeypatch.setenv("RANVIER_NOW", f"{day}T12:00:00+00:00")
            world.redate_an_unused_summary(f"{day[:-2]}{int(day[-2:]) - 2:02}")
            world.send(day)
        assert world.status("ann", capsys) == "active"
        world.bounce(returned(full, world.sent("ann", last=True)[0]), capsys=capsys)
    assert world.status("ann", capsys) == "bounced"
    assert world.status("ben", capsys) == "active"


def test_a_folder_and_a_single_mail_are_read_too(world, capsys):
    box = world.folder / "maildir"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    (box / "new/1").write_bytes(returned(samples.dsn(), world.sent("ann")[0]))
    (box / "cur/2:2,S").write_bytes(returned(samples.QMAIL, world.sent("ben")[0]))
    (box / "tmp/3").write_bytes(b"half")
    capsys.readouterr()
    assert world.run("bounces", str(box), "--json") == 0
    assert json.loads(capsys.readouterr().out)["read"] == 2
    assert world.status("ben", capsys) == "bounced"
    assert world.run("bounces", str(box / "new/1")) == 0
    (world.folder / "empty").write_bytes(b"")
    capsys.readouterr()
    assert world.run("bounces", str(world.folder / "empty"), "--json") == 0
    assert json.loads(capsys.readouterr().out)["read"] == 0
    assert world.run("bounces", str(world.folder / "nothing")) == 2
