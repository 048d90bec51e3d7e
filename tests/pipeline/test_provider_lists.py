"""`subscribers sync`, `forget` and `add` where mail goes out by SendGrid."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from tests.doubles.sendgrid_api import HttpAnswer, SendGridApi
from tests.weeks import World

from ranvier.store.schema import consents, set_aside, subscribers

OLD = 1_700_000_000
NEW = 1_900_000_000


def row(name: str, created: int = OLD, **more: str) -> dict[str, object]:
    return {"email": f"{name}@reader.example.org", "created": created, **more}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[SendGridApi]:
    with SendGridApi() as made:
        monkeypatch.setenv("RANVIER_TRANSPORT", f"sendgrid:?host={made.host}")
        monkeypatch.setenv("SENDGRID_API_KEY", made.key)
        yield made


def synced(world: World, capsys: pytest.CaptureFixture[str], code: int = 0) -> dict[str, int]:
    capsys.readouterr()
    assert world.run("subscribers", "sync", "--json") == code
    counts: dict[str, int] = json.loads(capsys.readouterr().out)
    return counts


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("bounces", "bounced"),
        ("invalid_emails", "bounced"),
        ("spam_reports", "complained"),
        ("unsubscribes", "unsubscribed"),
    ],
)
def test_whom_sendgrid_keeps_back_is_not_written_to(world, api, capsys, name, status):
    api.lists = {name: [*(row(f"x{number}") for number in range(700)), row("ann"), {"email": "odd"}, {}]}
    found = synced(world, capsys)
    assert (found[status], found["not_here"]) == (1, 701)
    assert world.person("ann").person.status == status
    assert world.person("ben").person.status == "active"
    assert synced(world, capsys)[status] == 0


def test_who_was_only_blocked_is_written_to(world, api, capsys):
    api.lists = {"blocks": [row("ann")]}
    synced(world, capsys)
    assert world.person("ann").person.status == "active"


@pytest.mark.parametrize(("created", "stays"), [(OLD, False), (NEW, True)])
def test_who_confirmed_a_sign_up_since_is_taken_off_sendgrids_list(world, api, capsys, created, stays):
    with world.workspace.database.write() as connection:
        person = select(subscribers.c.id).where(subscribers.c.name == "Ann").scalar_subquery()
        proof = {"source": "sign-up form", "asked_at": world.now, "given_at": world.now}
        connection.execute(consents.insert().values(subscriber=person, **proof))
    api.lists = {"bounces": [row("ann", created)]}
    assert synced(world, capsys)["taken_off"] == int(not stays)
    assert bool(api.lists["bounces"]) is stays
    assert world.person("ann").person.status == ("bounced" if stays else "active")


def test_who_is_forgotten_is_erased_at_sendgrid_too(world, api):
    assert world.run("subscribers", "forget", "ann@reader.example.org") == 0
    assert api.erased == ["ann@reader.example.org"]
    with world.workspace.database.read() as connection:
        assert not connection.execute(select(set_aside)).all()


def test_an_erasure_that_sendgrid_did_not_take_is_asked_for_again(world, api, capsys):
    api.then(HttpAnswer(status=500))
    assert world.run("subscribers", "forget", "ann@reader.example.org") == 0
    assert "subscribers sync" in capsys.readouterr().err
    assert not api.erased
    assert synced(world, capsys)["erased"] == 1
    assert api.erased == ["ann@reader.example.org"]
    with world.workspace.database.read() as connection:
        assert not connection.execute(select(set_aside)).all()


def test_without_sendgrid_there_is_nothing_to_sync(world):
    assert world.run("subscribers", "sync") == 2


def test_a_wrong_key_and_no_answer_are_said_in_one_line(world, api, capsys, monkeypatch):
    api.lists = {"bounces": [row("ann")]}
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.other")
    assert world.run("subscribers", "sync") == 2
    assert "SENDGRID_API_KEY" in capsys.readouterr().err
    monkeypatch.setenv("RANVIER_TRANSPORT", "sendgrid:?host=http://127.0.0.1:9")
    assert world.run("subscribers", "sync") == 75
    assert world.person("ann").person.status == "active"


def test_what_is_old_goes_and_what_is_new_stays(world, capsys):
    with world.workspace.database.write() as connection:
        for name, day in (("old", "2026-01-01"), ("new", "2026-11-20")):
            at = world.now.fromisoformat(f"{day}T00:00:00+00:00")
            connection.execute(set_aside.insert().values(id=name, source="sendgrid", at=at, body="x"))
    assert world.run("subscribers", "prune", "--json") == 0
    assert json.loads(capsys.readouterr().out)["set_aside"] == 1
    with world.workspace.database.read() as connection:
        assert connection.execute(select(set_aside.c.id)).scalars().all() == ["new"]


def test_one_person_is_added_as_by_a_list(world):
    add = ("subscribers", "add", "cleo@reader.example.org", "--name", "Cleo")
    assert world.run(*add, "--consent-source", "asked by letter", "--consent-date", "2026-11-01") == 0
    cleo = world.person("cleo").person
    assert (cleo.name, cleo.status, str(cleo.consent_date)) == ("Cleo", "active", "2026-11-01")
    assert world.run("subscribers", "add", "nobody") == 2
    with world.workspace.database.write() as connection:
        connection.execute(
            update(subscribers).where(subscribers.c.name == "Cleo").values(status="complained")
        )
    assert world.run(*add, "--consent-source", "asked again", "--consent-date", "2026-11-02") == 0
    assert world.person("cleo").person.status == "complained"
