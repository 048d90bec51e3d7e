"""Budget D8: `ranvier send` through SendGrid's API, and building one of its requests.

python bench/send_sendgrid.py [READERS [ROUNDS]]

The API is bench/sendgrid_double.py, which answers at once; all readers get the same items, so a request
holds 1,000. The rate is the double's: readers a second from the first complete request to the last. The
reference is SendGrid's official helper: a loop that builds a request of 1,000 with it and posts it with the
same client, without a ledger, tokens or checks. A request is built in turns with the helper, from the same
values of 1,000 readers to the bytes that are posted.

The budgets, 20,000 readers a second and 8 ms, were measured where the helper took 23 ms a request and reached
23,000 readers a second: the goals here are those ratios.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from measure import Goal, Ran, Row, in_turns, report, seconds
from relays import Seen, own_server
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    Content,
    CustomArg,
    From,
    Header,
    Mail,
    Personalization,
    Substitution,
    To,
)
from workspaces import approved, send

from ranvier.delivery.compose import Own, Parts
from ranvier.delivery.handover import Delivery
from ranvier.delivery.sendgrid_request import encoded, group_of, request_body
from ranvier.message.sender import Sender

GROUP = 1_000
SENDER = Sender(name="Research Digest", address="digest@news.example.org", list_id="digest.news.example.org")
PARTS = Parts(
    subject="Research Digest, 23 November 2026",
    html="<p>Some words of a summary.</p>\n" * 1_700,
    text="Some words of a summary.\n" * 700,
    headers={"List-Id": '"Research Digest" <digest.news.example.org>', "Auto-Submitted": "auto-generated"},
)


READERS = tuple(
    Delivery(
        id=number,
        subscriber=number,
        address=f"reader{number}@list{number % 500}.example.org",
        name="Ann Example",
        audience="clinicians",
        item_set=1,
        attempts=0,
    )
    for number in range(1, GROUP + 1)
)


class Values:
    """Implements `delivery.compose.Compose` with values that are ready, and as long as Ranvier's."""

    def __init__(self) -> None:
        self._links = {reader.id: f"https://news.example.org/u/{reader.id:037d}" for reader in READERS}

    def message(self, _delivery: Delivery) -> bytes:
        """SendGrid is never given one."""
        return b""

    def return_path(self, _delivery: Delivery) -> str:
        """SendGrid makes its own."""
        return ""

    def parts(self, _audience: str, _item_set: int) -> Parts:
        """The same for all."""
        return PARTS

    def own(self, delivery: Delivery) -> Own:
        """A greeting and two links, each in two forms, and the link in the header."""
        link = self._links[delivery.id]
        slots = {"greeting": "Hello Ann Example,", "unsubscribe_url": link, "preferences_url": link}
        forms = ("text", "html")
        substitutions = {f"-0123456789abcdef-{slot}-{form}-": slots[slot] for slot in slots for form in forms}
        headers = {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return Own(substitutions=substitutions, headers=headers)


def with_ranvier(values: Values) -> bytes:
    """A request as Ranvier posts it."""
    group, unfit = group_of(READERS, values)
    assert group, unfit
    return encoded(request_body(group.parts, SENDER, group.readers))


def with_helper(values: Values) -> bytes:
    """The same request from SendGrid's official helper; the client makes JSON of it."""
    return json.dumps(helper_request(values)).encode()


def helper_request(values: Values) -> dict[str, object]:
    """What the helper gives to the client."""
    mail = Mail()
    mail.from_email = From(SENDER.address, SENDER.name)
    mail.subject = PARTS.subject
    for name, value in PARTS.headers.items():
        mail.add_header(Header(name, value))
    mail.add_content(Content("text/plain", PARTS.text))
    mail.add_content(Content("text/html", PARTS.html))
    for reader in READERS:
        own = Personalization()
        own.add_to(To(reader.address))
        substitutions, headers = values.own(reader)
        for key, value in substitutions.items():
            own.add_substitution(Substitution(key, value))
        for key, value in headers.items():
            own.add_header(Header(key, value))
        own.add_custom_arg(CustomArg("ranvier_delivery", str(reader.id)))
        mail.add_personalization(own)
    request: dict[str, object] = mail.get()
    return request


def build(rounds: int) -> Row:
    """Building a request of 1,000 readers, in turns."""
    values = Values()
    sides = {
        "ours": lambda: seconds(lambda: with_ranvier(values), times=5) * 1000,
        "theirs": lambda: seconds(lambda: with_helper(values), times=2) * 1000,
    }
    taken = in_turns(sides, rounds)
    return Row(
        budget="D8",
        what="build one request of 1,000",
        unit="ms",
        ours=taken["ours"],
        reference="SendGrid's official helper",
        theirs=taken["theirs"],
        goal=Goal(limit=8 / 23, most=True),
    )


def deliver(prepared: Path) -> tuple[Ran, Seen]:
    """A send of everything that is prepared."""
    with own_server("sendgrid_double.py") as double:
        host = f"http://127.0.0.1:{double.port}"
        key = {"SENDGRID_API_KEY": "SG.bench", "RANVIER_TRANSPORT": f"sendgrid:?host={host}"}
        return send(prepared, environment=key), double.seen()


def deliver_with_helper(readers: int) -> Seen:
    """The loop that one writes with the helper."""
    values = Values()
    with own_server("sendgrid_double.py") as double:
        api = SendGridAPIClient("SG.bench", host=f"http://127.0.0.1:{double.port}")
        for _ in range(readers // GROUP):
            api.client.mail.send.post(request_body=helper_request(values))
        return double.seen()


def main(readers: int, rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        one, many = approved(Path(name) / "one", 1), approved(Path(name) / "many", readers)
        print(f"{readers:,} readers in requests of {GROUP:,}, {rounds} rounds")
        sides = {"many": lambda: deliver(many), "one": lambda: deliver(one)}
        taken = in_turns({**sides, "helper": lambda: deliver_with_helper(readers)}, rounds)
    complete = all(seen.messages == readers for _, seen in taken["many"])
    assert complete, "readers are missing at the double"
    start = statistics.median(ran.cpu for ran, _ in taken["one"])
    costs = [(ran.cpu - start) / (readers - 1) * 1e6 for ran, _ in taken["many"]]
    report(
        Row(
            budget="D8",
            what="send through SendGrid's API, while delivering",
            unit="readers/s",
            ours=[seen.rate for _, seen in taken["many"]],
            reference="SendGrid's official helper in a loop",
            theirs=[seen.rate for seen in taken["helper"]],
            goal=Goal(limit=20 / 23),
        ),
        Row(
            budget="D8",
            what=f"the same, the whole process with start and freeze, {readers:,} readers",
            unit="readers/s",
            ours=[readers / ran.wall for ran, _ in taken["many"]],
        ),
        Row(budget="D8", what="sender's CPU for one more reader of SendGrid's", unit="µs", ours=costs),
        build(max(rounds, 5)),
    )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(50_000, 5)[len(given) :])
