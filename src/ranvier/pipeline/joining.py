"""From a form to the list by double opt-in: nobody is on it before they confirm by their own mail (R107)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ranvier.addresses import masked
from ranvier.delivery.handover import State
from ranvier.message.identity import preferences_url
from ranvier.pipeline.choosing import Choices, choices_of, chosen
from ranvier.pipeline.notices import send_notice
from ranvier.rendering.notice import Notice
from ranvier.store import consents, readers, signups, topic_bits
from ranvier.store.consents import Consent
from ranvier.store.suppressions import Suppressions
from ranvier.subscribers.subscriber import Frequency, Status, Subscriber
from ranvier.tokens import sign, verify

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from ranvier.addresses import Address
    from ranvier.pipeline.transport import Clocks
    from ranvier.settings.workspace import Workspace
    from ranvier.store.signups import SignUp

VALID = timedelta(hours=72)
"""So long a confirmation link works."""

ASKED_AT_ONCE = 200
"""So many people are asked in one hour whether they still want it."""

MOST_FAILURES = 3
"""So many mails in a row that are not taken mean that none will be."""

SOURCE = "sign-up form"

_PURPOSE = "confirm a sign-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A sign-up that may be confirmed: the address as only its owner knows it, and what they agree to."""

    masked: str
    wording: str


def ask_to_join(workspace: Workspace, address: Address, choices: Choices, *, now: datetime) -> None:
    """Remember a sign-up; the same for everybody, known, unknown or suppressed."""
    with workspace.database.write() as connection:
        wording = consents.keep_wording(connection, workspace.settings.signup.consent)
        # A pause is nothing that one begins with.
        signups.ask(connection, address, _plain(choices), wording, now=now)


def send_confirmations(workspace: Workspace, clocks: Clocks) -> int:
    """Ask everybody who waits to confirm; returns how many mails were taken.

    A process that dies in between may leave one mail of which nobody knows; it is sent again after a rest.
    """
    sent = failed = 0
    while True:
        with workspace.database.write() as connection:
            one = signups.take_next(connection, now=clocks.now())
        if one is None:
            return sent
        state = send_notice(workspace, _confirmation(workspace, one), one.email, clocks)
        sent += state is State.ACCEPTED
        if state in {State.PENDING, State.DEFERRED}:  # not taken: it rests, and the others go on
            failed += 1
            if failed == MOST_FAILURES:
                return sent
            continue
        failed = 0
        with workspace.database.write() as connection:
            signups.mailed(connection, one.id, at=clocks.now())


def ask_again(workspace: Workspace, *, now: datetime) -> int:
    """Whoever has been on the list for long is asked whether they still want it; returns how many (R138).

    Who did not answer in time is not written to any more, until they subscribe again.
    """
    rules = workspace.settings.retention
    if not rules.ask_again_days:
        return 0
    with workspace.database.write() as connection:
        masks = topic_bits.bits(connection, workspace.taxonomy.slugs)
        for one in signups.unanswered(connection, before=now - timedelta(days=rules.answer_days)):
            known = readers.by_address(connection, one.key, masks)
            if known and known.person.status is Status.ACTIVE:
                readers.save(connection, known, replace(known.person, status=Status.PENDING), masks)
            signups.remove(connection, one.id)
        before = now.date() - timedelta(days=rules.ask_again_days)
        people = readers.long_ago(connection, masks, before=before, most=ASKED_AT_ONCE)
        wording = consents.keep_wording(connection, workspace.settings.signup.consent)
        for person in people:
            signups.ask(connection, person, {**_plain(choices_of(person)), "still": True}, wording, now=now)
    return len(people)


def waiting(workspace: Workspace, token: str, *, now: datetime) -> Waiting | None:
    """What a confirmation link is about; nothing changes. None when it is used, old or not from here."""
    with workspace.database.read() as connection:
        one = _found(workspace, connection, token, now)
        if one is None:
            return None
        return Waiting(masked=masked(one.email), wording=consents.wording(connection, one.wording))


def confirm(workspace: Workspace, token: str, *, now: datetime) -> str | None:
    """Put the person on the list, whatever they were before; returns the address of their preferences.

    A fresh double opt-in is the one way back for whoever left, bounced or was forgotten (R102). None when the
    link is used, old or not from here.
    """
    with workspace.database.write() as connection:
        one = _found(workspace, connection, token, now)
        if one is None:
            return None
        masks = topic_bits.bits(connection, workspace.taxonomy.slugs)
        number = (
            _renewed(connection, one, masks, now) if one.still else _on_the_list(connection, one, masks, now)
        )
        if number is None:
            return None
        Suppressions(connection, workspace.secrets).lift(one.key)
        signups.remove(connection, one.id)
        given = Consent(
            source="asked again" if one.still else SOURCE,
            wording=one.wording,
            locale=workspace.settings.publication.language,
            asked_at=one.asked_at,
            given_at=now,
        )
        consents.give(connection, number, given)
    site, first = workspace.settings.publication.links.site, next(iter(workspace.settings.editions))
    return preferences_url(workspace.secrets, site, first, number)


def _renewed(connection: Connection, one: SignUp, masks: dict[str, int], now: datetime) -> int | None:
    """Whoever still wants it keeps what they chose meanwhile; who has left has left."""
    known = readers.by_address(connection, one.key, masks)
    if known is None or known.person.status is not Status.ACTIVE:
        return None
    readers.save(connection, known, replace(known.person, consent_date=now.date()), masks)
    return known.id


def _on_the_list(connection: Connection, one: SignUp, masks: dict[str, int], now: datetime) -> int | None:
    known = readers.by_address(connection, one.key, masks)
    choices = _choices(one.choices, masks)
    before = known.person if known else Subscriber(email=one.email, key=one.key)
    person = chosen(before, choices, status=Status.ACTIVE, consent_date=now.date())
    if known is None:
        return readers.add(connection, person, masks, joined=now.date())
    readers.save(connection, known, person, masks)
    readers.come_back(connection, known)
    return known.id


def _confirmation(workspace: Workspace, one: SignUp) -> Notice:
    words, publication = workspace.settings.pages.words, workspace.settings.publication
    token = sign(workspace.secrets, _PURPOSE, _payload(one))
    kind = "still" if one.still else "confirm"
    return Notice(
        subject=words[f"{kind}-subject"].replace("{publication}", publication.name),
        before=(words[f"{kind}-asked"].replace("{publication}", publication.name),),
        button=words[f"{kind}-button"],
        url=f"{publication.links.site}/c/{token}",
        after=(words[f"{kind}-otherwise"],),
    )


def _found(workspace: Workspace, connection: Connection, token: str, now: datetime) -> SignUp | None:
    payload = verify(workspace.secrets, _PURPOSE, token)
    if payload is None:
        return None
    one = signups.find(connection, int.from_bytes(payload[:8], "big"))
    if one is None or _payload(one) != payload:
        return None
    valid = timedelta(days=workspace.settings.retention.answer_days) if one.still else VALID
    return one if one.asked_at <= now <= one.asked_at + valid else None


def _payload(one: SignUp) -> bytes:
    return one.id.to_bytes(8, "big") + int(one.asked_at.timestamp()).to_bytes(6, "big")


def _plain(choices: Choices) -> dict[str, object]:
    return {name: value for name, value in asdict(choices).items() if name != "paused_until"}


def _choices(text: str, masks: dict[str, int]) -> Choices:
    kept = json.loads(text)
    return Choices(
        topics=tuple(topic for topic in kept["topics"] if topic in masks),
        audience=kept["audience"],
        frequency=Frequency(kept["frequency"]),
        people_only=kept["people_only"],
        paused_until=None,
    )
