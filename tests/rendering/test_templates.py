from pathlib import Path

import pytest

from ranvier.errors import ConfigurationError
from ranvier.rendering.templates import load_templates

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_a_template_of_the_workspace_comes_before_that_of_the_package(tmp_path):
    for folder, text in (("workspace", "mine"), ("package", "theirs")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt.j2").write_text(text)
    (tmp_path / "package" / "b.txt.j2").write_text("only theirs")
    templates = load_templates(tmp_path / "workspace", tmp_path / "package", TEMPLATES)
    assert templates.fill("a.txt.j2") == "mine"
    assert templates.fill("b.txt.j2") == "only theirs"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.txt.j2", "<b> & x"),
        ("a.css.j2", "<b> & x"),
        ("a.mjml.j2", "&lt;b&gt; &amp; x"),
        ("a.html", "&lt;b&gt; &amp; x"),
    ],
)
def test_values_are_escaped_but_in_plain_text_and_style_sheets(tmp_path, name, shown):
    (tmp_path / name).write_text("{{ value }}")
    assert load_templates(tmp_path, TEMPLATES).fill(name, value="<b> & x") == shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ nothing }}", "templates/a.txt.j2: 'nothing' is undefined"),
        ("one\n{% if %}", "templates/a.txt.j2:2: "),
        ('{% include "gone.txt.j2" %}', "templates/gone.txt.j2: there is no such template"),
    ],
    ids=["unknown-name", "syntax", "missing"],
)
def test_a_broken_template_is_named(tmp_path, text, message):
    (tmp_path / "a.txt.j2").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_templates(tmp_path, TEMPLATES).fill("a.txt.j2")
    assert str(caught.value).startswith(message)


def test_without_a_look_nothing_is_rendered(tmp_path):
    with pytest.raises(ConfigurationError, match=r"templates/look\.toml: there is no such file"):
        load_templates(tmp_path)


def test_the_look_of_the_workspace_changes_single_values_of_the_packages(tmp_path):
    (tmp_path / "look.toml").write_text("[type]\nitem = 30\n")
    look = load_templates(tmp_path, TEMPLATES).look
    assert look.type.item == 30
    assert look.light == load_templates(TEMPLATES).look.light


def test_a_look_that_is_no_text_is_said(tmp_path):
    (tmp_path / "look.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"templates/look\.toml: cannot be read"):
        load_templates(tmp_path, TEMPLATES)


def test_templates_that_are_kept_compiled_are_compiled_again_when_they_change(tmp_path):
    (tmp_path / "a.txt.j2").write_text("one")
    kept = tmp_path / "kept"
    assert load_templates(tmp_path, TEMPLATES, compiled=kept).fill("a.txt.j2") == "one"
    assert len(list(kept.iterdir())) == 1
    assert load_templates(tmp_path, TEMPLATES, compiled=kept).fill("a.txt.j2") == "one"
    (tmp_path / "a.txt.j2").write_text("two")
    assert load_templates(tmp_path, TEMPLATES, compiled=kept).fill("a.txt.j2") == "two"


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "a.txt.j2").write_text("one")
    assert load_templates(tmp_path, TEMPLATES, compiled=tmp_path / "file" / "kept").fill("a.txt.j2") == "one"
