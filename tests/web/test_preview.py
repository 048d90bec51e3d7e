"""`ranvier preview` as an editor uses it: a real process, real requests, real changes of files."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from shutil import copytree

import pytest

from ranvier.cli import run
from ranvier.settings.starter import copy_starter

ISSUE = "weekly/2026-11-23"
TEMPLATES = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True)
class Server:
    """A preview that runs."""

    process: subprocess.Popen[str]
    folder: Path
    port: int
    open: ExitStack

    def get(self, path: str, *, method: str = "GET", host: str = "") -> HTTPResponse:
        connection = self.open.enter_context(closing(HTTPConnection("127.0.0.1", self.port, timeout=30)))
        connection.request(method, path, headers={"Host": host} if host else {})
        return self.open.enter_context(closing(connection.getresponse()))

    def read(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status == 200
        return answer.read().decode()

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(20)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafted") / "publication"
    copy_starter(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RANVIER_NOW", "2026-11-23T07:00:00+01:00")
        patch.delenv("RANVIER_DATABASE", raising=False)
        for command in (["ingest"], ["draft", "weekly", "--date", "2026-11-23"]):
            assert run(["-C", str(folder), *command]) == 0
    return folder


@pytest.fixture
def server(drafted: Path, tmp_path: Path) -> Iterator[Server]:
    """A preview of a workspace of its own."""
    yield from served(copytree(drafted, tmp_path / "publication"))


@pytest.fixture(scope="module")
def looked_at(drafted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the tests that leave everything as it was."""
    yield from served(copytree(drafted, tmp_path_factory.mktemp("looked-at") / "publication"))


def served(folder: Path) -> Iterator[Server]:
    with preview(folder, "--no-open") as process, ExitStack() as opened:
        opened.callback(process.kill)
        assert process.stdout is not None
        said = json.loads("".join(process.stdout.readline() for _ in range(4)))
        yield Server(process, folder, int(said["url"].rstrip("/").rpartition(":")[2]), opened)


def preview(folder: Path, *options: str, issue: str = ISSUE) -> subprocess.Popen[str]:
    ours = ("RANVIER_", "PYTHONUNBUFFERED")  # what is said has to arrive without it too
    settled = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.Popen(
        [sys.executable, "-m", "ranvier", "-C", str(folder), "--json", "preview", issue, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=settled,
    )


def event(stream: HTTPResponse) -> str:
    """The next event; the connection's time limit ends a wait for one that does not come."""
    while True:
        line = stream.readline().decode()
        assert line, "the stream ended"
        if line.startswith("data:"):
            return line


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".ranvier" not in path.parts
    }


def test_every_variant_stands_on_its_page_with_what_the_gate_says(looked_at):
    page = looked_at.read("/")
    assert "Not built yet. Next: ranvier build weekly/2026-11-23" in page
    assert "not-reviewed" in page
    for frame in ("light.html", "dark.html", "text"):
        assert 'sandbox="" title="' in page
        assert f'src="/people-with-ms/{frame}"' in page
    assert 'src="/clinicians/dark.html"' in looked_at.read("/?audience=clinicians")
    assert 'src="/people-with-ms/dark.html"' in looked_at.read("/?audience=nobody")
    assert "@media all" in looked_at.read("/clinicians/dark.html")
    assert "Research Digest" in looked_at.read("/caregivers/text")
    assert looked_at.get("/nobody/light.html").status == 404


def test_nothing_is_written_into_the_workspace(looked_at):
    before = files(looked_at.folder)
    looked_at.read("/")
    looked_at.read("/clinicians/light.html")
    assert files(looked_at.folder) == before


def test_a_built_issue_is_known_as_built(server):
    assert run(["-C", str(server.folder), "build", ISSUE]) == 0
    with (server.folder / "digests" / ISSUE / "issue.md").open("a") as file:
        file.write("\n")
    assert "This is what was built." in server.read("/")


@pytest.mark.parametrize("what", ["issue.md", "newsletter.toml", "summary", "template", "look"])
def test_a_change_of_a_file_is_told_and_shown(server, what):
    stream = server.get("/changes")
    assert stream.readline().decode().startswith(": listening")
    issue = server.folder / "digests" / ISSUE / "issue.md"
    if what == "issue.md":
        issue.write_text(issue.read_text().replace("subject:", "subject: Changed words #", 1))
        where, expected = "/", "Changed words"
    elif what == "newsletter.toml":
        path = server.folder / "newsletter.toml"
        path.write_text(path.read_text().replace('tagline = "', 'tagline = "Changed words '))
        where, expected = "/clinicians/light.html", "Changed words"
    elif what == "summary":
        path = server.folder / "summaries" / "updated-pill-slows-secondary-progressive-ms.md"
        path.write_text(path.read_text().replace("## Key Takeaway\n", "## Key Takeaway\n\nChanged words.", 1))
        where, expected = "/people-with-ms/text", "Changed words"
    elif what == "template":
        copytree(TEMPLATES, server.folder / "templates", dirs_exist_ok=True)
        path = server.folder / "templates" / "digest.mjml.j2"
        path.write_text(path.read_text().replace("<h1>", "<h1>Changed words "))
        where, expected = "/clinicians/light.html", "Changed words"
    else:
        path = server.folder / "templates" / "look.toml"
        path.write_text((TEMPLATES / "look.toml").read_text().replace("#16515c", "#16505b"))
        where, expected = "/clinicians/light.html", "#16505b"
    assert event(stream) == "data: changed\n"
    assert expected in server.read(where)


def test_a_change_between_the_page_and_its_stream_is_told(server):
    page = re.search('data-version="([0-9a-f]+)"', server.read("/"))
    assert page
    issue = server.folder / "digests" / ISSUE / "issue.md"
    issue.write_text(issue.read_text().replace("subject:", "subject: Changed words #", 1))
    assert event(server.get(f"/changes?since={page[1]}")) == "data: changed\n"


def test_a_change_is_told_while_another_file_is_gone(server):
    (server.folder / "digests" / ISSUE / "issue.md").unlink()
    stream = server.get("/changes")
    assert stream.readline().decode().startswith(": listening")
    (server.folder / "newsletter.toml").write_text("[newsletter\n")
    assert event(stream) == "data: changed\n"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("item.txt.j2", b'{{ 1 + "a" }}', "templates/item.txt.j2:1: TypeError"),
        ("item.txt.j2", b"\n{{ 1 // 0 }}", "templates/item.txt.j2:2: ZeroDivisionError"),
        ("item.txt.j2", b"\n\n{{ nothing }}", "templates/item.txt.j2:3: "),
        ("item.txt.j2", b"\xff\xfe", "UnicodeDecodeError"),
        ("item.txt.j2", b'{% include "item.txt.j2" %}', "RecursionError"),
        ("web/preview.html.j2", b"{% if %}", "templates/web/preview.html.j2:1: "),
        ("web/preview.html.j2", b'{{ 1 + "a" }}', "templates/web/preview.html.j2:1: TypeError"),
        ("web/preview.css.j2", b"{% if %}", "templates/web/preview.css.j2:1: "),
    ],
    ids=["type", "zero", "undefined", "bytes", "recursion", "page", "page-type", "style"],
)
def test_whatever_is_wrong_in_a_template_is_one_line(looked_at, name, content, said):
    broken = looked_at.folder / "templates" / name
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_bytes(content)
    page = looked_at.read("/")
    assert said in page
    assert "iframe" not in page
    assert 'src="/preview.js"' in page, "it has to see that the file was mended"
    broken.unlink()
    assert "iframe" in looked_at.read("/")


def test_a_mistake_in_a_template_is_no_traceback_at_the_terminal(server):
    (server.folder / "templates" / "item.txt.j2").write_text('{{ 1 + "a" }}')
    server.read("/")
    server.read("/preview.css")
    assert server.get("/clinicians/text").status == 404
    assert server.end() == 0
    assert server.process.stderr is not None
    assert "Traceback" not in server.process.stderr.read()


def test_a_workspace_that_lost_its_newsletter_is_said_and_recovers(server):
    path = server.folder / "newsletter.toml"
    kept = path.read_bytes()
    path.unlink()
    assert "newsletter.toml: " in server.read("/")
    path.write_bytes(kept)
    assert "iframe" in server.read("/")


def test_a_broken_file_is_named_and_the_page_recovers_when_it_is_mended(server):
    broken = server.folder / "templates" / "item.txt.j2"
    broken.write_text("{% if %}")
    page = server.read("/")
    assert "templates/item.txt.j2:1: " in page
    assert "Traceback" not in page
    assert "iframe" not in page
    assert server.get("/clinicians/light.html").status == 404
    broken.unlink()
    assert "iframe" in server.read("/")


def test_a_file_that_is_gone_is_said_and_the_page_recovers_when_it_is_back(server):
    for path in (server.folder / "digests" / ISSUE / "issue.md", server.folder / "summaries" / "topics.toml"):
        kept = path.read_bytes()
        path.unlink()
        page = server.read("/")
        assert path.name in page
        assert "iframe" not in page
        path.mkdir()
        assert path.name in server.read("/")
        path.rmdir()
        path.write_bytes(kept)
        assert "iframe" in server.read("/")


def test_an_items_file_that_is_gone_is_said_by_the_gate(server):
    (server.folder / "summaries" / "updated-pill-slows-secondary-progressive-ms.md").unlink()
    page = server.read("/")
    assert "quarantined" in page
    assert "iframe" in page


def test_a_broken_look_does_not_break_the_page_that_says_so(server):
    (server.folder / "templates" / "look.toml").write_text('[light]\nink = "#999999"\n')
    assert "templates/look.toml: [light]: ink on page has a contrast of" in server.read("/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.0.2.1"])
def test_a_page_elsewhere_cannot_read_it_through_a_name_of_its_own(looked_at, host):
    assert looked_at.get("/", host=host).status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_can_only_be_looked_at(looked_at, method):
    assert looked_at.get("/", method=method).status == 405


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", "default-src 'none'; style-src 'self'"),
        ("/clinicians/light.html", "sandbox; default-src 'none'"),
    ],
)
def test_nothing_of_a_mail_runs_and_nothing_is_kept(looked_at, path, policy):
    answer = looked_at.get(path)
    assert answer.getheader("Content-Security-Policy", "").startswith(policy)
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Referrer-Policy") == "no-referrer"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_one_line_even_while_a_page_waits_for_changes(server, how):
    stream = server.get("/changes")
    assert stream.readline()
    assert server.end(how) == 0
    assert server.process.stderr is not None
    assert server.process.stderr.read() == "The preview has ended.\n"


@pytest.mark.parametrize(
    ("path", "method", "host"),
    [
        ("/", "POST", ""),
        ("/", "GET", "evil.example"),
        ("/nobody/light.html", "GET", ""),
        ("/clinicians/text", "GET", ""),
    ],
    ids=["refused-method", "foreign-host", "not-found", "text"],
)
def test_every_answer_forbids_to_keep_it_and_to_run_anything(looked_at, path, method, host):
    answer = looked_at.get(path, method=method, host=host)
    assert answer.getheader("Content-Security-Policy", "").startswith("default-src 'none'")
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Referrer-Policy") == "no-referrer"


def test_a_port_that_is_taken_is_said(drafted):
    with socket.create_server(("127.0.0.1", 0)) as other:
        out, _ = (process := preview(drafted, "--port", str(other.getsockname()[1]))).communicate(timeout=30)
    assert process.returncode == 2
    assert json.loads(out)["error"]["where"] == "--port"


@pytest.mark.parametrize("issue", ["weekly/2026-11-24", "weekly/never", "yearly/2026-11-23"])
def test_an_issue_that_is_not_there_is_said(drafted, issue):
    out, _ = (process := preview(drafted, issue=issue)).communicate(timeout=30)
    assert process.returncode == 2
    assert json.loads(out)["error"]["message"]
