"""What leaves over SMTP, and what is known about it when something breaks."""

import quopri
import socket
import threading
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.doubles.certificates import make_certificate
from tests.doubles.composer import HandMade, Refusing, delivery
from tests.doubles.lane import LaneRun, carry, replies_of
from tests.doubles.smtp_server import DROP, SILENCE, TAKE_AND_DROP, SmtpServer

from ranvier.delivery.handover import Answer
from ranvier.delivery.retry import NOT_OFFERED
from ranvier.delivery.run import last_words
from ranvier.delivery.smtp import Smtp
from ranvier.delivery.urls import SmtpOptions, Tls, parse_transport
from ranvier.errors import InputError
from ranvier.message.qp import encode

SENDER = "digest@news.example.org"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def relay(server, options="", *, user="", compose=None, **changes):
    options = parse_transport(f"smtp://{user}127.0.0.1:{server.port}?{options}")
    return Smtp(replace(options, **changes), compose or HandMade(), sender=SENDER)


def sent(server, *numbers, lanes=1, left=(), **options):
    people = [delivery(number) for number in numbers]
    return replies_of(relay(server, **options), people, lanes=lanes, left=left)


def verbs(server):
    return [command.split(" ")[0].upper() for command in server.commands]


def test_each_reader_has_an_envelope_of_their_own_on_one_connection():
    with SmtpServer() as server:
        replies = sent(server, 1, 2, 3)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 3
    assert [(taken.sender, taken.recipients) for taken in server.taken] == [
        (SENDER, (f"reader{number}@example.com",)) for number in (1, 2, 3)
    ]
    assert server.sessions == 1
    assert server.commands[0] == "EHLO news.example.org"
    assert server.commands[-1] == "QUIT"


def test_as_many_connections_are_open_as_there_are_lanes():
    with SmtpServer() as server:
        replies = sent(server, *range(1, 41), lanes=4)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 40
    assert (server.sessions, server.most_open) == (4, 4)
    assert sorted(server.recipients) == sorted(f"reader{number}@example.com" for number in range(1, 41))


WAYS = {
    "pipelined": ("PIPELINING",),
    "plain": (),
    "chunked": ("CHUNKING", "PIPELINING"),
    "chunked, plain": ("CHUNKING",),
}


@pytest.mark.parametrize("extensions", WAYS.values(), ids=WAYS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([".", "..", ".x", "", "text", "a.", "\xe9", "From me", " ", "x" * 200]), max_size=6
    )
)
def test_any_lines_arrive_as_they_were(extensions, lines):
    content = "".join(line + "\n" for line in lines)
    compose = HandMade(encode(content))
    with SmtpServer(extensions=extensions) as server:
        sent(server, 1, 2, compose=compose)
    assert [taken.content for taken in server.taken] == [
        compose.message(delivery(number)) for number in (1, 2)
    ]
    body = server.taken[0].content.partition(b"\r\n\r\n")[2]
    assert quopri.decodestring(body).decode().replace("\r\n", "\n") == content


@pytest.mark.parametrize("extensions", WAYS.values(), ids=WAYS)
def test_nothing_is_said_that_the_server_does_not_offer(extensions):
    with SmtpServer(extensions=extensions) as server:
        sent(server, 1, 2)
    commands = verbs(server)
    assert ("BDAT" in commands) == ("CHUNKING" in extensions)
    assert ("DATA" in commands) == ("CHUNKING" not in extensions)
    assert not any("=" in command for command in server.commands)  # no SIZE, no DSN


class Listener:
    """A server that keeps what came in each read."""

    def __enter__(self):
        self.reads = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()
        self._socket.close()

    def _serve(self):
        connection, _ = self._socket.accept()
        with connection:
            connection.sendall(b"220 ready\r\n")
            while read := connection.recv(1 << 20):
                self.reads.append(read)
                ended = read.startswith(b".\r\n") or b"\r\n.\r\n" in read
                asked = {b"EHLO": b"250-x\r\n250 PIPELINING\r\n", b"QUIT": b"221 bye\r\n"}
                answer = asked.get(read[:4], b"250 taken\r\n" if ended else b"")
                connection.sendall(answer + b"250 ok\r\n250 ok\r\n354 go\r\n" * (b"MAIL FROM" in read))


def test_the_next_envelope_travels_with_the_end_of_the_message_before():
    """Else each message costs a round trip more. The server sees it in what it reads at once."""
    with Listener() as server:
        sent(server, 1, 2)
    ends = [read for read in server.reads if read.endswith(b"DATA\r\n")]
    assert ends[1].startswith(b".\r\nMAIL FROM:") or b"\r\n.\r\nMAIL FROM:" in ends[1]


@pytest.mark.parametrize("extensions", WAYS.values(), ids=WAYS)
def test_no_body_leaves_before_it_is_durably_started_and_none_of_whoever_left(extensions):
    with SmtpServer(extensions=extensions) as server:
        run = LaneRun([delivery(number) for number in range(1, 7)], left={2, 6}, commit_takes=0.01)
        server.on_taken = lambda taken: run.events.append(("arrived", (int(taken.recipients[0][6:-12]),)))
        carry(relay(server), run)
    assert server.recipients == [f"reader{number}@example.com" for number in (1, 3, 4, 5)]
    order = [(name, numbers[0]) for name, numbers in run.events if name in ("started", "arrived") and numbers]
    for number in (1, 3, 4, 5):
        assert order.index(("started", number)) < order.index(("arrived", number))


# Stage, what the server says or does there, and what is then known. Two answers outlast the second try.
TROUBLE = {
    "mail: sender refused": ("MAIL", ["550 5.1.8 bad sender"], Answer.NOT_TAKEN, "550"),
    "mail: disk full": ("MAIL", ["452 4.3.1 no space"], Answer.NOT_TAKEN, "452"),
    "mail: too big": ("MAIL", ["552 5.3.4 too big"], Answer.PERMANENT, "552"),
    "mail: who are you": ("MAIL", ["550 5.7.25 no PTR"], Answer.SENDER_FAULT, "550"),
    "mail: hangs up twice": ("MAIL", [DROP, DROP], Answer.NOT_TAKEN, ""),
    "rcpt: no such user": ("RCPT", ["550 5.1.1 no such user"], Answer.PERMANENT, "550"),
    "rcpt: greylisted": ("RCPT", ["450 4.2.0 later"], Answer.TEMPORARY, "450"),
    "rcpt: closing twice": ("RCPT", ["421 4.7.0 slow down"] * 2, Answer.NOT_TAKEN, "421"),
    "rcpt: not SMTP": ("RCPT", ["what?"] * 2, Answer.NOT_TAKEN, ""),
    "data: refused": ("DATA", ["554 5.5.1 no valid recipients"], Answer.PERMANENT, "554"),
    "data: later": ("DATA", ["451 4.3.0 later"], Answer.TEMPORARY, "451"),
    "data: hangs up twice": ("DATA", [DROP, DROP], Answer.NOT_TAKEN, ""),
    "dot: refused": ("DOT", ["550 5.7.1 content rejected"], Answer.PERMANENT, "550"),
    "dot: later": ("DOT", ["452 4.3.1 queue full"], Answer.TEMPORARY, "452"),
    "dot: closing": ("DOT", ["421 4.3.2 shutting down"], Answer.TEMPORARY, "421"),
    "dot: too fast for Gmail": ("DOT", ["452 4.7.28 unusual rate"], Answer.SENDER_FAULT, "452"),
    "dot: no DMARC": ("DOT", ["550 5.7.26 unauthenticated"], Answer.SENDER_FAULT, "550"),
    "dot: hangs up, not taken": ("DOT", [DROP], Answer.UNKNOWN, ""),
    "dot: hangs up, taken": ("DOT", [TAKE_AND_DROP], Answer.UNKNOWN, ""),
    "dot: not SMTP": ("DOT", ["what?"], Answer.UNKNOWN, ""),
    "dot: a line without end": ("DOT", ["250 " + "x" * 10_000], Answer.UNKNOWN, ""),
}


@pytest.mark.parametrize("extensions", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("stage", "script", "answer", "code"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_leaves_no_doubt_but_where_there_is_one_and_the_next_reader_is_served(
    extensions, stage, script, answer, code
):
    if stage == "DATA" and "CHUNKING" in extensions:
        return  # there is no DATA then
    with SmtpServer(script={stage: script}, extensions=extensions) as server:
        reply, after = sent(server, 1, 2)
    assert (reply.answer, reply.code) == (answer, code)
    assert after.answer is Answer.ACCEPTED
    assert server.recipients.count("reader2@example.com") == 1
    assert answer is Answer.UNKNOWN or "reader1@example.com" not in server.recipients


NO_SESSION = {
    "busy": ("GREETING", "421 4.3.2 busy", "421"),
    "go away": ("GREETING", "554 5.3.2 no service", "554"),
    "hangs up": ("GREETING", DROP, ""),
    "hangs up at EHLO": ("EHLO", DROP, ""),
    "not SMTP": ("GREETING", "SSH-2.0-OpenSSH", ""),
}


@pytest.mark.parametrize(("stage", "trouble", "code"), NO_SESSION.values(), ids=NO_SESSION)
def test_a_relay_that_lets_nobody_in_has_taken_nothing_and_is_asked_again(stage, trouble, code):
    with SmtpServer(script={stage: [trouble]}) as server:
        run = carry(relay(server), LaneRun([delivery(1)]))
    assert [(reply.answer, reply.code) for reply in run.refusals] == [(Answer.NOT_TAKEN, code)]
    assert server.recipients == ["reader1@example.com"]


def test_a_relay_that_is_down_is_asked_by_one_lane_at_a_time():
    with SmtpServer(script={"GREETING": ["421 4.3.2 busy"] * 3}) as server:
        run = carry(relay(server), LaneRun([delivery(number) for number in range(1, 9)]), lanes=4)
    assert len(run.refusals) == 3
    assert server.most_open == 1


def test_a_relay_that_limits_connections_is_served_over_those_that_it_allows():
    with SmtpServer(most_sessions=2) as server:
        server.on_taken = lambda _: time.sleep(0.005)
        run = LaneRun([delivery(number) for number in range(1, 31)])
        carry(relay(server), run, lanes=6)
    assert run.refusals == []
    assert sorted(server.recipients) == sorted(f"reader{number}@example.com" for number in range(1, 31))


@pytest.mark.parametrize("ours", [0, 5])
def test_a_relay_that_limits_messages_per_connection_gets_new_connections(ours):
    with SmtpServer(most_messages=0 if ours else 5) as server:
        replies = sent(server, *range(1, 13), messages=ours)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 12
    assert server.sessions == 3
    assert len(set(server.recipients)) == len(server.recipients) == 12


def test_a_relay_that_asks_for_a_message_that_nobody_gets_is_given_none():
    with SmtpServer(script={"RCPT": ["550 5.1.1 nobody"], "DATA": ["354 go on all the same"]}) as server:
        replies = sent(server, 1, 2)
    assert [reply.answer for reply in replies] == [Answer.PERMANENT, Answer.ACCEPTED]
    assert server.recipients == ["reader2@example.com"]


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("trouble", [DROP, "421 4.7.0 too many messages on this connection"])
def test_a_session_that_ends_before_the_body_is_opened_anew_once(stage, trouble):
    with SmtpServer(script={stage: ["250 ok" if stage != "DATA" else "354 ok", trouble]}) as server:
        replies = sent(server, 1, 2)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 2
    assert server.recipients == ["reader1@example.com", "reader2@example.com"]
    assert server.sessions == 2


def test_a_connection_that_breaks_within_the_body_is_a_temporary_refusal():
    with SmtpServer(script={"BODY": [DROP]}) as server:
        replies = sent(server, 1, 2, compose=HandMade(b"x" * 76 + b"\r\n" + (b"y" * 76 + b"\r\n") * 200_000))
    assert [reply.answer for reply in replies] == [Answer.TEMPORARY, Answer.ACCEPTED]
    assert server.recipients == ["reader2@example.com"]


def test_silence_after_the_final_dot_is_an_unknown_outcome():
    with SmtpServer(script={"DOT": [SILENCE]}) as server:
        [reply] = sent(server, 1, timeout=0.05)
    assert reply.answer is Answer.UNKNOWN


def test_silence_before_it_is_not():
    with SmtpServer(script={"RCPT": [SILENCE, SILENCE]}) as server:
        [reply] = sent(server, 1, timeout=0.05)
    assert reply.answer is Answer.NOT_TAKEN


def test_a_refusal_is_followed_by_rset():
    with SmtpServer(script={"RCPT": ["550 5.1.1 no"]}) as server:
        sent(server, 1, 2)
    assert verbs(server) == [
        *("EHLO", "MAIL", "RCPT", "DATA"),
        *("RSET", "MAIL", "RCPT", "DATA", ".", "QUIT"),
    ]


def test_where_nobody_listens_nothing_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    options = SmtpOptions(host="127.0.0.1", port=port, tls=Tls.NONE)
    transport = Smtp(options, HandMade(), sender=SENDER)
    [reply] = replies_of(transport, [delivery(1)])
    assert (reply.answer, reply.code, reply.retry_after) == (Answer.NOT_TAKEN, "", None)
    assert "refus" in reply.text.lower()


def test_the_peer_s_words_are_kept_without_the_address():
    with SmtpServer(script={"RCPT": ["550 5.1.1 <reader1@example.com>: unknown"]}) as server:
        [reply] = sent(server, 1)
    assert last_words(reply.text) == "5.1.1 <(address)>: unknown"


# ---- addresses and sizes ----


@pytest.mark.parametrize(
    "address", ["ann@example.com>\r\nRCPT TO:<eve@example.com", "a b@example.com", "ann"]
)
def test_an_address_that_could_speak_smtp_never_reaches_the_relay(address):
    with SmtpServer() as server:
        [reply] = replies_of(relay(server), [delivery(1, address=address)])
    assert (reply.answer, reply.code) == (Answer.PERMANENT, "5.1.3")
    assert verbs(server) == ["EHLO", "QUIT"]


def test_an_address_beyond_ascii_needs_smtputf8():
    with SmtpServer() as server:
        [reply] = replies_of(relay(server), [delivery(1, address="zoë@example.com")])
    assert (reply.answer, reply.code) == (Answer.PERMANENT, "5.6.7")
    assert not any(command.startswith("MAIL") for command in server.commands)


def test_an_address_beyond_ascii_is_handed_to_a_relay_that_can_take_it():
    with SmtpServer(extensions=("8BITMIME", "SMTPUTF8")) as server:
        replies_of(relay(server), [delivery(1, address="zoë@example.com"), delivery(2)])
    assert server.recipients == ["zoë@example.com", "reader2@example.com"]
    assert [taken.parameters for taken in server.taken] == ["BODY=8BITMIME SMTPUTF8", ""]


def test_a_bounce_will_name_the_delivery_and_repeat_no_text():
    with SmtpServer(extensions=("DSN", "SMTPUTF8", "PIPELINING")) as server:
        replies_of(
            relay(server), [delivery(7, address="a+b=c@example.com"), delivery(8, address="zoë@example.com")]
        )
    assert server.taken[0].parameters == "RET=HDRS ENVID=7"
    asked = [command.partition(">")[2] for command in server.commands if command.startswith("RCPT")]
    assert asked == [" NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@example.com", " NOTIFY=FAILURE,DELAY"]


def test_a_message_over_the_relay_s_limit_is_refused_here():
    with SmtpServer(extensions=("SIZE 1000",)) as server:
        [reply] = sent(server, 1, compose=HandMade(b"x" * 76 + b"\r\n" + (b"y" * 76 + b"\r\n") * 20))
    assert (reply.answer, reply.code) == (Answer.PERMANENT, "5.3.4")
    assert server.taken == []


@pytest.mark.parametrize("offer", ["SIZE", "SIZE 0", "SIZE 100000"])
def test_the_size_is_declared_where_it_is_asked_for(offer):
    with SmtpServer(extensions=(offer,)) as server:
        sent(server, 1)
    assert server.taken[0].parameters == f"SIZE={len(HandMade().message(delivery(1)))}"


def test_a_message_that_cannot_be_made_is_refused_here_and_the_next_reader_is_served():
    compose = Refusing(errors={1: InputError("holds a line break", where="message")})
    with SmtpServer() as server:
        refused, taken = sent(server, 1, 2, compose=compose)
    assert (refused.answer, refused.code) == (Answer.PERMANENT, "5.6.0")
    assert "line break" in refused.text
    assert taken.answer is Answer.ACCEPTED
    assert server.recipients == ["reader2@example.com"]


# ---- TLS and sign-in ----


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_credentials_travel_in_tls(certificate, tls):
    with SmtpServer(
        certificate=certificate, implicit_tls=tls is Tls.IMPLICIT, user="ann", password="p a/@"
    ) as server:
        [reply] = sent(
            server, 1, user="ann:p%20a%2F%40@", options=f"tls={tls}&cafile={certificate.certificate}"
        )
    assert reply.answer is Answer.ACCEPTED
    assert server.taken[0].encrypted


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_certificate_that_nobody_vouches_for_is_refused(certificate, tls):
    with SmtpServer(certificate=certificate, implicit_tls=tls is Tls.IMPLICIT) as server:
        [reply] = sent(server, 1, options=f"tls={tls}")
    assert reply.answer is Answer.NOT_TAKEN
    assert "certificate" in reply.text.lower()
    assert server.taken == []


def test_a_certificate_of_another_host_is_refused(tmp_path):
    certificate = make_certificate(tmp_path, host="192.0.2.1")
    with SmtpServer(certificate=certificate) as server:
        [reply] = sent(server, 1, options=f"tls=starttls&cafile={certificate.certificate}")
    assert reply.answer is Answer.NOT_TAKEN


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "XOAUTH2 LOGIN"])
def test_the_password_is_given_in_the_way_that_is_offered(certificate, mechanisms):
    with SmtpServer(certificate=certificate, user="ann", password="pä ss", mechanisms=mechanisms) as server:
        [reply] = sent(
            server, 1, user="ann:p%C3%A4%20ss@", options=f"tls=starttls&cafile={certificate.certificate}"
        )
    assert reply.answer is Answer.ACCEPTED


def test_a_relay_that_offers_no_way_that_we_know_is_told_nothing(certificate):
    with SmtpServer(certificate=certificate, user="ann", password="s3cret", mechanisms="XOAUTH2") as server:
        [reply] = sent(
            server, 1, user="ann:s3cret@", options=f"tls=starttls&cafile={certificate.certificate}"
        )
    assert (reply.answer, reply.code) == (Answer.NOT_TAKEN, NOT_OFFERED)
    assert not any(command.startswith("AUTH") for command in server.commands)


def test_what_is_said_between_starttls_and_encryption_is_an_attack(certificate):
    with SmtpServer(certificate=certificate, whisper=b"250-PIPELINING\r\n250 AUTH PLAIN\r\n") as server:
        [reply] = sent(server, 1, options=f"tls=starttls&cafile={certificate.certificate}")
    assert reply.answer is Answer.NOT_TAKEN
    assert server.taken == []
    assert verbs(server) == ["EHLO", "STARTTLS"] * 3  # and never a command in clear, however often


def test_what_was_offered_in_clear_does_not_count(certificate):
    offers = ("CHUNKING", "PIPELINING")
    with SmtpServer(certificate=certificate, extensions=offers, extensions_in_tls=()) as server:
        sent(server, 1, 2, options=f"tls=starttls&cafile={certificate.certificate}")
    assert len(server.taken) == 2
    assert "BDAT" not in verbs(server)


def test_a_relay_without_starttls_gets_nothing_in_clear():
    with SmtpServer() as server:
        [reply] = sent(server, 1, options="tls=starttls")
    assert reply.answer is Answer.NOT_TAKEN
    assert "STARTTLS" in reply.text
    assert not any(command.startswith("MAIL") for command in server.commands)


def test_a_wrong_password_waits_for_a_person_and_does_not_show(certificate):
    with SmtpServer(certificate=certificate, user="ann", password="right") as server:
        [reply] = sent(
            server, 1, user="ann:hunter2@", options=f"tls=starttls&cafile={certificate.certificate}"
        )
    assert (reply.answer, reply.code, reply.retry_after) == (Answer.NOT_TAKEN, "535", None)
    assert "hunter2" not in repr(reply)


def test_a_missing_cafile_is_said(tmp_path):
    with SmtpServer() as server:
        [reply] = sent(server, 1, options=f"tls=implicit&cafile={tmp_path / 'missing.pem'}")
    assert reply.answer is Answer.NOT_TAKEN
