import pytest

from ranvier.rendering.links import doi_url, https_url


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example",
        "https://a.example:8443/x?y=1&z=(2)#top",
        "https://sub.a-b.example/s/ms%20drug",
        " https://a.example/ ",
    ],
)
def test_an_absolute_https_address_is_a_link(url):
    assert https_url(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://a.example/",
        "javascript:alert(1)",
        "//a.example/",
        "https://user:secret@a.example/",
        "https://127.0.0.1/",
        "https://localhost/",
        'https://a.example/"onmouseover=x',
        "https://a.example/<b>",
        "https://a.example/a b",
        "https://a.example/a\nb",
        "https://ä.example/",
        "https://a.example/" + "x" * 900,
    ],
)
def test_anything_else_is_not(url):
    assert https_url(url) == ""


@pytest.mark.parametrize(
    ("doi", "url"),
    [
        ("10.1016/S1474-4422(21)00179-4", "https://doi.org/10.1016/S1474-4422(21)00179-4"),
        ("https://doi.org/10.1000/x", "https://doi.org/10.1000/x"),
        ('10.1000/<a>&"b', "https://doi.org/10.1000/%3Ca%3E%26%22b"),
        ("not a doi", ""),
        ("", ""),
    ],
)
def test_a_doi_leads_to_its_resolver(doi, url):
    assert doi_url(doi) == url
