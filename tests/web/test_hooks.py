"""SendGrid's Event Webhook, signed and not, in any order and again and again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select, update
from starlette.testclient import TestClient
from tests.doubles.sendgrid_hook import SendGridHook, batch, event
from tests.weeks import CLOCKS, ISSUE, NOW, World

from ranvier.errors import ConfigurationError
from ranvier.pipeline.provider_news import take_in
from ranvier.settings.workspace import Environment, Workspace
from ranvier.store.schema import consents, deliveries, events, issues, set_aside, subscribers
from ranvier.web.site import site

PATH = "/webhooks/sendgrid"
INVALID = {"type": "bounce", "bounce_classification": "Invalid Address", "status": "5.1.1"}
FULL = {"type": "bounce", "bounce_classification": "Mailbox Unavailable", "status": "5.2.2"}


class Hooked:
    """The world, with a webhook."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hook = SendGridHook()
        self.workspace = Workspace(world.workspace.root, Environment(webhook_key=self.hook.public))
        self.client = TestClient(site(self.workspace, CLOCKS), raise_server_exceptions=False)
        self.ids = self._ids()

    def post(self, body: bytes, *, at: float = NOW.timestamp(), **headers: str) -> Response:
        return self.client.post(PATH, content=body, headers={**self.hook.headers(body, at=at), **headers})

    def _ids(self) -> dict[str, int]:
        query = select(subscribers.c.name, deliveries.c.id).join(
            deliveries, deliveries.c.subscriber == subscribers.c.id
        )
        with self.workspace.database.read() as connection:
            return {row.name.lower(): row.id for row in connection.execute(query)}

    def state(self, name: str) -> str:
        query = select(deliveries.c.state).where(deliveries.c.id == self.ids[name])
        with self.workspace.database.read() as connection:
            return str(connection.execute(query).scalar_one())

    def become(self, name: str, state: str) -> None:
        with self.workspace.database.write() as connection:
            row = update(deliveries).where(deliveries.c.id == self.ids[name])
            connection.execute(row.values(state=state))
            connection.execute(update(issues).values(state="sending" if state == "uncertain" else "sent"))

    def reset(self) -> None:
        with self.workspace.database.write() as connection:
            connection.execute(delete(events))
            connection.execute(update(subscribers).values(status="active"))
            connection.execute(update(deliveries).values(state="accepted"))

    def everything(self) -> list[object]:
        with self.workspace.database.read() as connection:
            return [
                connection.execute(select(subscribers.c.id, subscribers.c.status).order_by("id")).all(),
                connection.execute(select(deliveries.c.id, deliveries.c.state).order_by("id")).all(),
                connection.execute(select(events.c.id, events.c.kind).order_by("id")).all(),
            ]


@pytest.fixture
def hooked(world: World) -> Iterator[Hooked]:
    made = Hooked(world)
    yield made
    made.workspace.close()


@pytest.mark.parametrize(
    ("kind", "more", "status", "state"),
    [
        ("bounce", INVALID, "bounced", "accepted"),
        ("bounce", FULL, "active", "accepted"),
        ("bounce", {**INVALID, "type": "blocked"}, "active", "accepted"),
        (
            "bounce",
            {"type": "bounce", "status": "5.1.1", "reason": "550 no such user"},
            "bounced",
            "accepted",
        ),
        ("bounce", {**INVALID, "bounce_classification": "Content"}, "active", "accepted"),
        ("dropped", {"reason": "Bounced Address"}, "bounced", "rejected"),
        ("dropped", {"reason": "Spam Reporting Address"}, "complained", "rejected"),
        ("dropped", {"reason": "Unsubscribed Address"}, "unsubscribed", "rejected"),
        ("dropped", {"reason": "Recipient List over Package Quota"}, "active", "rejected"),
        ("spamreport", {}, "complained", "accepted"),
        ("unsubscribe", {}, "unsubscribed", "accepted"),
        ("group_unsubscribe", {"asm_group_id": 1}, "unsubscribed", "accepted"),
        ("group_resubscribe", {"asm_group_id": 1}, "active", "accepted"),
        ("deferred", {"response": "400 try again later", "attempt": "5"}, "active", "accepted"),
        ("open", {"useragent": "x", "ip": "192.0.2.1"}, "active", "accepted"),
    ],
)
def test_each_event_does_what_it_means_to_one_person(hooked, kind, more, status, state):
    body = batch(event("e1", kind, str(hooked.ids["ann"]), **more))
    assert hooked.post(body).status_code == 204
    assert hooked.world.person("ann").person.status == status
    assert hooked.state("ann") == state
    assert hooked.world.person("ben").person.status == "active"


def test_where_and_by_what_a_mail_was_opened_is_not_kept(hooked):
    assert hooked.post(batch(event("e1", "open", hooked.ids["ann"], ip="192.0.2.77", useragent="Moz")))
    with hooked.workspace.database.read() as connection:
        kept = str(connection.execute(select(events)).all() + connection.execute(select(set_aside)).all())
    assert "192.0.2.77" not in kept
    assert "Moz" not in kept


@pytest.mark.parametrize("signed", ["not", "wrongly", "another body", "too long ago", "another time"])
def test_what_sendgrid_did_not_sign_has_no_effect(hooked, signed):
    body = batch(event("e1", "spamreport", hooked.ids["ann"]))
    right = hooked.hook.headers(body, at=NOW.timestamp())
    answer = {
        "not": lambda: hooked.client.post(PATH, content=body),
        "wrongly": lambda: hooked.client.post(
            PATH, content=body, headers=SendGridHook().headers(body, at=NOW.timestamp())
        ),
        "another body": lambda: hooked.client.post(PATH, content=body + b" ", headers=right),
        "too long ago": lambda: hooked.post(body, at=NOW.timestamp() - 26 * 3600),
        "another time": lambda: hooked.post(
            body, **{"X-Twilio-Email-Event-Webhook-Timestamp": str(int(NOW.timestamp()) + 1)}
        ),
    }[signed]()
    assert answer.status_code == 403
    assert hooked.world.person("ann").person.status == "active"
    assert hooked.post(body, at=NOW.timestamp() - 24 * 3600).status_code == 204


def test_an_uncertain_delivery_is_settled_and_the_issue_ends(hooked):
    hooked.become("ann", "uncertain")
    assert hooked.post(batch(event("e1", "processed", str(hooked.ids["ann"])))).status_code == 204
    assert hooked.state("ann") == "accepted"
    assert hooked.world.run("verify", ISSUE) == 0
    assert hooked.world.run("status", ISSUE, "--json") == 0


def test_what_is_about_nobody_here_is_put_aside_and_invents_nobody(hooked):
    before = hooked.everything()
    body = batch(
        event("e1", "bounce", None, **INVALID),
        event("e2", "bounce", "999999", **INVALID),
        event("e3", "bounce", "1 OR 1=1", **INVALID),
        event("e4", "account_status_change", hooked.ids["ann"]),
        event("e5", "bounce", -hooked.ids["ann"], **INVALID),
    )
    for _ in range(2):
        assert hooked.post(body).status_code == 204
    assert hooked.everything() == before
    with hooked.workspace.database.read() as connection:
        names = connection.execute(select(set_aside.c.id).order_by("id")).scalars().all()
    assert names == [f"sendgrid:e{number}" for number in range(1, 5)]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'[1, null, "x"]', b"\xff\xfe", b"[" * 9000, b'[{"event": []}]']
)
def test_whatever_was_signed_is_kept_and_never_an_error(hooked, body):
    assert hooked.post(body).status_code == 204
    with hooked.workspace.database.read() as connection:
        assert connection.execute(select(set_aside)).all()


def test_46_copies_of_one_event_are_one(hooked):
    one = event("e1", "bounce", hooked.ids["ann"], **INVALID)
    for _ in range(2):
        assert hooked.post(batch(*[one] * 23)).status_code == 204
    with hooked.workspace.database.read() as connection:
        assert len(connection.execute(select(events)).all()) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_order_and_repetition_make_no_difference(hooked, data):
    ann, ben = hooked.ids["ann"], hooked.ids["ben"]
    told = [
        event("e1", "processed", ann),
        event("e2", "deferred", ann, response="later"),
        event("e3", "delivered", ann),
        event("e4", "bounce", ann, **INVALID),
        event("e5", "unsubscribe", ann),
        event("e6", "spamreport", ann),
        event("e7", "dropped", ben, reason="Bounced Address"),
        event("e8", "delivered", ben),
        event("e9", "dropped", ben, reason="Unsubscribed Address"),
    ]
    hooked.reset()
    take_in(hooked.workspace, batch(*told), now=NOW)
    expected = hooked.everything()
    hooked.reset()
    shuffled = data.draw(some.permutations(told + data.draw(some.lists(some.sampled_from(told), max_size=6))))
    cuts = sorted(data.draw(some.lists(some.integers(0, len(shuffled)), max_size=3)))
    for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True):
        take_in(hooked.workspace, batch(*shuffled[start:end]), now=NOW)
    assert hooked.everything() == expected


def test_a_key_that_is_none_is_said_at_once(world):
    broken = Workspace(world.workspace.root, Environment(webhook_key="abc"))
    with pytest.raises(ConfigurationError, match="SENDGRID_WEBHOOK_KEY"):
        site(broken, CLOCKS)
    broken.close()


def test_without_a_key_there_is_no_webhook(world):
    assert world.client.post(PATH, content=b"[]").status_code == 404


def test_news_that_is_told_again_or_is_old_ends_no_new_consent(hooked):
    ann = hooked.ids["ann"]
    told = batch(event("e1", "spamreport", ann, timestamp=int(NOW.timestamp()) - 60))
    assert hooked.post(told).status_code == 204
    assert hooked.world.person("ann").person.status == "complained"
    with hooked.workspace.database.write() as connection:
        person = select(subscribers.c.id).where(subscribers.c.name == "Ann").scalar_subquery()
        connection.execute(update(subscribers).where(subscribers.c.id == person).values(status="active"))
        connection.execute(consents.insert().values(subscriber=person, source="form", given_at=NOW))
    old = batch(event("e2", "spamreport", ann, timestamp=int(NOW.timestamp()) - 30))
    for body in (told, old):
        assert hooked.post(body).status_code == 204
        assert hooked.world.person("ann").person.status == "active"
    new = batch(event("e3", "spamreport", ann, timestamp=int(NOW.timestamp()) + 30))
    assert hooked.post(new).status_code == 204
    assert hooked.world.person("ann").person.status == "complained"
