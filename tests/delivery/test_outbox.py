"""Messages as files."""

import json
import stat

import pytest
from tests.doubles.composer import HandMade, Refusing, delivery

from ranvier.delivery.handover import Answer
from ranvier.delivery.outbox import Outbox
from ranvier.errors import InputError

SENDER = "digest@news.example.org"
ISSUE = "weekly/2026-11-23"


def outbox(folder, *, issue=ISSUE, sender=SENDER, compose=None):
    return Outbox(folder, compose or HandMade(), sender=sender, issue=issue)


def test_a_message_is_a_file_of_its_exact_wire_bytes_beside_its_envelope(tmp_path):
    body = b".\r\n..\r\nA line\r\n" + bytes(range(128, 256)) + b"\r\n"
    [reply] = outbox(tmp_path, compose=HandMade(body)).hand_over([delivery(81)])
    assert reply.answer is Answer.ACCEPTED
    assert (tmp_path / "new/81.eml").read_bytes() == HandMade(body).message(delivery(81))
    assert json.loads((tmp_path / "new/81.json").read_text()) == {
        "from": SENDER,
        "to": "reader81@example.com",
        "issue": ISSUE,
        "id": 81,
    }
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["81.eml", "81.json", "new", "tmp"]


def test_only_the_owner_can_read_it(tmp_path):
    outbox(tmp_path / "outbox").hand_over([delivery(1)])
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in [tmp_path / "outbox", *(tmp_path / "outbox").rglob("*")]
    }
    assert modes == {"outbox": 0o700, "tmp": 0o700, "new": 0o700, "1.eml": 0o600, "1.json": 0o600}


def test_a_file_proves_the_hand_over_and_no_file_proves_that_there_was_none(tmp_path):
    box = outbox(tmp_path)
    box.hand_over([delivery(1)])
    assert box.evidence(1).answer is Answer.ACCEPTED
    assert box.evidence(2).answer is Answer.NOT_TAKEN


def test_an_envelope_alone_proves_nothing(tmp_path):
    box = outbox(tmp_path)
    box.hand_over([delivery(1)])
    (tmp_path / "new/1.eml").unlink()
    assert box.evidence(1).answer is Answer.NOT_TAKEN


OTHERS = {
    "another issue": {"issue": "weekly/2026-11-16"},
    "another publication": {"sender": "other@news.example.org"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_file_of_others_proves_nothing(tmp_path, other):
    outbox(tmp_path, **other).hand_over([delivery(1)])
    assert outbox(tmp_path).evidence(1).answer is Answer.NOT_TAKEN


ANOTHERS_MESSAGES = {
    **{name: (other, delivery(7)) for name, other in OTHERS.items()},
    "another reader": ({}, delivery(7, address="someone.else@example.com")),
}


@pytest.mark.parametrize(("other", "theirs"), ANOTHERS_MESSAGES.values(), ids=ANOTHERS_MESSAGES)
def test_two_that_share_a_folder_never_overwrite_each_other(tmp_path, other, theirs):
    outbox(tmp_path, **other).hand_over([theirs])
    before = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    mine, another = outbox(tmp_path).hand_over([delivery(7), delivery(8)])
    assert mine.answer is Answer.NOT_TAKEN
    assert f"{tmp_path}/new/7.eml is of another" in mine.text
    assert "an outbox of its own" in mine.text
    assert another.answer is Answer.ACCEPTED
    assert {name: (tmp_path / "new" / name).read_bytes() for name in before} == before


def test_a_message_whose_envelope_is_gone_is_nobody_s_to_overwrite(tmp_path):
    outbox(tmp_path).hand_over([delivery(7)])
    (tmp_path / "new/7.json").unlink()
    [reply] = outbox(tmp_path, compose=HandMade(b"Another.\r\n")).hand_over([delivery(7)])
    assert reply.answer is Answer.NOT_TAKEN
    assert (tmp_path / "new/7.eml").read_bytes() == HandMade().message(delivery(7))


def test_the_same_delivery_may_be_written_again(tmp_path):
    outbox(tmp_path).hand_over([delivery(7)])
    [reply] = outbox(tmp_path, compose=HandMade(b"Later.\r\n")).hand_over([delivery(7)])
    assert reply.answer is Answer.ACCEPTED
    assert (tmp_path / "new/7.eml").read_bytes() == HandMade(b"Later.\r\n").message(delivery(7))


def test_a_message_that_cannot_be_made_leaves_no_file_and_the_others_go_on(tmp_path):
    compose = Refusing(errors={1: InputError("holds a line break")})
    refused, taken = outbox(tmp_path, compose=compose).hand_over([delivery(1), delivery(2)])
    assert (refused.answer, refused.code) == (Answer.PERMANENT, "5.6.0")
    assert taken.answer is Answer.ACCEPTED
    assert not list(tmp_path.rglob("1.*"))


def test_a_folder_that_cannot_be_written_has_taken_nothing_and_says_why(tmp_path):
    (tmp_path / "new").write_text("a file where a folder should be")
    [reply] = outbox(tmp_path).hand_over([delivery(1)])
    assert reply.answer is Answer.NOT_TAKEN
    assert "new" in reply.text


def half_written(folder):
    (folder / "tmp").mkdir()
    for name in (".1.eml.k2j4", ".1.json.x9", ".11.eml.k2j4"):
        (folder / "tmp" / name).write_bytes(b"To: reader1@exa")


def unfinished(folder):
    return [path.name for path in (folder / "tmp").iterdir()]


def test_what_a_dead_process_left_half_written_proves_nothing_and_is_removed(tmp_path):
    half_written(tmp_path)
    assert outbox(tmp_path).evidence(1).answer is Answer.NOT_TAKEN
    assert unfinished(tmp_path) == [".11.eml.k2j4"]


def test_what_a_dead_process_left_half_written_is_written_anew(tmp_path):
    half_written(tmp_path)
    outbox(tmp_path).hand_over([delivery(1)])
    assert (tmp_path / "new/1.eml").read_bytes() == HandMade().message(delivery(1))
    assert unfinished(tmp_path) == [".11.eml.k2j4"]
