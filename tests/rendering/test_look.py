"""look.toml: what readers could not read is refused before anything is rendered."""

from pathlib import Path

import pytest

from ranvier.errors import ConfigurationError
from ranvier.rendering.contrast import contrast
from ranvier.rendering.look import read_look

OURS = (Path(__file__).parents[2] / "templates" / "look.toml").read_text()


def refused(text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_look(text, where="templates/look.toml")
    return str(caught.value)


def test_our_own_look_passes():
    look = read_look(OURS, where="look.toml")
    assert look.light.ink != look.dark.ink
    assert look.type.size == 16


@pytest.mark.parametrize(
    ("ours", "theirs", "message"),
    [
        ('quiet = "#50595e"', 'quiet = "#8a9196"', "[light]: quiet on page has a contrast of 2.7:1; 4.5:1"),
        ('quiet = "#b4bcbd"', 'quiet = "#50595e"', "[dark]: quiet on page has a contrast of"),
        ('ink = "#23292d"', 'ink = "black"', '[light]: ink = "black" has to be a colour such as'),
        ('ink = "#23292d"', "", "[light]: ink is missing"),
        ("size = 16", "size = 12", "[type]: size has to be 16 or more"),
        ("height = 1.6", "height = 1.2", "[type]: height has to be 1.5 or more"),
        ("Georgia,", "url(https://fonts.example/x);", "[type]: title has to be names of fonts"),
        ("[space]", "[spaces]", "[spaces] is not known; allowed: light, dark, type, space"),
        ("edge = 24", "edgy = 24", "[space]: edgy is not known here"),
        ("edge = 24", 'edge = "wide"', "[space]: edge has to be a whole number"),
    ],
)
def test_a_look_that_cannot_be_read_is_refused_with_its_place(ours, theirs, message):
    assert ours in OURS
    assert refused(OURS.replace(ours, theirs, 1)).startswith(f"templates/look.toml: {message}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#777777", 4.48), ("#abcdef", "#abcdef", 1.0)],
)
def test_contrast_is_that_of_the_recommendation(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)
