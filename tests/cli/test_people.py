"""People in and out as operators do it: nobody who left comes back, nothing they typed does harm."""

from __future__ import annotations

import csv
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.conftest import Ranvier, Result

from ranvier.pipeline.people_import import BATCH

SHARED = Path(__file__).parents[2].parent / "shared"
COUNTS = ("rows", "added", "updated", "unchanged")


def people_of(ranvier: Ranvier) -> dict[str, str]:
    """The status of everyone on the list."""
    return {one["email"]: one["status"] for one in ranvier("subscribers", "list", "--json").json}


def load(ranvier: Ranvier, *lines: str, code: int = 0, options: tuple[str, ...] = ()) -> Result:
    """Import these lines as one file."""
    file = ranvier.folder / "list.csv"
    file.write_text("\r\n".join(lines) + "\r\n", newline="")
    return ranvier("subscribers", "import", str(file), *options, "--json", code=code)


def counts(result: Result) -> tuple[int, int, int, int]:
    rows, added, updated, unchanged = (result.json[count] for count in COUNTS)
    return rows, added, updated, unchanged


def exported(ranvier: Ranvier) -> csv.DictReader[str]:
    """Everyone as a spreadsheet sees them."""
    ranvier("subscribers", "export", str(ranvier.folder / "out.csv"))
    text = (ranvier.folder / "out.csv").read_text(encoding="utf-8-sig")
    return csv.DictReader(text.splitlines(keepends=True))


def test_each_row_is_counted_and_each_refusal_has_its_reason(ranvier: Ranvier) -> None:
    lines = ("email,name,topics,consent_date", "ann@example.org,Ann,,2024-05-06", "bob@example.org,Bob,,")
    assert counts(load(ranvier, *lines)) == (2, 2, 0, 0)
    again = load(
        ranvier,
        *lines[:2],
        "bob@example.org,Robert,,",
        "ANN@EXAMPLE.ORG,X,,",
        "eve@example.org,,golf,",
        "eve@,,,",
        "cleo@example.org",
    )
    assert counts(again) == (6, 0, 1, 1)
    reasons = {one["row"]: one["reason"] for one in again.json["rejected"]}
    assert reasons[3] == "duplicate of row 1"
    assert reasons[4].startswith('unknown topic "golf"; known: ')
    assert reasons[5].startswith('"eve@" is not an address')
    assert reasons[6] == "has 1 cells where the first line names 4 columns"


def test_people_read_the_same_counts_and_reasons_in_words(ranvier: Ranvier) -> None:
    file = ranvier.folder / "list.csv"
    file.write_text("email,Plan\nann@example.org,A\nbob@,B\n")
    got = ranvier("subscribers", "import", str(file))
    assert got.out.splitlines() == [
        'list.csv: row 2: "bob@" is not an address: there must be something after the @-sign',
        "2 rows: 1 added, 0 updated, 0 unchanged, 1 rejected",
        "1 has no consent date and will not be mailed",
    ]
    assert got.err == 'columns ignored: "Plan"; --map "THEIRS=OURS" says what one is\n'


@pytest.mark.parametrize(
    ("cells", "without"),
    [
        pytest.param("active,", 1, id="active"),
        pytest.param(",", 1, id="no-status"),
        pytest.param("active,2024-05-06", 0, id="with-consent"),
        pytest.param("pending,", 0, id="pending-anyway"),
        pytest.param("unsubscribed,", 0, id="left-anyway"),
    ],
)
def test_active_people_without_consent_are_counted(ranvier: Ranvier, cells: str, without: int) -> None:
    lines = ("email,status,consent_date", f"ann@example.org,{cells}")
    assert load(ranvier, *lines).json["without_consent"] == without


def test_consent_that_is_known_already_is_not_missed(ranvier: Ranvier) -> None:
    load(ranvier, "email,consent_date", "ann@example.org,2024-05-06")
    assert load(ranvier, "email", "ann@example.org").json["without_consent"] == 0


def test_a_column_by_another_name_is_mapped(ranvier: Ranvier) -> None:
    lines = ("Mail,Vorname,Nr", "ann@example.org,Ann,1")
    refused = load(ranvier, *lines, code=2).json["error"]
    assert 'found "Mail", "Vorname", "Nr"; --map "THEIRS=email" names it' in refused["message"]
    got = load(ranvier, *lines, options=("--map", "Mail=email", "--map", "vorname=name"))
    assert counts(got) == (1, 1, 0, 0)
    assert got.json["ignored_columns"] == ["Nr"]
    assert next(exported(ranvier))["name"] == "Ann"


@pytest.mark.parametrize("option", ["Mail", "Mail=adress", "Post=email"])
def test_a_mapping_that_fits_nothing_is_refused(ranvier: Ranvier, option: str) -> None:
    error = load(ranvier, "Mail", "ann@example.org", code=2, options=("--map", option)).json["error"]
    assert "--map" in f"{error['where']} {error['message']}"
    assert people_of(ranvier) == {}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("email,topics", "ann@,", "bob@example.org,golf"), id="every-row-is-bad"),
        pytest.param(("name", "Ann"), id="no-address-column"),
        pytest.param(("",), id="empty"),
    ],
)
def test_a_list_of_which_nothing_can_be_used_exits_with_2(ranvier: Ranvier, lines: tuple[str, ...]) -> None:
    load(ranvier, *lines, code=2)
    assert people_of(ranvier) == {}


def test_a_header_alone_is_no_failure(ranvier: Ranvier) -> None:
    assert counts(load(ranvier, "email,name")) == (0, 0, 0, 0)


def test_a_file_that_is_not_there_is_one_clear_error(ranvier: Ranvier) -> None:
    error = ranvier("subscribers", "import", "/nowhere.csv", "--json", code=2).json["error"]
    assert error == {
        "code": "input",
        "message": "cannot be read: No such file or directory",
        "where": "/nowhere.csv",
    }


@pytest.mark.parametrize("status", ["unsubscribed", "bounced", "complained"])
def test_who_left_is_not_brought_back_by_a_later_list(ranvier: Ranvier, status: str) -> None:
    load(ranvier, "email,status,consent_date", f"ann@example.org,{status},2024-05-06")
    again = load(ranvier, "email,status,consent_date", "Ann@example.org,active,2026-11-20")
    assert counts(again) == (1, 0, 0, 1)
    assert people_of(ranvier) == {"ann@example.org": status}


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("ann@example.org,active,", "Ann@example.org,unsubscribed,"), id="a-later-copy"),
        pytest.param(("ann@example.org,unsubscribed,", "Ann@example.org,active,"), id="an-earlier-copy"),
        pytest.param(("ann@example.org,active,", "Ann@example.org,unsubscribed,golf"), id="a-later-bad-copy"),
        pytest.param(
            ("ann@example.org,unsubscribed,golf", "ann@example.org,active,"), id="an-earlier-bad-copy"
        ),
        pytest.param(
            (
                "ann@example.org,active,",
                *(f"p{number}@example.org,active," for number in range(BATCH)),
                "Ann@example.org,unsubscribed,",
            ),
            id="a-copy-far-below",
        ),
        pytest.param(
            (
                "ann@example.org,unsubscribed,golf",
                *(f"p{number}@example.org,active," for number in range(BATCH)),
                "ann@example.org,active,",
            ),
            id="a-bad-copy-far-above",
        ),
    ],
)
def test_a_suppressing_status_in_any_copy_wins(ranvier: Ranvier, lines: tuple[str, ...]) -> None:
    load(ranvier, "email,status,topics", *lines)
    assert people_of(ranvier)["ann@example.org"] == "unsubscribed"


def test_who_left_by_a_row_that_is_rejected_is_not_brought_back_either(ranvier: Ranvier) -> None:
    refused = load(
        ranvier, "email,name,status,topics", "Ann@example.org,Ann,unsubscribed,golf", "bob@example.org,,,"
    )
    assert (counts(refused), len(refused.json["rejected"])) == ((2, 1, 0, 0), 1)
    load(ranvier, "email,name,status,consent_date", "ann@example.org,Ann,active,2026-11-20")
    ann = next(exported(ranvier))
    assert (ann["email"], ann["status"]) == ("Ann@example.org", "unsubscribed")
    assert (ann["name"], ann["topics"], ann["consent_date"]) == ("", "", "")


def test_the_strongest_reason_of_several_rejected_rows_stands(ranvier: Ranvier) -> None:
    lines = ("email,status,topics", "a@example.org,complained,golf", "a@example.org,bounced,golf")
    load(ranvier, *lines, code=2)
    assert people_of(ranvier) == {"a@example.org": "complained"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        pytest.param('"Eve\r\nBcc: all@example.net"', "Eve", id="bcc"),
        pytest.param('"Eve\r\nAdams\r\n\r\n<p>"', "Eve", id="lines"),
        pytest.param(
            '"=HYPERLINK(""https://example.invalid"")"', '=HYPERLINK("https://example.invalid")', id="formula"
        ),
        pytest.param("@SUM(1+1)*cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", id="command"),
    ],
)
def test_no_name_does_harm_in_a_mail_or_in_a_spreadsheet(ranvier: Ranvier, name: str, kept: str) -> None:
    header = "email,name,consent_date,frequency"
    assert counts(load(ranvier, header, f"eve@example.org,{name},2024-05-06,weekly")) == (1, 1, 0, 0)
    guarded = "'" + kept if kept[0] in "=@" else kept
    assert next(exported(ranvier))["name"] == guarded


def test_an_export_is_the_owners_own_and_says_that_it_is_utf_8(ranvier: Ranvier) -> None:
    load(ranvier, "email,name", "ann@example.org,Käthe")
    file = ranvier.folder / "out.csv"
    assert ranvier("subscribers", "export", str(file), "--json").json == {"file": str(file), "subscribers": 1}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"\xef\xbb\xbfemail,name,")
    assert file.read_bytes().endswith(b"\r\n")


def test_an_export_to_a_pipe_is_plain_utf_8(ranvier: Ranvier) -> None:
    load(ranvier, "email,name", "ann@example.org,Käthe")
    header, ann = ranvier("subscribers", "export").out.splitlines()
    assert header.startswith("email,")
    assert ann.startswith("ann@example.org,Käthe,")


def test_json_and_csv_do_not_share_a_pipe(ranvier: Ranvier) -> None:
    assert "needs a FILE" in ranvier("subscribers", "export", "--json", code=2).json["error"]["message"]


def test_importing_an_export_elsewhere_gives_the_same_people(ranvier: Ranvier) -> None:
    readers = ranvier.folder / "subscribers/readers.csv"
    ranvier("subscribers", "import", str(readers))
    load(ranvier, "email,name,tags", 'eve@example.org,"=1+1;@x",=a;trial', "\"+o'neil@example.org\",O'Neil,")
    first, second = ranvier.folder / "out.csv", ranvier.folder / "again.csv"
    ranvier("subscribers", "export", str(first))
    (database,) = ranvier.folder.rglob("ranvier.db")
    database.rename(ranvier.folder / "old.db")
    got = ranvier("subscribers", "import", str(first), "--json")
    assert counts(got) == (122, 122, 0, 0)
    ranvier("subscribers", "export", str(second))
    assert first.read_bytes() == second.read_bytes()


def test_the_list_says_who_is_on_it_by_address(ranvier: Ranvier) -> None:
    load(
        ranvier,
        "email,audience,frequency,topics,status",
        "bob@example.org,clinicians,monthly,life-stages,",
        "ann@example.org,,,,pending",
    )
    assert ranvier("subscribers", "list", "--json").json == [
        {
            "email": "ann@example.org",
            "status": "pending",
            "audience": "",
            "frequency": "weekly",
            "topics": [],
        },
        {
            "email": "bob@example.org",
            "status": "active",
            "audience": "clinicians",
            "frequency": "monthly",
            "topics": ["life-stages"],
        },
    ]
    assert "bob@example.org" in ranvier("subscribers", "list").out


def test_segments_count_who_can_be_mailed_and_whom_no_edition_reaches(ranvier: Ranvier) -> None:
    load(
        ranvier,
        "email,frequency,status,consent_date",
        "a@example.org,weekly,,2024-05-06",
        "b@example.org,weekly,,",
        "c@example.org,weekly,bounced,2024-05-06",
        "d@example.org,daily,,2024-05-06",
        "e@example.org,daily,pending,",
    )
    assert ranvier("segments", "--json").json == [
        {"segment": "weekly", "subscribers": 1, "left_out": 2},
        {"segment": "monthly", "subscribers": 0, "left_out": 0},
        {"segment": "*", "subscribers": 1, "left_out": 1},
    ]
    assert "* (reached by no edition)" in ranvier("segments").out


def test_an_import_that_is_stopped_keeps_whole_batches_and_goes_on_when_run_again(ranvier: Ranvier) -> None:
    people_of(ranvier)  # makes the database
    (file,) = ranvier.folder.rglob("ranvier.db")
    with closing(sqlite3.connect(file)) as database:
        database.execute(
            "create trigger full before insert on subscribers when new.key = 'p2200@example.org'"
            " begin select raise(abort, 'no space left'); end"
        )
        database.commit()
    lines = ("email", *(f"p{number}@example.org" for number in range(BATCH + 500)))
    assert "no space left" in load(ranvier, *lines, code=2).json["error"]["message"]
    assert set(people_of(ranvier)) == set(lines[1 : BATCH + 1])
    with closing(sqlite3.connect(file)) as database:
        database.execute("drop trigger full")
        database.commit()
    assert counts(load(ranvier, *lines)) == (BATCH + 500, 500, 0, BATCH)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample data lies in ../shared, which is not here")
def test_the_shared_list_is_taken_but_for_three_rows_and_once(ranvier: Ranvier) -> None:
    file = SHARED / "corpus" / "subscribers.csv"
    first = ranvier("subscribers", "import", str(file), "--json")
    assert counts(first) == (1000, 997, 0, 0)
    assert [one["row"] for one in first.json["rejected"]] == [340, 345, 737]
    assert counts(ranvier("subscribers", "import", str(file), "--json")) == (1000, 0, 0, 997)
    assert len(people_of(ranvier)) == 997


DECLARED = ("--consent-source", "sign-up form of our site", "--consent-date", "2024-03-01")
MAILCHIMP = '"Email Address","First Name","Last Name",OPTIN_TIME,CONFIRM_TIME,LEID,EUID,TAGS'
GHOST = (
    "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,"
    "labels,tiers"
)


def consent_dates(ranvier: Ranvier) -> dict[str, str]:
    return {one["email"]: one["consent_date"] for one in exported(ranvier)}


def test_the_export_of_another_program_is_read_and_named(ranvier: Ranvier) -> None:
    got = load(
        ranvier,
        MAILCHIMP,
        'ann@example.org,Ann,Lee,"2024-02-29 23:10:20","2024-03-01 10:20:30",1,a,"""Trial"",""Ulm"""',
        "bob@example.org,Bob,,,,2,b,",
    )
    assert (counts(got), got.json["format"], got.json["without_consent"]) == ((2, 2, 0, 0), "mailchimp", 1)
    assert got.err.splitlines()[0] == "read as an export of Mailchimp"
    ann = next(exported(ranvier))
    assert (ann["name"], ann["consent_date"], ann["tags"]) == ("Ann Lee", "2024-03-01", "trial;ulm")


def test_a_list_of_ours_is_called_csv_and_nothing_is_said(ranvier: Ranvier) -> None:
    got = load(ranvier, "email", "ann@example.org")
    assert (got.json["format"], got.err) == ("csv", "")
    assert "dry_run" not in got.json


def test_who_left_elsewhere_is_not_mailed_here(ranvier: Ranvier) -> None:
    file = ranvier.folder / "unsubscribed_members_export_0a1b2c.csv"
    file.write_text(f"{MAILCHIMP}\nann@example.org,Ann,,,2024-03-01 10:20:30,1,a,\n")
    got = ranvier("subscribers", "import", str(file), *DECLARED)
    assert "read as an export of Mailchimp: people who unsubscribed" in got.err
    load(ranvier, GHOST, "1,ann@example.org,Ann,,true,false,,2024-03-01T10:20:30.000Z,,,")
    assert people_of(ranvier) == {"ann@example.org": "unsubscribed"}


def test_a_declared_consent_counts_for_rows_without_a_date(ranvier: Ranvier) -> None:
    lines = (
        "email,status,consent_date",
        "a@example.org,,",
        "b@example.org,,2023-01-02",
        "c@example.org,pending,",
        "d@example.org,unsubscribed,",
    )
    assert load(ranvier, *lines, options=DECLARED).json["without_consent"] == 0
    assert consent_dates(ranvier) == {
        "a@example.org": "2024-03-01",
        "b@example.org": "2023-01-02",
        "c@example.org": "",
        "d@example.org": "",
    }
    assert counts(load(ranvier, *lines, options=DECLARED)) == (4, 0, 0, 4)


def test_a_declared_consent_changes_no_consent_that_is_known_and_confirms_nobody(ranvier: Ranvier) -> None:
    load(ranvier, "email,status,consent_date", "a@example.org,,2023-01-02", "b@example.org,pending,")
    load(ranvier, "email", "a@example.org", "b@example.org", options=DECLARED)
    assert consent_dates(ranvier) == {"a@example.org": "2023-01-02", "b@example.org": ""}
    assert people_of(ranvier) == {"a@example.org": "active", "b@example.org": "pending"}


def test_a_source_without_a_date_makes_nobody_mailable(ranvier: Ranvier) -> None:
    assert load(ranvier, "email", "ann@example.org", options=DECLARED[:2]).json["without_consent"] == 1


def test_a_purchased_list_is_one_clear_refusal(ranvier: Ranvier) -> None:
    options = ("--consent-source", "list bought at a fair", *DECLARED[2:])
    error = load(ranvier, "email", "ann@example.org", code=2, options=options).json["error"]
    assert error == {
        "code": "input",
        "message": 'people on a "bought" list did not consent to this newsletter; it is not imported',
        "where": "--consent-source",
    }
    assert people_of(ranvier) == {}


def test_a_dry_run_says_what_would_change_and_changes_nothing(ranvier: Ranvier) -> None:
    load(ranvier, "email,topics", "ann@example.org,", "cleo@example.org,")
    before = exported(ranvier)
    lines = (
        "email,topics,status",
        "ann@example.org,life-stages,",
        "bob@example.org,,pending",
        "cleo@example.org,,",
        "eve@,,",
        "dan@example.org,golf,unsubscribed",
    )
    told = load(ranvier, *lines, options=("--dry-run",))
    assert told.json["dry_run"] is True
    assert told.json["changes"] == [
        "row 1: updated (life-stages, active)",
        "row 2: added (all topics, pending)",
    ]
    assert list(exported(ranvier)) == list(before)
    done = load(ranvier, *lines).json
    assert {key: told.json[key] for key in done} == done


def test_people_read_the_first_changes_of_a_dry_run_and_how_many_more(ranvier: Ranvier) -> None:
    file = ranvier.folder / "list.csv"
    file.write_text("\n".join(("email", "eve@", *(f"p{number}@example.org" for number in range(25)))))
    out = ranvier("subscribers", "import", str(file), "--dry-run").out.splitlines()
    assert out[0].startswith('list.csv: row 1: "eve@" is not an address')
    assert out[1] == "row 2: added (all topics, active)"
    assert out[20:] == [
        "row 21: added (all topics, active)",
        "and 5 more",
        "nothing was changed; the import would be:",
        "26 rows: 25 added, 0 updated, 0 unchanged, 1 rejected",
        "25 have no consent date and will not be mailed",
    ]


def test_a_batch_of_a_dry_run_sees_what_those_before_it_would_have_done(ranvier: Ranvier) -> None:
    lines = (
        "email,status,topics",
        "ann@example.org,unsubscribed,golf",  # rejected, but the word that they left stands
        *(f"p{number}@example.org,," for number in range(BATCH)),
        "Ann@example.org,active,",
    )
    told = load(ranvier, *lines, options=("--dry-run",))
    assert counts(told) == (BATCH + 2, BATCH, 0, 1)
    assert people_of(ranvier) == {}
    assert counts(load(ranvier, *lines)) == counts(told)


def test_a_dry_run_of_nothing_usable_exits_with_2_as_the_import_would(ranvier: Ranvier) -> None:
    load(ranvier, "email", "eve@", code=2, options=("--dry-run",))
