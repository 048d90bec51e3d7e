"""What an operator declares for a whole list."""

from dataclasses import replace
from datetime import date

import pytest

from ranvier.errors import InputError
from ranvier.subscribers.consent import DeclaredConsent, consenting, declared_consent
from ranvier.subscribers.subscriber import Status, Subscriber

TODAY = date(2026, 11, 23)
DAY = date(2024, 3, 1)
OWN = date(2023, 1, 2)
ANN = Subscriber(email="ann@example.org", key="ann@example.org")
DECLARED = DeclaredConsent(source="sign-up form", day=DAY)


def test_nothing_given_declares_nothing():
    assert declared_consent("", " ", today=TODAY) is None


def test_a_source_and_a_day_are_declared():
    given = declared_consent("  sign-up\tform ", "2024-03-01", today=TODAY)
    assert given == DeclaredConsent(source="sign-up form", day=DAY)


def test_a_source_alone_declares_no_day():
    assert declared_consent("sign-up form", "", today=TODAY) == DeclaredConsent(source="sign-up form")


@pytest.mark.parametrize(
    ("source", "day", "said"),
    [
        pytest.param("", "2024-03-01", "--consent-date: needs --consent-source TEXT", id="no-source"),
        pytest.param("form", "1.3.2024", '--consent-date: "1.3.2024" is not a date', id="no-date"),
        pytest.param("form", "2026-11-24", "--consent-date: 2026-11-24 has not come yet", id="tomorrow"),
        pytest.param("x" * 201, "", "--consent-source: is not one line", id="a-novel"),
        pytest.param("form\x00", "", "--consent-source: is not one line", id="a-control-character"),
    ],
)
def test_a_declaration_that_says_nothing_is_refused(source, day, said):
    with pytest.raises(InputError) as refused:
        declared_consent(source, day, today=TODAY)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    "source",
    [
        "Purchased list",
        "list bought from Example GmbH",
        "rented addresses",
        "scraped from profiles",
        "gekaufte Liste",
        "liste achetée",
    ],
)
def test_a_list_that_was_bought_or_rented_is_refused(source):
    with pytest.raises(InputError, match="did not consent to this newsletter; it is not imported"):
        declared_consent(source, "2024-03-01", today=TODAY)


@pytest.mark.parametrize("source", ["checkbox at the purchase", "parents' evening", "boughton.example.org"])
def test_a_source_that_only_resembles_one_is_taken(source):
    assert declared_consent(source, "", today=TODAY)


@pytest.mark.parametrize(
    ("new", "known", "day"),
    [
        pytest.param(ANN, None, DAY, id="a-new-person"),
        pytest.param(ANN, ANN, DAY, id="a-known-person-without-consent"),
        pytest.param(replace(ANN, consent_date=OWN), None, OWN, id="the-row-has-its-own"),
        pytest.param(ANN, replace(ANN, consent_date=OWN), None, id="the-list-knows-one"),
        pytest.param(replace(ANN, status=Status.PENDING), None, None, id="pending"),
        pytest.param(replace(ANN, status=Status.UNSUBSCRIBED), None, None, id="unsubscribed"),
        pytest.param(ANN, replace(ANN, status=Status.PENDING), None, id="yet-to-confirm"),
    ],
)
def test_the_declared_day_fills_what_is_not_known(new, known, day):
    assert consenting(new, known, DECLARED).consent_date == day


@pytest.mark.parametrize("consent", [None, DeclaredConsent(source="sign-up form")], ids=["nothing", "no-day"])
def test_without_a_declared_day_nothing_is_filled(consent):
    assert consenting(ANN, None, consent) is ANN
