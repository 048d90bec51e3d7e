"""Links are followed over real sockets; what only turns programs away is not dead."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ranvier.pipeline.following import follow


class Answers(BaseHTTPRequestHandler):
    """The status that the path says; /no-head/N refuses HEAD and answers GET with N."""

    def do_HEAD(self) -> None:
        self._say(405 if self.path.startswith("/no-head/") else int(self.path.rpartition("/")[2]))

    def do_GET(self) -> None:
        self._say(int(self.path.rpartition("/")[2]))

    def _say(self, status: int) -> None:
        self.server.asked.append((self.command, self.path))  # type: ignore[attr-defined]  # set below
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def site() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.asked = []  # type: ignore[attr-defined]  # what it was asked
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", server.asked  # type: ignore[attr-defined]  # as above
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("/200", ""),
        ("/404", "answers 404 Not Found"),
        ("/410", "answers 410 Gone"),
        ("/401", ""),
        ("/403", ""),
        ("/429", ""),
        ("/500", ""),
        ("/no-head/200", ""),
        ("/no-head/404", "answers 404 Not Found"),
    ],
)
def test_only_what_says_that_there_is_nothing_is_dead(site, path, trouble):
    url = site[0] + path
    assert follow([url]) == {url: trouble}


def test_each_address_is_asked_once(site):
    url = f"{site[0]}/200"
    assert list(follow([url, url, f"{site[0]}/404", url])) == [url, f"{site[0]}/404"]
    assert sorted(site[1]) == [("HEAD", "/200"), ("HEAD", "/404")]


def test_nobody_listening_is_said():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert follow([url]) == {url: "nobody answers there"}


def test_a_host_that_is_no_host_is_said():
    assert follow(["https://nowhere.invalid/"]) == {"https://nowhere.invalid/": "there is no such host"}


def test_nothing_to_follow_is_nothing():
    assert follow([]) == {}
