"""A reader's whole way in a real browser, from sign-up to goodbye, with and without scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from tests.proof.conftest import require
from tests.weeks import send_week, settled

from ranvier.message.identity import unsubscribe_url
from ranvier.settings.workspace import Environment, Workspace
from ranvier.store import readers, topic_bits

SITE = "https://news.example.org"
CLEO = "cleo@reader.example.org"
Facts = dict[str, Any]


@dataclass
class Place:
    """A publication that was sent once, and its server."""

    folder: Path
    server: str

    def link(self, kind: str, to: str) -> str:
        """The newest link of a kind in the mails to somebody."""
        for path in (self.folder / "digests/outbox/new").glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            found = body and re.search(rf"{SITE}/{kind}/[\w-]+", body.get_content())
            if found and to in mail["To"]:
                return found.group()
        raise LookupError(kind)

    def status(self, address: str) -> str | None:
        workspace = Workspace(self.folder, Environment())
        try:
            with workspace.database.read() as connection:
                found = readers.by_address(connection, address, topic_bits.held_bits(connection))
            return str(found.person.status) if found else None
        finally:
            workspace.close()

    def one_click(self, address: str) -> str:
        """What a mail program posts for a reader of the weekly edition."""
        workspace = Workspace(self.folder, Environment())
        with workspace.database.read() as connection:
            found = readers.by_address(connection, address, topic_bits.held_bits(connection))
        assert found
        url = unsubscribe_url(workspace.secrets, SITE, "weekly", found.id)
        workspace.close()
        return url


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with settled():
        folder = tmp_path / "publication"
        send_week(folder)
        yield from served(folder)


def served(folder: Path) -> Iterator[Place]:
    serve = [sys.executable, "-m", "ranvier", "-C", str(folder), "--json", "serve", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stdout is not None
        answer = "".join(process.stdout.readline() for _ in range(4))
        try:
            yield Place(folder, json.loads(answer)["url"])
        finally:
            process.terminate()


@pytest.fixture
def walk(node: Callable[[str, object], Any], place: Place) -> Callable[..., Facts]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    require(executable, "Chromium", "apt-get install chromium")

    def walked(steps: Sequence[dict[str, str]], *, scripts: bool) -> Facts:
        shots = os.environ.get("RANVIER_SHOTS", "")
        asked = {"executable": executable, "site": SITE, "server": place.server, "scripts": scripts}
        facts: Facts = node("walk.mjs", {**asked, "steps": list(steps), "shots": shots})
        assert facts["elsewhere"] == []
        assert facts["cookies"] == []
        assert facts["complaints"] == []
        for look in facts["seen"]:
            assert "sclerosis" not in look["title"].lower()
            assert "MS" not in look["title"].split()
            for situation in look["situations"]:
                assert situation["violations"] == [], (look["name"], situation)
                assert situation["needed"] <= situation["width"], (look["name"], situation)
        return facts

    return walked


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_sign_up_to_goodbye(place: Place, walk: Callable[..., Facts], *, scripts: bool) -> None:
    seen = walk(
        [
            {"open": f"{SITE}/"},
            {"look": "home"},
            {"press": "a.button"},
            {"look": "form"},
            {"fill": "#email", "with": CLEO},
            {"tick": "#topic-lifestyle-gut"},
            {"tick": "#consent"},
            {"press": "main form button"},
            {"look": "sent"},
            {"open": f"{SITE}/privacy"},
            {"look": "privacy"},
            {"open": f"{SITE}/contact"},
            {"look": "contact"},
        ],
        scripts=scripts,
    )["seen"]
    assert "on its way" in seen[2]["text"]
    assert place.status(CLEO) is None
    wait_for(lambda: place.link("c", CLEO))
    seen = walk(
        [
            {"open": place.link("c", CLEO)},
            {"look": "confirm"},
            {"press": "main form button"},
            {"look": "confirmed"},
            {"press": "main a"},
            {"look": "preferences"},
            {"tick": "#people"},
            {"press": "main form button"},
            {"look": "saved"},
        ],
        scripts=scripts,
    )["seen"]
    assert "c…@r….org" in seen[0]["text"]
    assert "Saved" in seen[3]["text"]
    assert place.status(CLEO) == "active"
    one_click = place.one_click(CLEO)
    post = Request(one_click.replace(SITE, place.server), data=b"List-Unsubscribe=One-Click")  # noqa: S310 - loopback
    with urlopen(post) as answer:  # noqa: S310 - loopback
        assert answer.status == 200
    assert place.status(CLEO) == "unsubscribed"
    seen = walk(
        [
            {"open": one_click},
            {"look": "left"},
            {"open": seen[2]["url"]},
            {"look": "left-preferences"},
            {"tick": "#sure"},
            {"press": 'form[action$="/forget"] button'},
            {"look": "forgotten"},
        ],
        scripts=scripts,
    )["seen"]
    assert "no more e-mails" in seen[0]["text"]
    assert "You are forgotten" in seen[2]["text"]
    assert place.status(CLEO) is None


def test_the_unsubscribe_page_of_a_reader_asks_once(place: Place, walk: Callable[..., Facts]) -> None:
    steps = [{"open": place.link("u", "ann")}, {"look": "unsubscribe"}]
    assert "Nothing has changed yet" in walk(steps, scripts=True)["seen"][0]["text"]
    assert place.status("ann@reader.example.org") == "active"
    walk([*steps, {"press": "main form button"}, {"look": "unsubscribed"}], scripts=False)
    assert place.status("ann@reader.example.org") == "unsubscribed"


def wait_for(found: Callable[[], object]) -> None:
    """A mail is written after the page has answered."""
    import time  # noqa: PLC0415

    for _ in range(100):
        try:
            found()
        except LookupError:
            time.sleep(0.1)
        else:
            return
