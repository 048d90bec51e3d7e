"""The way from sign-up to goodbye where the list is in PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import select
from starlette.testclient import TestClient
from tests.doubles.sendgrid_hook import SendGridHook, batch, event
from tests.weeks import CLOCKS, ISSUE, NOW, World, commands, copy_week, settled

from ranvier.message.identity import unsubscribe_url
from ranvier.pipeline.rights import forget
from ranvier.settings.workspace import Environment, Workspace
from ranvier.store import readers
from ranvier.store.schema import events, subscribers
from ranvier.web.site import site

CLEO = "cleo@reader.example.org"


def test_from_sign_up_to_goodbye(sent: Path, tmp_path: Path, postgresql_url: str) -> None:
    hook = SendGridHook()
    with settled() as environment:
        environment.setenv("RANVIER_DATABASE", postgresql_url)
        folder = copy_week(sent, tmp_path / "publication")
        shutil.rmtree(folder / "digests/outbox")  # another list's
        workspace = Workspace(folder, Environment(database=postgresql_url, webhook_key=hook.public))
        with TestClient(site(workspace, CLOCKS), raise_server_exceptions=False) as client:
            world = World(workspace, client)
            form = {"email": CLEO, "consent": "yes", "csrf": world.csrf("/subscribe")}
            assert client.post("/subscribe", data=form).status_code == 200
            path = world.confirmation_link(CLEO)
            assert client.post(path, data={"csrf": world.csrf(path)}).status_code == 200
            assert world.person("cleo").person.status == "active"
            for command in ("build", "approve", "send"):
                more = ("--by", "Ann Editor") if command == "approve" else ()
                commands(folder, *([("ingest",)] if command == "build" else []), (command, ISSUE, *more))
            number = int(world.message("cleo").stem)
            body = batch(event("e1", "delivered", number), event("e2", "open", "77"))
            headers = hook.headers(body, at=NOW.timestamp())
            for _ in range(2):
                assert client.post("/webhooks/sendgrid", content=body, headers=headers).status_code == 204
            with workspace.database.read() as connection:
                assert connection.execute(select(events.c.kind)).scalars().all() == ["delivered"]
                person = connection.execute(select(subscribers.c.id)).scalar_one()
            link = unsubscribe_url(workspace.secrets, "", "weekly", person)
            for _ in range(2):
                answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
                assert answer.status_code == 200
            assert world.person("cleo").person.status == "unsubscribed"
            assert forget(workspace, CLEO, now=NOW).forgotten
            assert world.found("cleo") is None
            with workspace.database.read() as connection:
                assert readers.told(connection, [number]) == ()
        commands(folder, ("verify", ISSUE))
        workspace.close()
