"""Trouble in one line, wherever it came up."""

import pytest
from jinja2 import Environment, FileSystemLoader

from ranvier.errors import InputError
from ranvier.web.trouble import bare_page, in_words


def raised(folder, name):
    with pytest.raises(ZeroDivisionError) as caught:
        Environment(loader=FileSystemLoader(folder)).get_template(name).render()  # noqa: S701 - nothing is shown
    return caught.value


def test_the_innermost_template_is_named_with_its_line(tmp_path):
    (tmp_path / "outer.j2").write_text("\n{% include 'inner.j2' %}")
    (tmp_path / "inner.j2").write_text("\n\n{{ 1 // 0 }}")
    assert in_words(raised(tmp_path, "outer.j2"), [tmp_path]).where == "templates/inner.j2:3"


def test_what_did_not_come_from_a_template_names_none(tmp_path):
    (tmp_path / "alone.j2").write_text("{{ 1 // 0 }}")
    assert in_words(raised(tmp_path, "alone.j2"), [tmp_path / "elsewhere"]).where == ""


def test_what_people_were_told_already_stays_as_it_is(tmp_path):
    told = InputError("is empty", where="issue.md:1")
    assert in_words(told, [tmp_path]) is told


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "gone.md").read_bytes()
    assert str(in_words(caught.value, [])) == f"{tmp_path / 'gone.md'}: No such file or directory"


def test_the_bare_page_shows_markup_as_text():
    page = bare_page("weekly/<b>", "ab12", InputError("<script>alert(1)</script>"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page
    assert "weekly/&lt;b&gt;" in page
