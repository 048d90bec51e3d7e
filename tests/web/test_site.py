"""The public pages as readers, mail programs and link scanners use them, on the links of real messages."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from starlette.testclient import TestClient
from tests.doubles.sendgrid_hook import batch, event
from tests.weeks import CLOCKS, ISSUE, World, commands

from ranvier.pipeline.provider_news import take_in
from ranvier.settings.workspace import Environment, Workspace
from ranvier.tokens import Secrets
from ranvier.web.site import site

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize("form", ["urlencoded", "multipart"])
def test_one_click_takes_effect_at_once_and_as_often_as_it_comes(world: World, form: str) -> None:
    path = world.link("ann", "u")
    for _ in range(2):
        if form == "multipart":
            answer = world.client.post(path, files={"List-Unsubscribe": (None, "One-Click")})
        else:
            answer = world.client.post(path, data=ONE_CLICK)
        assert answer.status_code == 200
        assert not answer.history
        assert not answer.cookies
    assert world.person("ann").person.status == "unsubscribed"
    assert world.person("ben").person.status == "active"


def test_a_scanner_that_follows_every_link_changes_nothing(world: World) -> None:
    before = world.everything()
    for name in ("ann", "ben"):
        raw = world.mail(name).as_string() + "".join(
            str(part.get_content())
            for part in world.mail(name).walk()
            if part.get_content_maintype() == "text"
        )
        paths = set(re.findall(r"https://news\.example\.org(/[\w./-]*)", raw))
        assert {path[:3] for path in paths} >= {"/u/", "/p/", "/is", "/pr", "/ab", "/co"}
        for path in paths:
            for _ in range(2):
                assert world.client.get(path).status_code == 200
            assert world.client.head(path).status_code in {200, 405}
            assert world.client.options(path).status_code in {200, 405}
    assert world.everything() == before


@pytest.mark.parametrize("path", ["/u/", "/p/"])
def test_a_link_that_nobody_signed_does_nothing_and_says_so(world: World, path: str) -> None:
    token = world.link("ann", path[1])[3:]
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    assert world.client.get(path + changed).status_code == 404
    assert world.client.post(path + changed, data=ONE_CLICK).status_code in {403, 404}
    assert world.person("ann").person.status == "active"


def test_a_link_of_one_purpose_is_none_of_the_other(world: World) -> None:
    token = world.link("ann", "p")[3:]
    assert world.client.post(f"/u/{token}", data=ONE_CLICK).status_code == 404
    assert world.person("ann").person.status == "active"


def test_links_survive_a_new_secret(world: World) -> None:
    path = world.link("ann", "u")
    old = world.workspace.secrets
    later = Workspace(world.workspace.root, Environment(secret="newer " + old.keys[0].decode()))
    assert isinstance(later.secrets, Secrets)
    with TestClient(site(later, CLOCKS)) as client:
        assert client.post(path, data=ONE_CLICK).status_code == 200
    later.close()
    assert world.person("ann").person.status == "unsubscribed"


def test_who_is_in_another_edition_stays_on_it(world: World) -> None:
    segments = world.workspace.root / "subscribers/segments.toml"
    everyone = segments.read_text().replace('frequency = "monthly"', 'frequency = ["weekly", "monthly"]')
    segments.write_text(everyone)
    world.workspace.__dict__.pop("segments", None)
    path = world.link("ann", "u")
    assert "Other e-mails that you chose go on." in world.client.post(path, data=ONE_CLICK).text
    ann = world.person("ann")
    assert ann.person.status == "active"
    assert ann.left == {"weekly"}
    refused = world.client.post(path, data={"everything": "yes"})
    assert refused.status_code == 403
    assert world.person("ann").person.status == "active"
    world.client.post(path, data={"everything": "yes", "csrf": world.csrf(path)})
    assert world.person("ann").person.status == "unsubscribed"


def test_choices_are_written_and_shown_again(world: World) -> None:
    path = world.link("ann", "p")
    page = world.client.get(path).text
    assert "ann@reader" not in page
    sent = {
        "csrf": world.csrf(path),
        "topics": ["treatments-trials"],
        "frequency": "monthly",
        "audience": "caregivers",
        "people_only": "yes",
        "paused_until": "2026-12-24",
    }
    answer = world.client.post(path, data=sent)
    assert answer.status_code == 200
    ann = world.person("ann").person
    assert (ann.topics, ann.frequency, ann.audience, ann.people_only) == (
        ("treatments-trials",),
        "monthly",
        "caregivers",
        True,
    )
    assert ann.paused_until == date(2026, 12, 24)


@pytest.mark.parametrize(
    "wrong",
    [
        {"topics": "no-such-topic"},
        {"frequency": "hourly"},
        {"paused_until": "soon"},
        {"paused_until": "2020-01-01"},
    ],
)
def test_a_choice_that_there_is_not_is_one_sentence_and_changes_nothing(
    world: World, wrong: dict[str, str]
) -> None:
    path = world.link("ann", "p")
    answer = world.client.post(path, data={"csrf": world.csrf(path), **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert world.person("ann").person.paused_until is None


def test_a_form_from_elsewhere_changes_nothing(world: World) -> None:
    path = world.link("ann", "p")
    for csrf in ("", "forged", world.csrf(world.link("ben", "p"))):
        assert world.client.post(path, data={"csrf": csrf, "frequency": "monthly"}).status_code == 403
    assert world.person("ann").person.frequency == "weekly"


def test_preferences_do_not_bring_back_who_left(world: World) -> None:
    world.client.post(world.link("ann", "u"), data=ONE_CLICK)
    path = world.link("ann", "p")
    world.client.post(path, data={"csrf": world.csrf(path), "frequency": "weekly"})
    assert world.person("ann").person.status == "unsubscribed"


def test_everything_known_is_given_to_its_owner(world: World) -> None:
    path = world.link("ann", "p")
    answer = world.client.post(f"{path}/export", data={"csrf": world.csrf(path)})
    known = json.loads(answer.text)
    assert known["email"] == "ann@reader.example.org"
    assert [one["issue"] for one in known["deliveries"]] == [ISSUE]


def test_who_is_forgotten_is_found_nowhere_and_the_account_still_balances(world: World) -> None:
    path = world.link("ann", "p")
    (world.workspace.root / "people.csv").unlink()
    _leave_traces(world)
    form = {"csrf": world.csrf(path), "sure": "yes"}
    assert "forgotten" in world.client.post(f"{path}/forget", data=form).text
    files = [one for one in world.workspace.root.rglob("*") if one.is_file()]
    assert len(files) > 50
    assert [one for one in files if b"ann@reader" in one.read_bytes().lower()] == []
    commands(world.workspace.root, ("verify", ISSUE))
    assert world.client.post(path, data=form).status_code == 404


def _leave_traces(world: World) -> None:
    """A bounce that repeats the address, news of a provider about nobody, and a sign-up once more."""
    number = int(world.message("ann").stem)
    told = [
        event(
            "e1", "bounce", number, type="bounce", status="5.2.2", reason="<Ann@Reader.example.org> is full"
        ),
        event("e2", "bounce", None, email="ann@reader.example.org"),
    ]
    take_in(world.workspace, batch(*told), now=world.now)
    form = {"email": "ann@reader.example.org", "consent": "yes", "csrf": world.csrf("/subscribe")}
    assert world.client.post("/subscribe", data=form).status_code == 200
    traces = [one for one in world.workspace.root.rglob("*") if one.is_file()]
    assert [one for one in traces if b"is full" in one.read_bytes()]


def test_a_sign_up_that_waits_is_shown_and_forgotten_too(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    form = {"email": "zoe@reader.example.org", "consent": "yes", "csrf": world.csrf("/subscribe")}
    world.client.post("/subscribe", data=form)
    capsys.readouterr()
    commands(world.workspace.root, ("--json", "subscribers", "show", "zoe@reader.example.org"))
    assert json.loads(capsys.readouterr().out)["signup"]["key"] == "zoe@reader.example.org"
    commands(world.workspace.root, ("--json", "subscribers", "forget", "zoe@reader.example.org"))
    assert json.loads(capsys.readouterr().out)["forgotten"]
    assert world.run("subscribers", "show", "zoe@reader.example.org") == 2


def test_no_list_brings_back_who_was_forgotten(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    commands(world.workspace.root, ("subscribers", "forget", "Ann@reader.example.org"))
    capsys.readouterr()
    commands(
        world.workspace.root,
        ("--json", "subscribers", "import", str(world.workspace.root / "people.csv")),
    )
    rejected = json.loads(capsys.readouterr().out)["rejected"]
    assert [one["row"] for one in rejected] == [1]
    assert world.found("ann") is None


def test_every_answer_is_strict_and_asks_nobody_else(world: World) -> None:
    for path in (world.link("ann", "u"), world.link("ann", "p"), "/nowhere", "/pages.css"):
        answer = world.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)


def test_a_body_that_is_too_large_is_refused(world: World) -> None:
    assert world.client.post(world.link("ann", "u"), content=b"x" * 70_000).status_code == 413
    assert world.person("ann").person.status == "active"


def test_the_list_by_which_somebody_consented_is_part_of_what_is_known(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    (world.workspace.root / "more.csv").write_text("email\ncleo@reader.example.org\n")
    source = ("--consent-source", "form on our site", "--consent-date", "2026-02-03")
    for _ in range(2):  # once for each source, however often
        commands(
            world.workspace.root,
            ("subscribers", "import", str(world.workspace.root / "more.csv"), *source),
        )
    capsys.readouterr()
    commands(world.workspace.root, ("--json", "subscribers", "show", "cleo@reader.example.org"))
    known = json.loads(capsys.readouterr().out)
    assert [one["source"] for one in known["consents"]] == ["form on our site"]
    assert known["consent_date"] == "2026-02-03"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\nContent-Disposition: form-data; name=x\n\ny\n--b--\n"),
        ("application/x-www-form-urlencoded; charset=undefined", b"List-Unsubscribe=One-Click"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=b" % number for number in range(2000))),
        ("text/plain", b"List-Unsubscribe=One-Click"),
        ("", b""),
    ],
)
def test_a_click_counts_however_broken_its_form_is(world: World, kind: str, body: bytes) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert world.client.post(world.link("ann", "u"), content=body, headers=headers).status_code == 200
    assert world.person("ann").person.status == "unsubscribed"


def test_head_is_get_without_a_body(world: World) -> None:
    for path in ("/", "/health", "/privacy", f"/issues/{ISSUE}", world.link("ann", "u")):
        answer = world.client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_what_nobody_offers_cannot_be_chosen(world: World) -> None:
    path = world.link("ann", "p")
    answer = world.client.post(path, data={"csrf": world.csrf(path), "frequency": "daily"})
    assert answer.status_code == 422
    assert world.client.post(path, data={"csrf": world.csrf(path), "frequency": "monthly"}).status_code == 200
    assert world.client.post(path, data={"csrf": world.csrf(path)}).status_code == 200
    assert world.person("ann").person.frequency == "monthly"


def test_forgetting_takes_whole_addresses_and_all_of_them(world: World) -> None:
    for address in ("annette@forget.example", '"a\\"b"@forget.example'):
        form = {"email": address, "consent": "yes", "csrf": world.csrf("/subscribe")}
        assert world.client.post("/subscribe", data=form).status_code == 200
    box = world.workspace.root / "digests/outbox/new"
    assert world.run("subscribers", "forget", "tte@forget.example") == 0
    assert len(list(box.glob("test-*.eml"))) == 2
    assert world.run("subscribers", "forget", '"a\\"b"@forget.example') == 0
    assert len(list(box.glob("test-*.eml"))) == 1
