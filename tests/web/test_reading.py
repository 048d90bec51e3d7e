"""Pages for everybody: issues without anything of one reader's, and what every mail links to."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.weeks import CLOCKS, ISSUE, World, text_of

from ranvier.errors import InputError
from ranvier.rendering.page_text import PAGES
from ranvier.web.site import site


@pytest.mark.parametrize("audience", ["", "/1", "/people-with-ms", "/clinicians"])
def test_an_issue_is_read_by_anybody_and_has_nothing_of_a_reader(world: World, audience: str) -> None:
    page = world.client.get(f"/issues/{ISSUE}{audience}")
    assert page.status_code == 200
    settings = world.workspace.settings
    assert settings.publication.disclosures.issue_label in page.text
    assert settings.publication.disclosures.item_label in page.text
    own = re.findall(r"/[up]/([\w-]+)", page.text)
    assert set(own) == {"example"}
    for person in ("Ann", "Ben", "ann@", "ben@"):
        assert person not in page.text
    for path in ("/u/example", "/p/example"):
        assert world.client.get(path).status_code == 200


def test_each_mail_links_to_its_own_issue_and_to_the_pages(world: World) -> None:
    text = text_of(world.mail("ann"))
    links = re.findall(r"https://news\.example\.org(/\S+)", text)
    public = [link for link in links if link[:3] not in {"/u/", "/p/"}]
    assert {f"/issues/{ISSUE}/1", "/privacy", "/about", "/contact"} <= set(public)
    for link in public:
        assert world.client.get(link).status_code == 200
        assert "ms" not in link.split("/")


@pytest.mark.parametrize(
    "path", ["/issues/weekly/2026-11-30", f"/issues/{ISSUE}/4", "/issues/x/y", "/issues/weekly"]
)
def test_what_no_reader_has_is_not_there(world: World, path: str) -> None:
    assert world.client.get(path).status_code == 404


def test_a_draft_and_an_approved_issue_are_nobodys_business(world: World) -> None:
    for command in (("draft", "monthly", "--date", "2026-11-23"), ("build", "monthly/2026-11-23")):
        assert world.run(*command) == 0
    assert world.client.get("/issues/monthly/2026-11-23").status_code == 404
    assert ISSUE in world.client.get("/").text
    assert "monthly/2026-11-23" not in world.client.get("/").text


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_say_who_where_and_how(world: World, name: str) -> None:
    page = world.client.get(f"/{name}")
    publication = world.workspace.settings.publication
    assert page.status_code == 200
    assert publication.contact in page.text
    assert "{" not in re.sub(r"(?s)<head>.*</head>", "", page.text)
    assert f'href="/{name}"' in world.client.get("/").text


def test_who_pays_is_said(world: World) -> None:
    assert world.workspace.settings.publication.publisher in world.client.get("/about").text


def test_words_come_from_the_workspace_and_no_script_comes_with_them(world: World) -> None:
    folder = world.workspace.root / "templates/pages"
    folder.mkdir()
    (folder / "privacy.md").write_text("# Data\n\n<script>x</script> [x](javascript:y) **ours** {contact}\n")
    with TestClient(site(world.workspace, CLOCKS)) as client:
        page = client.get("/privacy").text
    assert "<h1>Data</h1>" in page
    assert "<strong>ours</strong>" in page
    assert "<script" not in page
    assert "javascript:" not in re.sub(r"<[^>]*>", "", page) or 'href="javascript' not in page
    (folder / "about.md").write_text("no title")
    with pytest.raises(InputError, match=r"templates/pages/about\.md"):
        site(world.workspace, CLOCKS)


@pytest.mark.parametrize("stripped", [True, False], ids=["the proxy takes the path off", "it does not"])
def test_the_site_may_stand_under_a_path(world: World, *, stripped: bool) -> None:
    settings = world.workspace.file
    settings.write_text(
        settings.read_text().replace(
            'site = "https://news.example.org"', 'site = "https://x.example.org/digest/"'
        )
    )
    world.workspace.__dict__.pop("settings")
    before = "" if stripped else "/digest"
    with TestClient(site(world.workspace, CLOCKS), raise_server_exceptions=False) as client:
        for path in ("/", "/subscribe", "/privacy", world.link("ann", "u"), world.link("ann", "p")):
            page = client.get(before + path)
            assert page.status_code == 200
            local = re.findall(r'(?:href|action)="(/[^"]*)"', page.text)
            assert local
            assert all(one.startswith("/digest/") for one in local)
        assert client.get(before or "/").status_code == 200
        style = client.get(f"{before}/pages.css")
        assert style.status_code == 200
        assert (
            client.post(before + world.link("ann", "u"), data={"List-Unsubscribe": "One-Click"}).status_code
            == 200
        )
    assert world.person("ann").person.status == "unsubscribed"
