"""Messages as files."""

import json
import stat
import sys
import threading
from collections import Counter
from dataclasses import dataclass

import pytest
from tests.doubles.composer import HandMade, Refusing, delivery
from tests.doubles.lane import LaneRun, carry, replies_of

from ranvier.delivery.handover import Answer
from ranvier.delivery.outbox import Comparison, Outbox
from ranvier.errors import InputError
from ranvier.files import own_folder

SENDER = "digest@news.example.org"
ISSUE = "weekly/2026-11-23"


def outbox(folder, *, issue=ISSUE, sender=SENDER, compose=None):
    return Outbox(folder, compose or HandMade(), sender=sender, issue=issue)


def test_a_message_is_a_file_of_its_exact_wire_bytes_beside_its_envelope(tmp_path):
    body = b".\r\n..\r\nA line\r\n" + bytes(range(128, 256)) + b"\r\n"
    [reply] = replies_of(outbox(tmp_path, compose=HandMade(body)), [delivery(81)])
    assert reply.answer is Answer.ACCEPTED
    assert (tmp_path / "new/81.eml").read_bytes() == HandMade(body).message(delivery(81))
    assert json.loads((tmp_path / "new/81.json").read_text()) == {
        "from": SENDER,
        "to": "reader81@example.com",
        "sender": SENDER,
        "issue": ISSUE,
        "id": 81,
    }
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["81.eml", "81.json", "new", "tmp"]


def test_only_the_owner_can_read_it(tmp_path):
    replies_of(outbox(tmp_path / "outbox"), [delivery(1)])
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in [tmp_path / "outbox", *(tmp_path / "outbox").rglob("*")]
    }
    assert modes == {"outbox": 0o700, "tmp": 0o700, "new": 0o700, "1.eml": 0o600, "1.json": 0o600}


def test_a_file_proves_the_hand_over_and_no_file_proves_that_there_was_none(tmp_path):
    box = outbox(tmp_path)
    replies_of(box, [delivery(1)])
    assert box.evidence(1).answer is Answer.ACCEPTED
    assert box.evidence(2).answer is Answer.NOT_TAKEN


def test_an_envelope_alone_proves_nothing(tmp_path):
    box = outbox(tmp_path)
    replies_of(box, [delivery(1)])
    (tmp_path / "new/1.eml").unlink()
    assert box.evidence(1).answer is Answer.NOT_TAKEN


OTHERS = {
    "another issue": {"issue": "weekly/2026-11-16"},
    "another publication": {"sender": "other@news.example.org"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_file_of_others_proves_nothing(tmp_path, other):
    replies_of(outbox(tmp_path, **other), [delivery(1)])
    assert outbox(tmp_path).evidence(1).answer is Answer.NOT_TAKEN


ANOTHERS_MESSAGES = {
    **{name: (other, delivery(7)) for name, other in OTHERS.items()},
    "another reader": ({}, delivery(7, address="someone.else@example.com")),
}


@pytest.mark.parametrize(("other", "theirs"), ANOTHERS_MESSAGES.values(), ids=ANOTHERS_MESSAGES)
def test_two_that_share_a_folder_never_overwrite_each_other(tmp_path, other, theirs):
    replies_of(outbox(tmp_path, **other), [theirs])
    before = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    mine, another = replies_of(outbox(tmp_path), [delivery(7), delivery(8)])
    assert mine.answer is Answer.NOT_TAKEN
    assert f"{tmp_path}/new/7.eml is of another" in mine.text
    assert "an outbox of its own" in mine.text
    assert another.answer is Answer.ACCEPTED
    assert {name: (tmp_path / "new" / name).read_bytes() for name in before} == before


def test_a_message_whose_envelope_is_gone_is_nobody_s_to_overwrite(tmp_path):
    replies_of(outbox(tmp_path), [delivery(7)])
    (tmp_path / "new/7.json").unlink()
    [reply] = replies_of(outbox(tmp_path, compose=HandMade(b"Another.\r\n")), [delivery(7)])
    assert reply.answer is Answer.NOT_TAKEN
    assert (tmp_path / "new/7.eml").read_bytes() == HandMade().message(delivery(7))


def test_the_same_delivery_may_be_written_again(tmp_path):
    replies_of(outbox(tmp_path), [delivery(7)])
    [reply] = replies_of(outbox(tmp_path, compose=HandMade(b"Later.\r\n")), [delivery(7)])
    assert reply.answer is Answer.ACCEPTED
    assert (tmp_path / "new/7.eml").read_bytes() == HandMade(b"Later.\r\n").message(delivery(7))


def test_a_message_that_cannot_be_made_leaves_no_file_and_the_others_go_on(tmp_path):
    compose = Refusing(errors={1: InputError("holds a line break")})
    refused, taken = replies_of(outbox(tmp_path, compose=compose), [delivery(1), delivery(2)])
    assert (refused.answer, refused.code) == (Answer.PERMANENT, "5.6.0")
    assert taken.answer is Answer.ACCEPTED
    assert not list(tmp_path.rglob("1.*"))


def test_a_folder_that_cannot_be_written_has_taken_nothing_and_says_why(tmp_path):
    (tmp_path / "new").write_text("a file where a folder should be")
    [reply] = replies_of(outbox(tmp_path), [delivery(1)])
    assert reply.answer is Answer.NOT_TAKEN
    assert "new" in reply.text


def half_written(folder):
    """What a process left that was killed over two messages; of the first the envelope is in place."""
    (folder / "tmp/abcd").mkdir(parents=True)
    for name in ("1.eml", "11.json", "11.eml"):
        (folder / "tmp/abcd" / name).write_bytes(b"To: reader1@exa")
    (folder / "new").mkdir()
    (folder / "new/1.json").write_text(json.dumps({"to": "former@example.com", "issue": ISSUE, "id": 1}))


def test_what_a_dead_process_left_half_written_proves_nothing_and_is_removed(tmp_path):
    half_written(tmp_path)
    assert outbox(tmp_path).evidence(1).answer is Answer.NOT_TAKEN
    assert not list((tmp_path / "tmp").iterdir())


def test_what_a_dead_process_left_half_written_is_written_anew(tmp_path):
    half_written(tmp_path)
    [reply] = replies_of(outbox(tmp_path), [delivery(1)])
    assert reply.answer is Answer.ACCEPTED
    assert (tmp_path / "new/1.eml").read_bytes() == HandMade().message(delivery(1))
    assert json.loads((tmp_path / "new/1.json").read_text())["to"] == "reader1@example.com"
    assert not list((tmp_path / "tmp").iterdir())


def test_what_a_living_process_has_half_written_is_left_alone(tmp_path):
    (tmp_path / "tmp").mkdir()
    with own_folder(tmp_path / "tmp") as theirs:
        (theirs / "1.eml").write_bytes(b"To: reader1@exa")
        box = outbox(tmp_path)
        assert box.evidence(1).answer is Answer.NOT_TAKEN
        replies_of(box, [delivery(1)])
        assert (theirs / "1.eml").read_bytes() == b"To: reader1@exa"


@pytest.mark.parametrize("unreadable", ["new", "new/1.json"])
def test_what_cannot_be_read_proves_nothing_at_all(tmp_path, unreadable):
    box = outbox(tmp_path)
    replies_of(box, [delivery(1)])
    path = tmp_path / unreadable
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(path.name)  # a name that leads in a circle
    assert box.evidence(1) is None


def many(count):
    return [delivery(number) for number in range(1, count + 1)]


def test_nothing_is_written_before_the_start_is_durable(tmp_path):
    @dataclass
    class Watching(LaneRun):
        async def start(self, deliveries, replies=()):
            before = {one.id for one in deliveries if (tmp_path / f"new/{one.id}.eml").exists()}
            assert not before
            assert not list((tmp_path / "tmp").rglob("*.eml"))
            return await super().start(deliveries, replies)

    run = carry(outbox(tmp_path), Watching(many(20), batch=8, commit_takes=0.01))
    assert [reply.answer for reply in run.replies] == [Answer.ACCEPTED] * 20


def test_whoever_may_not_leave_has_no_file(tmp_path):
    replies = replies_of(outbox(tmp_path), many(5), left={2, 5})
    assert [reply.delivery for reply in replies] == [1, 3, 4]
    assert sorted(path.name for path in (tmp_path / "new").glob("*.eml")) == ["1.eml", "3.eml", "4.eml"]
    assert not list(tmp_path.rglob("2.*"))


def test_whoever_is_refused_here_is_never_started(tmp_path):
    compose = Refusing(errors={1: InputError("holds a line break")})
    run = carry(outbox(tmp_path, compose=compose), LaneRun(many(2), batch=8))
    assert run.started == {2}


def test_an_outcome_is_recorded_with_the_next_start_and_else_at_once(tmp_path):
    busy = carry(outbox(tmp_path / "a"), LaneRun(many(9), batch=8))
    idle = carry(outbox(tmp_path / "b"), LaneRun(many(9), batch=8, hesitant=True))
    in_turn = ["took", "started", "took", "recorded", "started", "recorded"]
    assert [name for name, _ in busy.events] == in_turn
    assert [name for name, _ in idle.events] == ["took", "started", "recorded"] * 2


def test_its_lanes_write_at_once_and_few_are_in_flight(tmp_path):
    together = threading.Barrier(Outbox.lanes)

    class Slow(HandMade):
        def message(self, delivery):
            if delivery.id % Outbox.batch == 1:
                together.wait(timeout=5)
            return super().message(delivery)

    box = outbox(tmp_path, compose=Slow())
    count = 2 * box.lanes * box.batch
    replies = replies_of(box, many(count), lanes=box.lanes)
    assert {reply.answer for reply in replies} == {Answer.ACCEPTED}
    assert len(replies) == count
    assert box.lanes * box.batch <= 32


LOOKS: Counter[str] = Counter()
"""How often a folder was listed since the tests began: an audit hook stays for ever."""


@pytest.fixture(scope="module")
def looks():
    def listed(event, _arguments):
        if event in ("os.listdir", "os.scandir", "glob.glob"):
            LOOKS[event] += 1

    sys.addaudithook(listed)
    return LOOKS


def test_how_often_it_looks_into_a_folder_does_not_grow_with_the_messages(tmp_path, looks):
    looked = []
    for count in (50, 1000):
        looks.clear()
        box = outbox(tmp_path / str(count))
        replies_of(box, many(count), lanes=2)
        box.evidence(1)
        box.evidence(2)
        looked.append(looks.total())
    assert looked[0] == looked[1] > 0


def test_its_messages_are_compared_with_what_was_accepted(tmp_path, looks):
    replies_of(outbox(tmp_path), many(4))
    replies_of(outbox(tmp_path, issue="weekly/2026-11-16"), [delivery(11)])
    replies_of(outbox(tmp_path), [delivery(-3)])
    (tmp_path / "new/2.eml").unlink()
    for name in ("notes.txt", "007.eml", "5.json"):
        (tmp_path / "new" / name).write_text("{}")
    looks.clear()
    assert outbox(tmp_path).compare([1, 2, 3, 11]) == Comparison(messages=3, missing=(2, 11), unexpected=(4,))
    assert looks.total() == 1


def test_an_outbox_that_was_never_opened_has_nothing(tmp_path):
    assert outbox(tmp_path / "none").compare([1]) == Comparison(messages=0, missing=(1,), unexpected=())


def test_a_test_copy_is_marked_and_collides_with_no_delivery(tmp_path):
    replies = replies_of(outbox(tmp_path), [delivery(-7), delivery(7), delivery(0)])
    assert {reply.answer for reply in replies} == {Answer.ACCEPTED}
    assert json.loads((tmp_path / "new/test-7.json").read_text())["test"] is True
    assert "test" not in json.loads((tmp_path / "new/7.json").read_text())
    assert sorted(path.name for path in (tmp_path / "new").glob("*.eml")) == [
        "7.eml",
        "test-0.eml",
        "test-7.eml",
    ]


def test_a_test_copy_replaces_the_one_before_whomever_it_was_for(tmp_path):
    for address in ("ann@example.com", "bob@example.com"):
        [reply] = replies_of(outbox(tmp_path), [delivery(-1, address=address)])
        assert reply.answer is Answer.ACCEPTED
        assert json.loads((tmp_path / "new/test-1.json").read_text())["to"] == address


def test_the_envelope_sender_is_where_bounces_go(tmp_path):
    class Verp(HandMade):
        def return_path(self, delivery):
            return f"b+{delivery.id}@bounce.example.org"

    box = outbox(tmp_path, compose=Verp())
    replies_of(box, [delivery(4)])
    assert json.loads((tmp_path / "new/4.json").read_text())["from"] == "b+4@bounce.example.org"
    assert box.evidence(4).answer is Answer.ACCEPTED
