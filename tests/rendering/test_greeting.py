import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranvier.rendering.greeting import greeting


@pytest.mark.parametrize(
    "name", ["Amelia Cooper", "Zoë", "Nguyễn Văn A", "李小龙", "Dr. O'Neil-Smith", "J. R. 2nd"]
)
def test_a_name_is_greeted(name):
    assert greeting(f" {name} ") == f"Hello {name},"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "12345",
        "=HYPERLINK(1)",
        "+49 30 1234",
        "-1",
        "@SUM(A1)",
        "<b>Ann</b>",
        "Ann\r\nBcc: all@example.org",
        "Ann%0d%0aBcc",
        "Ann http://win.example",
        "www.win.example",
        "win.example/prize",
        "ann@example.org",
        "{{ name }}",
        "Ann\u202egnp",
        "A" * 61,
    ],
)
def test_what_does_not_look_like_a_name_is_left_out(name):
    assert greeting(name) == "Hello,"


@given(st.text(max_size=80))
def test_a_greeting_is_one_visible_line(name):
    line = greeting(name)
    assert len(line) <= 67
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in line)
    assert not set("<>{}@") & set(line)
