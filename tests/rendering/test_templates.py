import pytest

from ranvier.errors import ConfigurationError
from ranvier.rendering.templates import load_templates


def test_a_template_of_the_workspace_comes_before_that_of_the_package(tmp_path):
    for folder, text in (("workspace", "mine"), ("package", "theirs")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt.j2").write_text(text)
    (tmp_path / "package" / "b.txt.j2").write_text("only theirs")
    templates = load_templates(tmp_path / "workspace", tmp_path / "package")
    assert templates.fill("a.txt.j2") == "mine"
    assert templates.fill("b.txt.j2") == "only theirs"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a.txt.j2", "<b> & x"), ("a.mjml.j2", "&lt;b&gt; &amp; x"), ("a.html", "&lt;b&gt; &amp; x")],
)
def test_values_are_escaped_everywhere_but_in_plain_text(tmp_path, name, shown):
    (tmp_path / name).write_text("{{ value }}")
    assert load_templates(tmp_path).fill(name, value="<b> & x") == shown


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
        load_templates(tmp_path).fill("a.txt.j2")
    assert str(caught.value).startswith(message)
