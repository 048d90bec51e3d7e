"""Messages as they leave, scored by SpamAssassin without the network (R242)."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
from tests.proof.conftest import ISSUE, require

from ranvier.cli import run
from ranvier.pipeline.spamd import spam_score
from ranvier.settings.starter import copy_starter, starter_folder

# Every filter knows this line as spam: Generic Test for Unsolicited Bulk Email.
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
FLAGS = ("-L", "-x", "-m", "1", "-u", "nobody", "-i", "127.0.0.1")
HEADINGS = ("What it could mean for you", "What it could mean for caregivers", "For practice")


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One message of each variant, by the heading that only it has, as the outbox got it."""
    folder = tmp_path_factory.mktemp("sent") / "publication"
    copy_starter(folder)
    people = str(starter_folder() / "subscribers" / "readers.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RANVIER_TRANSPORT", "outbox:out")
        patch.delenv("RANVIER_NOW", raising=False)
        for command in (
            ["ingest"],
            ["subscribers", "import", people],
            ["draft", "weekly", "--date", "2026-11-23"],
            ["build", ISSUE],
            ["approve", ISSUE, "--by", "Ann Editor"],
            ["send", ISSUE],
        ):
            assert run(["-C", str(folder), *command]) == 0
    found: dict[str, bytes] = {}
    for path in sorted((folder / "out" / "new").glob("*.eml")):
        wire = path.read_bytes()
        plain = re.sub(rb"=\r\n", b"", wire).upper()
        for heading in HEADINGS:
            if heading.upper().encode() in plain.partition(b"text/html".upper())[0]:
                found.setdefault(heading, wire)
    return found


@pytest.fixture(scope="module")
def spamassassin() -> str:
    found = shutil.which("spamassassin")
    require(found, "SpamAssassin", "apt-get install spamassassin")
    return str(found)


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_message_stays_below_half_a_point(spamassassin, messages, heading):
    done = subprocess.run(
        [spamassassin, "-L", "-t"], input=messages[heading], capture_output=True, timeout=120, check=True
    )
    status = re.search(
        rb"^X-Spam-Status: \w+, score=(-?[\d.]+) .*?tests=(\S*)", done.stdout, re.MULTILINE | re.DOTALL
    )
    assert status is not None
    assert float(status[1]) <= 0.5, status[2]


@pytest.fixture(scope="module")
def spamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real daemon on loopback."""
    found = shutil.which("spamd", path="/usr/sbin:/usr/bin:/sbin:/bin")
    require(found, "spamd", "apt-get install spamassassin spamd")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("spamd")
    home.chmod(0o777)
    daemon = subprocess.Popen(
        [str(found), *FLAGS, "-H", str(home), "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, daemon)
        yield f"127.0.0.1:{port}"
    finally:
        daemon.terminate()
        daemon.wait(30)


def _wait(port: int, daemon: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert daemon.poll() is None
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("spamd does not listen")


def test_a_daemon_is_asked_in_its_own_words(spamd, messages):
    score = spam_score(messages["For practice"], spamd=spamd)
    assert score is not None
    assert score.points <= 0.5
    spam = spam_score(b"Subject: Test\r\n\r\n" + GTUBE + b"\r\n", spamd=spamd)
    assert spam is not None
    assert spam.points > 100
    assert "GTUBE" in spam.rules


def test_who_does_not_answer_gives_no_score():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert spam_score(b"x", spamd=f"127.0.0.1:{free.getsockname()[1]}") is None


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SPAMD/1.1 76 Bad\r\n\r\n", b""])
def test_who_is_no_spamd_gives_no_score(answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server, answer))
        thread.start()
        assert spam_score(b"x" * 100, spamd=f"127.0.0.1:{server.getsockname()[1]}") is None
        thread.join()


def _answer(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        while connection.recv(4096):
            pass
        connection.sendall(answer)
