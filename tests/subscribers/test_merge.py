from dataclasses import replace
from datetime import date

import pytest

from ranvier.subscribers.merge import Change, merge, suppress
from ranvier.subscribers.subscriber import LEFT, Frequency, Status, Subscriber

ANN = Subscriber(
    email="Ann@example.org",
    key="ann@example.org",
    name="Ann Lee",
    audience="clinicians",
    topics=("treatments", "lifestyle"),
    frequency=Frequency.MONTHLY,
    locale="de-DE",
    timezone="Europe/Berlin",
    status=Status.ACTIVE,
    consent_date=date(2024, 5, 6),
    tags=("trial",),
)
EMPTY = Subscriber(email="ann@example.org", key="ann@example.org")
CONSENT = date(2026, 1, 2)


def test_an_unknown_person_is_added_as_given():
    assert merge(None, ANN) == (ANN, Change.ADDED)


def test_the_same_row_again_changes_nothing():
    assert merge(ANN, ANN) == (ANN, Change.UNCHANGED)


def test_empty_cells_erase_nothing():
    assert merge(ANN, EMPTY, keep_frequency=True) == (ANN, Change.UNCHANGED)


def test_what_a_row_says_is_taken():
    new = replace(
        ANN,
        name="Ann Roe",
        audience="caregivers",
        topics=("other",),
        frequency=Frequency.DAILY,
        locale="fr",
        timezone="Europe/Paris",
        consent_date=CONSENT,
        tags=("berlin",),
    )
    assert merge(ANN, new) == (new, Change.UPDATED)


def test_topics_and_tags_in_another_order_are_the_same():
    assert merge(ANN, replace(ANN, topics=("lifestyle", "treatments"))) == (ANN, Change.UNCHANGED)


def test_the_address_stays_as_it_was_first_given():
    assert merge(ANN, replace(ANN, email="ann@example.org"))[0].email == "Ann@example.org"


@pytest.mark.parametrize("left", sorted(LEFT))
@pytest.mark.parametrize("status", [Status.ACTIVE, Status.PENDING])
def test_who_left_is_never_revived_nor_touched(left, status):
    gone = replace(ANN, status=left)
    assert merge(gone, replace(ANN, name="Ann Roe", status=status, consent_date=CONSENT)) == (
        gone,
        Change.UNCHANGED,
    )


@pytest.mark.parametrize("known", [Status.ACTIVE, Status.PENDING])
@pytest.mark.parametrize("status", sorted(LEFT))
def test_a_suppressing_status_always_wins(known, status):
    merged, change = merge(replace(ANN, status=known), replace(EMPTY, status=status))
    assert (merged.status, change) == (status, Change.UPDATED)


@pytest.mark.parametrize(
    ("status", "consent", "after"),
    [
        pytest.param(Status.ACTIVE, CONSENT, Status.ACTIVE, id="confirmed-with-consent"),
        pytest.param(Status.ACTIVE, None, Status.PENDING, id="without-consent"),
        pytest.param(Status.PENDING, CONSENT, Status.PENDING, id="still-pending"),
    ],
)
def test_a_pending_person_is_active_only_by_a_row_with_consent(status, consent, after):
    pending = replace(ANN, status=Status.PENDING, consent_date=None)
    assert merge(pending, replace(ANN, status=status, consent_date=consent))[0].status is after


def test_an_old_list_makes_nobody_pending_again():
    assert merge(ANN, replace(EMPTY, status=Status.PENDING), keep_frequency=True) == (ANN, Change.UNCHANGED)


@pytest.mark.parametrize(
    ("known", "status", "after"),
    [
        (Status.BOUNCED, Status.UNSUBSCRIBED, Status.UNSUBSCRIBED),
        (Status.UNSUBSCRIBED, Status.COMPLAINED, Status.COMPLAINED),
        (Status.COMPLAINED, Status.BOUNCED, Status.COMPLAINED),
        (Status.UNSUBSCRIBED, Status.BOUNCED, Status.UNSUBSCRIBED),
        (Status.ACTIVE, Status.PENDING, Status.ACTIVE),
    ],
)
def test_the_stronger_reason_to_stay_silent_stands(known, status, after):
    assert suppress(replace(ANN, status=known), status).status is after
