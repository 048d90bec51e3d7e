"""What is decided before a transport asks anyone."""

import pytest
from tests.doubles.composer import HandMade, Refusing, delivery

from ranvier.addresses import Address
from ranvier.delivery.envelope import Letter, address_of, letter
from ranvier.delivery.handover import Answer, Reply
from ranvier.delivery.run import last_words
from ranvier.errors import ConfigurationError, InputError


@pytest.mark.parametrize(
    ("address", "smtputf8"),
    [
        ("ann@example.com", False),
        ("a+b@xn--exmple-cua.com", False),
        ("zoë@example.com", True),
        ('"@"@example.com', False),
    ],
)
def test_an_address_is_fit(address, smtputf8):
    found = address_of(delivery(1, address=address))
    assert isinstance(found, Address)
    assert (found.email, found.smtputf8) == (address, smtputf8)


@pytest.mark.parametrize(
    "address",
    [
        "ann",
        "ann@",
        "@example.com",
        "ann@example.com>\r\nDATA",
        "<ann@example.com>",
        "a nn@example.com",
        "a\0@example.com",
        "a\u202e@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 256,
        "a" * 60 + "@" + "b" * 200,
    ],
)
def test_an_address_that_could_speak_smtp_is_refused_and_not_repeated(address):
    reply = letter(delivery(1, address=address), HandMade())
    assert isinstance(reply, Reply)
    assert (reply.delivery, reply.answer, reply.code) == (1, Answer.PERMANENT, "5.1.3")
    assert address not in reply.text


def test_a_letter_has_the_message_and_its_address():
    made = letter(delivery(1), HandMade())
    assert isinstance(made, Letter)
    assert (made.delivery, made.address.email) == (1, "reader1@example.com")
    assert made.message == HandMade().message(delivery(1))
    assert made.return_path == "digest@news.example.org"


@pytest.mark.parametrize(
    ("error", "answer", "code"),
    [
        pytest.param(
            InputError("'ann@example.com' holds a line break"), Answer.PERMANENT, "5.6.0", id="a value"
        ),
        pytest.param(
            ConfigurationError("ann@example.com is wrong"), Answer.NOT_TAKEN, "", id="our own settings"
        ),
    ],
)
def test_a_message_that_cannot_be_made_is_told_in_words_without_the_address(error, answer, code):
    reply = letter(delivery(1), Refusing(errors={1: error}))
    assert isinstance(reply, Reply)
    assert (reply.answer, reply.code) == (answer, code)
    assert "(address)" in last_words(reply.text)
    assert "ann@" not in last_words(reply.text)
