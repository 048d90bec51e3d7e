"""Double opt-in, as people, link scanners, list bombers and the curious use it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient
from tests.doubles.smtp_server import SmtpServer
from tests.weeks import CLOCKS, ISSUE, NOW, World, first, text_of

from ranvier.addresses import normalise
from ranvier.pipeline.joining import ask_again, send_confirmations
from ranvier.pipeline.transport import Clocks
from ranvier.store import signups as store
from ranvier.store.schema import consents, signups, wordings
from ranvier.store.suppressions import Suppressions
from ranvier.web.errand import Errand
from ranvier.web.site import site

PATH = "/subscribe"
ASKED: dict[str, object] = {"topics": [], "audience": "", "frequency": "weekly", "people_only": False}
CLEO = "cleo@reader.example.org"


def fill(world: World, email: str = CLEO, **more: str | list[str]) -> dict[str, str | list[str]]:
    return {"email": email, "csrf": world.csrf(PATH), "consent": "yes", **more}


def join(world: World, email: str = CLEO, *, headers: dict[str, str] | None = None, **more: str) -> Response:
    return world.client.post(PATH, data=fill(world, email, **more), headers=headers)


def confirmations(world: World) -> list[EmailMessage]:
    box = world.workspace.root / "digests/outbox/new"
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in box.glob("*.eml")]
    return [mail for mail in mails if "/c/" in text_of(mail)]


def link(mail: EmailMessage) -> str:
    return first(r"https://news\.example\.org(/c/[\w-]+)", text_of(mail))


def test_from_the_form_to_the_list(world):
    answer = join(world, topics="lifestyle-gut", frequency="monthly", people_only="yes")
    assert answer.status_code == 200
    assert "Look at your mail" in answer.text
    assert world.found("cleo") is None
    (mail,) = confirmations(world)
    assert mail["To"] == CLEO
    assert mail["List-Unsubscribe"] is None
    page = world.client.get(link(mail))
    assert world.workspace.settings.signup.consent in page.text
    assert CLEO not in page.text
    assert world.found("cleo") is None
    done = world.client.post(link(mail), data={"csrf": world.csrf(link(mail))})
    assert done.status_code == 200
    cleo = world.person("cleo").person
    assert (cleo.status, cleo.frequency, cleo.topics, cleo.people_only, cleo.consent_date) == (
        "active",
        "monthly",
        ("lifestyle-gut",),
        True,
        NOW.date(),
    )
    preferences = first(r'href="https://news\.example\.org(/p/[\w-]+)"', done.text)
    assert world.client.get(preferences).status_code == 200
    assert world.client.post(link(mail), data={"csrf": "x"}).status_code == 403
    assert world.client.get(link(mail)).status_code == 404


def test_the_words_that_were_agreed_to_are_kept_as_proof(world):
    join(world)
    (mail,) = confirmations(world)
    world.client.post(link(mail), data={"csrf": world.csrf(link(mail))})
    with world.workspace.database.read() as connection:
        proof = connection.execute(select(consents)).mappings().one()
        words = connection.execute(
            select(wordings.c.text).where(wordings.c.hash == proof["wording"])
        ).scalar()
    assert words == world.workspace.settings.signup.consent
    assert "multiple sclerosis" in words
    assert (proof["source"], proof["locale"], proof["given_at"]) == ("sign-up form", "en", NOW)
    assert proof["asked_at"] <= proof["given_at"]
    assert proof["withdrawn_at"] is None


def test_a_link_scanner_confirms_nobody(world):
    join(world)
    (mail,) = confirmations(world)
    for _ in range(3):
        assert world.client.get(link(mail)).status_code == 200
        world.client.head(link(mail))
    assert world.client.post(link(mail)).status_code == 403
    assert world.found("cleo") is None


@pytest.mark.parametrize("before", ["unknown", "active", "unsubscribed", "complained", "forgotten"])
def test_the_answer_tells_nobody_who_is_on_the_list(world, before):
    name = "zoe" if before == "unknown" else "ann"
    address = f"{name}@reader.example.org"
    become(world, before)
    answer = join(world, address)
    other = join(world, "yan@reader.example.org")
    assert answer.text == other.text
    assert answer.status_code == other.status_code
    assert dict(answer.headers) == dict(other.headers)
    assert sorted(mail["To"] for mail in confirmations(world)) == sorted([address, "yan@reader.example.org"])


def become(world: World, status: str) -> None:
    if status == "forgotten":
        assert world.run("subscribers", "forget", "ann@reader.example.org") == 0
    elif status in {"unsubscribed", "complained"}:
        world.run("subscribers", "import", str(_list(world, status)))
        assert world.person("ann").person.status == status


def _list(world: World, status: str) -> object:
    path = world.workspace.root / "left.csv"
    path.write_text(f"email,status\nann@reader.example.org,{status}\n")
    return path


@pytest.mark.parametrize("before", ["unsubscribed", "complained", "forgotten"])
def test_whoever_left_comes_back_only_by_confirming(world, before):
    become(world, before)
    join(world, "ann@reader.example.org")
    gone = world.found("ann")
    assert gone is None or gone.person.status == before
    (mail,) = confirmations(world)
    world.client.post(link(mail), data={"csrf": world.csrf(link(mail))})
    assert world.person("ann").person.status == "active"
    with world.workspace.database.read() as connection:
        assert not Suppressions(connection, world.workspace.secrets).of(["ann@reader.example.org"])


def test_nobody_is_mailed_twice_a_day_however_often_somebody_asks(world):
    for _ in range(4):
        assert join(world).status_code == 200
    assert len(confirmations(world)) == 1
    later = Clocks(now=lambda: NOW + timedelta(hours=25), clock=NOW.timestamp)
    with TestClient(site(world.workspace, later)) as client:
        csrf = first(r'name="csrf" value="([^"]+)"', client.get(PATH).text)
        client.post(PATH, data={"email": CLEO, "csrf": csrf, "consent": "yes"})
    assert len(confirmations(world)) == 2


def test_one_client_cannot_ask_for_ever(world):
    answers = [join(world, f"a{number}@reader.example.org") for number in range(12)]
    assert [answer.status_code for answer in answers].count(200) == 10
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert len(confirmations(world)) == 10


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"consent": ""}, "tick the box"),
        ({"email": "nobody"}, "not an address"),
        ({"email": "a@b.example, c@d.example"}, "not an address"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "not an address"),
        ({"topics": "astrology"}, "unknown topic"),
        ({"frequency": "hourly"}, "unknown frequency"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_filled_in_stays(world, more, why):
    answer = world.client.post(PATH, data=fill(world, **{"topics": "lifestyle-gut", **more}))
    assert answer.status_code == 422
    assert why in answer.text
    assert 'role="alert"' in answer.text
    assert not confirmations(world)


def test_nothing_is_chosen_before_somebody_chooses(world):
    assert " checked" not in world.client.get(PATH).text


def test_a_form_of_another_site_only_fills_in_the_address(world):
    snippet = world.client.get(f"{PATH}/snippet").text
    assert 'action="https://news.example.org/subscribe"' in snippet
    answer = world.client.post(PATH, data={"email": CLEO}, headers={"Origin": "https://other.example"})
    assert answer.status_code == 200
    assert f'value="{CLEO}"' in answer.text
    assert " checked" not in answer.text
    for elsewhere in (
        {"Origin": "https://other.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ):
        assert 'name="csrf"' in join(world, headers=elsewhere).text
    assert not confirmations(world)
    here = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert "Look at your mail" in join(world, headers=here).text
    assert "Look at your mail" in join(world, headers={"Origin": "https://news.example.org"}).text


def test_an_old_link_and_a_changed_one_do_nothing(world):
    join(world)
    (mail,) = confirmations(world)
    path = link(mail)
    late = Clocks(now=lambda: NOW + timedelta(hours=73), clock=NOW.timestamp)
    with TestClient(site(world.workspace, late)) as client:
        assert client.get(path).status_code == 404
    assert world.client.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404
    assert world.client.get("/c/" + world.link("ann", "p")[3:]).status_code == 404


def test_a_mail_that_was_not_taken_is_tried_with_the_next(world):
    with world.workspace.database.write() as connection:
        store.ask(connection, normalise(CLEO), ASKED, "", now=NOW)
    environment = world.workspace.environment
    object.__setattr__(environment, "transport", "smtp://127.0.0.1:9?tls=none")
    assert send_confirmations(world.workspace, CLOCKS) == 0
    object.__setattr__(environment, "transport", "")
    assert send_confirmations(world.workspace, CLOCKS) == 0  # it rests a little
    for sent in (1, 0):
        assert send_confirmations(world.workspace, later(minutes=6)) == sent
    assert len(confirmations(world)) == 1


def later(**more: float) -> Clocks:
    moment = NOW + timedelta(**more)
    return Clocks(now=lambda: moment, clock=moment.timestamp)


def test_an_address_that_is_refused_for_now_holds_nobody_up(world):
    refused = {f"bad{number}@reader.example.org": "450 4.1.2 later" for number in range(2)}
    with SmtpServer(script={"RCPT": list(refused.values())}) as server:
        object.__setattr__(
            world.workspace.environment, "transport", f"smtp://127.0.0.1:{server.port}?tls=none"
        )
        with world.workspace.database.write() as connection:
            for address in (*refused, "good@reader.example.org"):
                store.ask(connection, normalise(address), ASKED, "", now=NOW)
        assert send_confirmations(world.workspace, CLOCKS) == 1
        assert send_confirmations(world.workspace, later(minutes=6)) == 2


def test_who_asked_is_not_lost_with_a_process_that_dies_before_it_writes(world):
    with world.workspace.database.write() as connection:
        store.ask(connection, normalise(CLEO), ASKED, "", now=NOW)
        assert store.take_next(connection, now=NOW)  # and then nothing more is heard of it
    assert send_confirmations(world.workspace, CLOCKS) == 0
    assert send_confirmations(world.workspace, later(minutes=6)) == 1


def test_an_older_link_works_on_and_a_new_one_comes_when_it_is_nearly_too_old(world):
    join(world)
    (first_mail,) = confirmations(world)
    for hours, works in ((30, 200), (50, 200), (55, 404)):
        with TestClient(site(world.workspace, later(hours=hours))) as client:
            csrf = first(r'name="csrf" value="([^"]+)"', client.get(PATH).text)
            client.post(PATH, data={"email": CLEO, "csrf": csrf, "consent": "yes"})
            assert client.get(link(first_mail)).status_code == works
    assert len(confirmations(world)) == 3


def test_one_errand_at_a_time_and_none_is_forgotten():
    going, done = threading.Event(), []
    asked = threading.Event()

    def work() -> None:
        done.append(1)
        going.set()
        assert asked.wait(10)

    errand = Errand(work)
    first_one = threading.Thread(target=errand.run)
    first_one.start()
    assert going.wait(10)
    errand.run()  # comes back at once, and leaves it to the other
    assert len(done) == 1
    asked.set()
    first_one.join(10)
    assert len(done) == 2


def test_the_confirmation_says_nothing_but_what_it_is_for(world):
    join(world)
    (mail,) = confirmations(world)
    body = mail.get_body(("html",))
    assert body
    html = body.get_content()
    assert html.isascii()
    assert "unsubscribe" not in html.lower()
    assert "<img" not in html
    assert world.workspace.settings.publication.postal_address in text_of(mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert CLEO not in html


def test_the_account_of_an_issue_knows_nothing_of_confirmations(world):
    join(world)
    assert world.run("verify", ISSUE) == 0
    with world.workspace.database.read() as connection:
        assert json.loads(connection.execute(select(signups.c.choices)).scalar_one())["topics"] == []
        assert connection.execute(select(signups.c.mailed_at)).scalar_one() == NOW.astimezone(UTC)


def test_whoever_is_on_the_list_for_long_is_asked_whether_they_still_want_it(world):
    settings = world.workspace.file
    settings.write_text(settings.read_text() + "\n[retention]\nask_again_days = 200\nanswer_days = 20\n")
    world.workspace.__dict__.pop("settings")
    assert ask_again(world.workspace, now=NOW) == 2
    assert ask_again(world.workspace, now=NOW) == 0
    assert send_confirmations(world.workspace, CLOCKS) == 2
    ann = next(mail for mail in confirmations(world) if mail["To"].startswith("ann"))
    assert "still" in ann["Subject"]
    proof = {"csrf": world.csrf(world.link("ann", "p"))}
    chosen = {"frequency": "monthly", "topics": "lifestyle-gut", "paused_until": "2026-12-31"}
    assert world.client.post(world.link("ann", "p"), data={**proof, **chosen}).status_code == 200
    join(world, "ann@reader.example.org")  # of a stranger, say
    late = NOW + timedelta(days=19)
    with TestClient(site(world.workspace, Clocks(now=lambda: late, clock=NOW.timestamp))) as client:
        csrf = first(r'name="csrf" value="([^"]+)"', client.get(link(ann)).text)
        assert client.post(link(ann), data={"csrf": csrf}).status_code == 200
    after = world.person("ann").person
    assert (after.consent_date, after.frequency, after.topics) == (late.date(), "monthly", ("lifestyle-gut",))
    assert str(after.paused_until) == "2026-12-31"
    ask_again(world.workspace, now=NOW + timedelta(days=21))
    assert world.person("ann").person.status == "active"
    assert world.person("ben").person.status == "pending"
    join(world, "ben@reader.example.org")
    ben = next(mail for mail in confirmations(world) if "confirm" in mail["Subject"])
    world.client.post(link(ben), data={"csrf": world.csrf(link(ben))})
    assert world.person("ben").person.status == "active"


def test_nobody_is_asked_again_unless_the_publication_says_so(world):
    assert ask_again(world.workspace, now=NOW + timedelta(days=9999)) == 0
