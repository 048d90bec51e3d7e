"""What leaves over SMTP, and what is known about it when something breaks."""

import socket
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.doubles.certificates import make_certificate
from tests.doubles.composer import HandMade, Refusing, delivery
from tests.doubles.smtp_server import DROP, SILENCE, TAKE_AND_DROP, SmtpServer

from ranvier.delivery.engine import last_words
from ranvier.delivery.handover import Answer
from ranvier.delivery.smtp import Smtp
from ranvier.delivery.urls import SmtpOptions, Tls, parse_transport
from ranvier.errors import InputError

SENDER = "digest@news.example.org"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def relay(server, options="", *, user="", compose=None, **changes):
    options = parse_transport(f"smtp://{user}127.0.0.1:{server.port}?{options}")
    return Smtp(replace(options, **changes), compose or HandMade(), sender=SENDER)


def sent(server, *numbers, **options):
    transport = relay(server, **options)
    replies = transport.hand_over([delivery(number) for number in numbers])
    transport.close()
    return replies


def test_each_reader_has_an_envelope_of_their_own_on_one_connection():
    with SmtpServer() as server:
        replies = sent(server, 1, 2, 3)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 3
    assert [(taken.sender, taken.recipients) for taken in server.taken] == [
        (SENDER, (f"reader{number}@example.com",)) for number in (1, 2, 3)
    ]
    assert server.sessions == 1
    assert server.commands[0] == "ehlo news.example.org"
    assert server.commands[-1] == "QUIT"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([b".", b"..", b".x", b"", b"text", b"a.", b"\xc3\xa9"]), max_size=6))
def test_any_lines_arrive_as_they_were(lines):
    body = b"".join(line + b"\r\n" for line in lines)
    with SmtpServer() as server:
        sent(server, 1, compose=HandMade(body))
    assert server.taken[0].content == HandMade(body).message(delivery(1))


# Stage, what the server says or does there, and what is then known. Two answers outlast the second try.
TROUBLE = {
    "greeting: busy": ("GREETING", ["421 4.3.2 busy"] * 2, Answer.NOT_TAKEN, "421"),
    "greeting: go away": ("GREETING", ["554 5.3.2 no service"], Answer.NOT_TAKEN, "554"),
    "greeting: hangs up": ("GREETING", [DROP], Answer.NOT_TAKEN, ""),
    "ehlo: hangs up": ("EHLO", [DROP], Answer.NOT_TAKEN, ""),
    "mail: sender refused": ("MAIL", ["550 5.1.8 bad sender"], Answer.NOT_TAKEN, "550"),
    "mail: disk full": ("MAIL", ["452 4.3.1 no space"], Answer.NOT_TAKEN, "452"),
    "mail: too big": ("MAIL", ["552 5.3.4 too big"], Answer.PERMANENT, "552"),
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
    "dot: chokes on the content": ("DOT", ["452 4.7.28 unusual rate"], Answer.TEMPORARY, "452"),
    "dot: no DMARC": ("DOT", ["550 5.7.26 unauthenticated"], Answer.NOT_TAKEN, "550"),
    "dot: hangs up, not taken": ("DOT", [DROP], Answer.UNKNOWN, ""),
    "dot: hangs up, taken": ("DOT", [TAKE_AND_DROP], Answer.UNKNOWN, ""),
    "dot: not SMTP": ("DOT", ["what?"], Answer.UNKNOWN, ""),
    "dot: a line without end": ("DOT", ["250 " + "x" * 10_000], Answer.UNKNOWN, ""),
}


@pytest.mark.parametrize(("stage", "script", "answer", "code"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_leaves_no_doubt_but_where_there_is_one_and_the_next_reader_is_served(
    stage, script, answer, code
):
    with SmtpServer(script={stage: script}) as server:
        transport = relay(server)
        [reply] = transport.hand_over([delivery(1)])
        for _ in range(3):
            [after] = transport.hand_over([delivery(2)])
            if after.answer is Answer.ACCEPTED:
                break
        transport.close()
    assert (reply.answer, reply.code) == (answer, code)
    assert after.answer is Answer.ACCEPTED
    assert server.recipients.count("reader2@example.com") == 1
    assert answer is Answer.UNKNOWN or "reader1@example.com" not in server.recipients


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
    assert [command.split(" ")[0].upper() for command in server.commands] == [
        *("EHLO", "MAIL", "RCPT", "RSET"),
        *("MAIL", "RCPT", "DATA", ".", "QUIT"),
    ]


def test_where_nobody_listens_nothing_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    options = SmtpOptions(host="127.0.0.1", port=port, tls=Tls.NONE)
    transport = Smtp(options, HandMade(), sender=SENDER)
    [reply] = transport.hand_over([delivery(1)])
    assert (reply.answer, reply.code, reply.retry_after) == (Answer.NOT_TAKEN, "", None)
    assert "refused" in reply.text


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
        [reply] = relay(server).hand_over([delivery(1, address=address)])
    assert (reply.answer, reply.code) == (Answer.PERMANENT, "5.1.3")
    assert server.sessions == 0


def test_an_address_beyond_ascii_needs_smtputf8():
    with SmtpServer() as server:
        transport = relay(server)
        [reply] = transport.hand_over([delivery(1, address="zoë@example.com")])
        transport.close()
    assert (reply.answer, reply.code) == (Answer.PERMANENT, "5.6.7")
    assert not any(command.startswith("MAIL") for command in server.commands)


def test_an_address_beyond_ascii_is_handed_to_a_relay_that_can_take_it():
    with SmtpServer(extensions=("8BITMIME", "SMTPUTF8")) as server:
        transport = relay(server)
        transport.hand_over([delivery(1, address="zoë@example.com"), delivery(2)])
        transport.close()
    assert server.recipients == ["zoë@example.com", "reader2@example.com"]
    assert [taken.parameters for taken in server.taken] == ["SMTPUTF8", ""]


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
