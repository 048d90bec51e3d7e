"""Lists as Mailchimp, listmonk and Ghost write them: real columns, invented people."""

from datetime import date

import pytest

from ranvier.errors import InputError
from ranvier.subscribers.csv_import import Accepted, Rejected, read_people
from ranvier.subscribers.exports_of_others import Format
from ranvier.subscribers.fields import Allowed
from ranvier.subscribers.header import Header, read_header
from ranvier.subscribers.subscriber import Status

ALLOWED = Allowed(
    audiences=("clinicians",),
    topics=("treatments", "lifestyle"),
    timezones=frozenset({"Europe/Berlin", "America/New_York"}),
)
SYSTEM = (
    "MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,"
    "TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)
SUBSCRIBED = f'"Email Address","First Name","Last Name",{SYSTEM}'
LEFT = "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER"
UNSUBSCRIBED = f'"Email Address","First Name","Last Name",{LEFT},{SYSTEM}'
CLEANED = (
    f'"Email Address","First Name","Last Name",CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,{SYSTEM}'
)
LISTMONK = "uuid,email,name,attributes,status,created_at,updated_at"
GHOST = (
    "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,"
    "labels,tiers"
)


def header(line: str, where: str = "list.csv", **mapping: str) -> Header:
    return read_header(iter([line]), mapping=mapping, where=where)


def read(*lines, where="list.csv", mapping=None):
    text = iter([f"{line}\r\n" for line in lines])
    found = read_header(text, mapping=mapping or {}, where=where)
    return list(read_people(text, found, allowed=ALLOWED))


def person(*lines, **options):
    (row,) = read(*lines, **options)
    assert isinstance(row, Accepted), row
    return row.subscriber


def mailchimp(*, first="Ann", last="Lee", optin="", confirm="", zone="", tags="", left=""):
    system = f'2,"{optin}",192.0.2.7,"{confirm}",192.0.2.7,52.5,13.4,1,2,{zone},DE,BE,"2025-01-02 03:04:05"'
    return f"ann@example.org,{first},{last},{left}{system},1234,ab12,,{tags}"


@pytest.mark.parametrize(
    ("line", "known"),
    [
        pytest.param(SUBSCRIBED, Format.MAILCHIMP, id="mailchimp"),
        pytest.param(SUBSCRIBED.removesuffix(",NOTES,TAGS"), Format.MAILCHIMP, id="mailchimp-before-tags"),
        pytest.param(UNSUBSCRIBED, Format.MAILCHIMP, id="mailchimp-unsubscribed"),
        pytest.param(CLEANED, Format.MAILCHIMP, id="mailchimp-cleaned"),
        pytest.param("Email Address,UNSUB_TIME", Format.MAILCHIMP, id="mailchimp-cut-down"),
        pytest.param(LISTMONK, Format.LISTMONK, id="listmonk"),
        pytest.param(LISTMONK.replace(",", ";"), Format.LISTMONK, id="listmonk-by-a-spreadsheet"),
        pytest.param(GHOST, Format.GHOST, id="ghost"),
        pytest.param(GHOST.replace("tiers", "tiers,gift_id"), Format.GHOST, id="ghost-6"),
        pytest.param(GHOST.replace("tiers", "products"), Format.GHOST, id="ghost-4"),
        pytest.param("email,name,status,consent_date,tags", Format.CSV, id="ours"),
        pytest.param("Email Address,First Name,Tags", Format.CSV, id="nobodys"),
        pytest.param("uuid,email,name", Format.CSV, id="a-number-alone"),
    ],
)
def test_whose_export_it_is_is_seen_by_its_columns(line, known):
    assert header(line).format is known


def test_a_list_of_ours_is_read_without_translation():
    found = header("email,name,status,tags")
    assert (found.recipes, found.notes) == ((), ())


def test_a_subscriber_of_mailchimp_is_the_whole_person():
    row = mailchimp(
        optin="2024-02-29 23:10:20",
        confirm="2024-03-01 10:20:30",
        zone="Europe/Berlin",
        tags='"""Trial"",""Berlin, Mitte"""',
    )
    ann = person(SUBSCRIBED, row)
    assert (ann.email, ann.name, ann.status) == ("ann@example.org", "Ann Lee", Status.ACTIVE)
    assert (ann.consent_date, ann.timezone) == (date(2024, 3, 1), "Europe/Berlin")
    assert ann.tags == ("trial", "berlin, mitte")


@pytest.mark.parametrize(
    ("optin", "confirm", "consent"),
    [
        pytest.param("2024-02-29 23:10:20", "2024-03-01 10:20:30", date(2024, 3, 1), id="the-click"),
        pytest.param("2024-02-29 23:10:20", "", date(2024, 2, 29), id="the-sign-up"),
        pytest.param("", "", None, id="neither"),
    ],
)
def test_mailchimps_confirmation_is_the_consent_and_the_sign_up_where_there_is_none(optin, confirm, consent):
    assert person(SUBSCRIBED, mailchimp(optin=optin, confirm=confirm)).consent_date == consent


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [("Ann", "Lee", "Ann Lee"), ("Ann", "", "Ann"), ("", "Lee", "Lee"), ("", "", "")],
)
def test_first_and_last_name_are_the_name(first, last, name):
    assert person(SUBSCRIBED, mailchimp(first=first, last=last)).name == name


@pytest.mark.parametrize(
    ("tags", "read_as"),
    [
        pytest.param("", (), id="none"),
        pytest.param('"""a"""', ("a",), id="one"),
        pytest.param('"""a"",""b"""', ("a", "b"), id="two"),
        pytest.param('"a,b"', ("a", "b"), id="without-marks"),
    ],
)
def test_mailchimps_quoted_tags_are_tags(tags, read_as):
    assert person(SUBSCRIBED, mailchimp(tags=tags)).tags == read_as


@pytest.mark.parametrize(
    ("line", "left", "status"),
    [
        pytest.param(
            UNSUBSCRIBED, "2025-02-03 04:05:06,Weekly,c1,NORMAL,,", Status.UNSUBSCRIBED, id="unsubscribed"
        ),
        pytest.param(UNSUBSCRIBED, ",,,,,", Status.UNSUBSCRIBED, id="unsubscribed-by-the-owner"),
        pytest.param(CLEANED, "2025-02-03 04:05:06,Weekly,c1,", Status.BOUNCED, id="cleaned"),
    ],
)
def test_everyone_in_mailchimps_lists_of_who_left_has_left(line, left, status):
    assert person(line, mailchimp(left=left, confirm="2024-03-01 10:20:30")).status is status


@pytest.mark.parametrize(
    ("file", "status"),
    [
        pytest.param("subscribed_members_export_0a1b2c.csv", Status.ACTIVE, id="subscribed"),
        pytest.param("unsubscribed_members_export_0a1b2c.csv", Status.UNSUBSCRIBED, id="unsubscribed"),
        pytest.param("/in/cleaned_email_audience_export_0a1b2c.csv", Status.BOUNCED, id="cleaned-newer-name"),
        pytest.param("nonsubscribed_email_audience_export_0a1b2c.csv", Status.PENDING, id="nonsubscribed"),
        pytest.param("/unsubscribed_members_export_0a/list.csv", Status.ACTIVE, id="a-folder-says-nothing"),
    ],
)
def test_the_name_of_mailchimps_file_says_what_everyone_in_it_is(file, status):
    assert person(SUBSCRIBED, mailchimp(confirm="2024-03-01 10:20:30"), where=file).status is status


def test_the_name_of_a_file_means_nothing_for_other_lists():
    row = person("email", "ann@example.org", where="unsubscribed_members_export_0a.csv")
    assert row.status is Status.ACTIVE


def test_who_never_subscribed_did_not_consent_by_being_added():
    row = mailchimp(confirm="2024-03-01 10:20:30")
    assert person(SUBSCRIBED, row, where="nonsubscribed_members_export_0a.csv").consent_date is None


def test_mailchimps_lists_put_together_into_one_file_are_refused():
    with pytest.raises(InputError, match="one by one"):
        header("Email Address,UNSUB_TIME,CLEAN_TIME,LEID,EUID")


def test_a_column_called_status_brings_nobody_back():
    rows = ("Email Address,Status,UNSUB_TIME", "ann@example.org,active,2025-02-03 04:05:06")
    assert person(*rows).status is Status.UNSUBSCRIBED


def test_who_left_is_remembered_from_a_row_that_is_rejected():
    (row,) = read("Email Address,Topics,UNSUB_TIME", "ann@example.org,golf,2025-02-03 04:05:06")
    assert isinstance(row, Rejected)
    assert row.left
    assert row.left.status is Status.UNSUBSCRIBED


@pytest.mark.parametrize(
    ("word", "status"),
    [("enabled", Status.ACTIVE), ("disabled", Status.UNSUBSCRIBED), ("blocklisted", Status.UNSUBSCRIBED)],
)
def test_listmonks_words_are_ours(word, status):
    row = (
        'f2a1c1de-0000-4000-8000-000000000001,ann@example.org,Ann Lee,"{""city"": ""Ulm""}",'
        f"{word},2024-03-01 10:20:30.5 +0000 UTC,2024-03-01 10:20:30.5 +0000 UTC"
    )
    ann = person(LISTMONK, row)
    assert (ann.name, ann.status) == ("Ann Lee", status)
    assert ann.consent_date is None  # created_at is no consent


def test_listmonks_note_says_what_its_export_leaves_out():
    (note,) = header(LISTMONK).notes
    assert note.startswith("read as an export of listmonk; it does not say who left a single list")


@pytest.mark.parametrize(
    ("subscribed", "deleted", "status"),
    [
        pytest.param("true", "", Status.ACTIVE, id="true"),
        pytest.param("false", "", Status.UNSUBSCRIBED, id="false"),
        pytest.param("FALSE", "", Status.UNSUBSCRIBED, id="by-a-spreadsheet"),
        pytest.param("true", "2025-01-01T00:00:00.000Z", Status.UNSUBSCRIBED, id="deleted"),
        pytest.param("", "", Status.ACTIVE, id="not-said"),
    ],
)
def test_ghosts_words_are_ours(subscribed, deleted, status):
    rest = f'false,,2024-03-01T10:20:30.000Z,{deleted},"Trial, Ulm",Free'
    row = f"6412,ann@example.org,Ann Lee,,{subscribed},{rest}"
    ann = person(GHOST, row)
    assert (ann.name, ann.status, ann.tags) == ("Ann Lee", status, ("trial", "ulm"))
    assert ann.consent_date is None  # created_at is no consent


@pytest.mark.parametrize(
    ("line", "row", "word"),
    [
        pytest.param(LISTMONK, "1,ann@example.org,,{},asleep,,", "asleep", id="listmonk"),
        pytest.param(GHOST, "1,ann@example.org,,,perhaps,,,,,,", "perhaps", id="ghost"),
    ],
)
def test_a_word_that_the_program_does_not_have_is_refused(line, row, word):
    (refused,) = read(line, row)
    assert isinstance(refused, Rejected)
    assert refused.reason.startswith(f'unknown status "{word}"')


def test_what_is_mapped_wins_over_what_the_program_means():
    row = mailchimp(optin="2024-02-29 23:10:20", confirm="2024-03-01 10:20:30")
    ann = person(SUBSCRIBED, row, mapping={"OPTIN_TIME": "consent_date", "Last Name": "name"})
    assert (ann.consent_date, ann.name) == (date(2024, 2, 29), "Lee")


def test_a_column_of_our_name_wins_over_parts_of_it():
    line, row = "Email Address,Name,First Name,LEID,EUID", "ann@example.org,Dr Ann Lee,Ann,1,2"
    assert person(line, row).name == "Dr Ann Lee"


def test_a_column_that_the_program_fills_is_not_called_ignored():
    assert header(UNSUBSCRIBED).ignored[:4] == (
        "UNSUB_CAMPAIGN_TITLE",
        "UNSUB_CAMPAIGN_ID",
        "UNSUB_REASON_OTHER",
        "MEMBER_RATING",
    )
    assert not {"First Name", "OPTIN_TIME", "TAGS"} & set(header(SUBSCRIBED).ignored)


def test_the_note_says_whose_export_it_is_and_of_whom():
    assert header(SUBSCRIBED).notes == ("read as an export of Mailchimp",)
    assert header(UNSUBSCRIBED).notes == ("read as an export of Mailchimp: people who unsubscribed",)


def test_whom_an_owner_added_at_mailchimp_has_not_consented():
    added = person(SUBSCRIBED, mailchimp(confirm="2024-03-01 10:20:30"))
    assert added.consent_date is None
    asked = person(SUBSCRIBED, mailchimp(optin="2024-02-28 09:00:00", confirm="2024-03-01 10:20:30"))
    assert asked.consent_date == date(2024, 3, 1)
