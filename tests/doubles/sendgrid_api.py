"""A small SendGrid on loopback: keeps what it takes, and misbehaves where it is told to."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TAKE_AND_DROP = "take and drop"
DROP = "drop"
SILENCE = "silence"


@dataclass(frozen=True, kw_only=True)
class HttpAnswer:
    """A scripted answer; `errors` as (message, field)."""

    status: int
    errors: tuple[tuple[str, str | None], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class SendGridApi:
    """Answers come from `script`, in order, then from `judge`, then 202. `requests` holds all that came.

    A `judge` runs in the thread of its request: what it waits for, that request waits for.
    """

    script: Iterable[HttpAnswer | str] = ()
    judge: Callable[[dict[str, Any]], HttpAnswer | None] | None = None
    key: str = "SG.test"
    requests: list[dict[str, Any]] = field(default_factory=list)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Suppression lists by name, each row as SendGrid shows it."""
    erased: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._script = deque(self.script)
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self.host = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def then(self, answer: HttpAnswer | str) -> None:
        """One more answer of the script."""
        self._script.append(answer)

    @property
    def delivered(self) -> list[int]:
        """Delivery ids that were taken, as often as they were."""
        return [
            int(personalization["custom_args"]["ranvier_delivery"])
            for body in self.taken
            for personalization in body["personalizations"]
        ]

    def answer(self, path: str, key: str, kind: str, body: dict[str, Any]) -> HttpAnswer | str:
        """What to say to a request."""
        self.requests.append(body)
        if kind.partition(";")[0] != "application/json":
            return HttpAnswer(status=415, errors=(("content-type must be application/json", None),))
        if path not in {"/v3/mail/send", "/v3/recipients/erasejob"}:
            return HttpAnswer(status=404, errors=(("no such path", None),))
        if key != f"Bearer {self.key}":
            return HttpAnswer(status=401, errors=(("authorization required", None),))
        if path == "/v3/recipients/erasejob":
            if self._script:
                return self._script.popleft()
            self.erased += body["addresses"]
            return HttpAnswer(status=202)
        if self._script:
            answer = self._script.popleft()
        else:
            answer = (self.judge and self.judge(body)) or HttpAnswer(status=202)
        if answer == TAKE_AND_DROP or (isinstance(answer, HttpAnswer) and answer.status == 202):
            self.taken.append(body)
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                kind = self.headers["Content-Type"]
                answer = api.answer(self.path, self.headers["Authorization"], kind, body)
                if isinstance(answer, HttpAnswer):
                    self.reply(answer)
                elif answer == SILENCE:
                    api._closing.wait()
                else:
                    self.connection.shutdown(socket.SHUT_RDWR)

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                asked = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
                rows = api.lists.get(url.path.rpartition("/")[2], [])
                if self.headers["Authorization"] != f"Bearer {api.key}":
                    self.reply(HttpAnswer(status=401, errors=(("authorization required", None),)))
                    return
                page = json.dumps(rows[asked["offset"] :][: asked["limit"]]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def do_DELETE(self) -> None:
                *_, name, address = self.path.split("/")
                rows = api.lists[name]
                rows[:] = [row for row in rows if row["email"] != unquote(address)]
                self.reply(HttpAnswer(status=204))

            def reply(self, answer: HttpAnswer) -> None:
                errors = [{"message": message, "field": where} for message, where in answer.errors]
                content = json.dumps({"errors": errors}).encode() if errors else b""
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
