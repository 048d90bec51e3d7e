"""What a reader chooses by the link in their mail: topics, audience, how often, a pause (R120)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ranvier.addresses import masked
from ranvier.errors import InputError
from ranvier.message.identity import PREFERENCES, linked
from ranvier.store import readers, topic_bits
from ranvier.subscribers.fields import read_audience, read_frequency, read_topic
from ranvier.subscribers.subscriber import Frequency, Status

if TYPE_CHECKING:
    from datetime import date, datetime

    from ranvier.settings.workspace import Workspace
    from ranvier.store.readers import Reader
    from ranvier.subscribers.subscriber import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person may choose; no topics are all of them."""

    topics: tuple[str, ...]
    audience: str
    frequency: Frequency
    people_only: bool
    paused_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a page may show: the address only so that its owner recognises it."""

    masked: str
    active: bool
    choices: Choices


def preferences(workspace: Workspace, token: str) -> Preferences | None:
    """What the person of a link chose; None for a link that was not signed here, or of nobody any more."""
    number = reader_of(workspace, token)
    if number is None:
        return None
    with workspace.database.read() as connection:
        reader = readers.find(connection, number, topic_bits.held_bits(connection))
    return _shown(reader) if reader else None


def choose(workspace: Workspace, token: str, choices: Choices, *, now: datetime) -> Preferences | None:
    """Write what the person of a link chose; None as `preferences`.

    Who left stays away: only a new sign-up that they confirm brings them back (R102). Raises InputError for
    a choice that there is not.
    """
    _checked(workspace, choices, now.date())
    number = reader_of(workspace, token)
    if number is None:
        return None
    with workspace.database.write() as connection:
        masks = topic_bits.bits(connection, workspace.taxonomy.slugs)
        reader = readers.find(connection, number, masks)
        if reader is None or reader.person.status is not Status.ACTIVE:
            return _shown(reader) if reader else None
        person = chosen(reader.person, choices)
        readers.save(connection, reader, person, masks)
        if person.frequency is not reader.person.frequency:
            readers.come_back(connection, reader)
    return _shown(replace(reader, person=person))


def chosen(person: Subscriber, choices: Choices, **more: Any) -> Subscriber:  # noqa: ANN401 - fields
    """The person with these choices, and with other fields that are named."""
    return replace(
        person,
        **more,
        topics=choices.topics,
        audience=choices.audience,
        frequency=choices.frequency,
        people_only=choices.people_only,
        paused_until=choices.paused_until,
    )


def reader_of(workspace: Workspace, token: str) -> int | None:
    """Whose preferences link this is; None for one that was not signed here."""
    found = linked(workspace.secrets, PREFERENCES, token, workspace.settings.editions)
    return found[0] if found else None


def read_choices(  # noqa: PLR0913 - one for each field of the form
    workspace: Workspace,
    *,
    topics: list[str],
    audience: str,
    frequency: str,
    people_only: bool,
    paused_until: date | None,
) -> Choices:
    """Choices as a form sends them. Raises InputError for a word that is none of the publication's."""
    return Choices(
        topics=tuple(dict.fromkeys(read_topic(word, workspace.allowed) for word in topics if word)),
        audience=read_audience(audience, workspace.allowed),
        frequency=_offered(workspace, frequency),
        people_only=people_only,
        paused_until=paused_until,
    )


def frequencies(workspace: Workspace) -> list[Frequency]:
    """How often there is an edition."""
    cadences = {edition.cadence for edition in workspace.settings.editions.values()}
    return [one for one in Frequency if one.value in cadences]


def _offered(workspace: Workspace, word: str) -> Frequency:
    """How often, of what there is; the usual one where nothing is said."""
    offered = frequencies(workspace)
    if not word:
        return Frequency.WEEKLY if Frequency.WEEKLY in offered or not offered else offered[0]
    found = read_frequency(word)
    if found not in offered:
        raise InputError(f"there is no {found} edition")
    return found


def _checked(workspace: Workspace, choices: Choices, today: date) -> None:
    for topic in choices.topics:
        read_topic(topic, workspace.allowed)
    until = choices.paused_until
    if until and not 0 < (until - today).days <= LONGEST_PAUSE:
        raise InputError("a pause has to end after today, and within a year")


LONGEST_PAUSE = 366
"""Days."""


def choices_of(person: Subscriber) -> Choices:
    """What a person chose."""
    return Choices(
        topics=person.topics,
        audience=person.audience,
        frequency=person.frequency,
        people_only=person.people_only,
        paused_until=person.paused_until,
    )


def _shown(reader: Reader) -> Preferences:
    person = reader.person
    return Preferences(
        masked=masked(person.email),
        active=person.status is Status.ACTIVE,
        choices=choices_of(person),
    )
