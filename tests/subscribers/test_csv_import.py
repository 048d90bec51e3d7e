from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.errors import InputError
from ranvier.subscribers.csv_import import Accepted, Rejected, read_people
from ranvier.subscribers.fields import Allowed
from ranvier.subscribers.header import read_header
from ranvier.subscribers.subscriber import Frequency, Status, Subscriber

ALLOWED = Allowed(
    audiences=("people-with-ms", "clinicians"),
    topics=("treatments", "lifestyle", "other"),
    timezones=frozenset({"Europe/Berlin", "America/New_York"}),
)
HEADER = "email,name,audience,topics,frequency,locale,timezone,status,consent_date"
ANN = Subscriber(
    email="ann@example.org",
    key="ann@example.org",
    name="Ann Lee",
    audience="clinicians",
    topics=("treatments", "lifestyle"),
    frequency=Frequency.MONTHLY,
    locale="de-DE",
    timezone="Europe/Berlin",
    status=Status.ACTIVE,
    consent_date=date(2024, 5, 6),
)
ANN_ROW = (
    "ann@example.org,Ann Lee,clinicians,treatments;lifestyle,monthly,de-DE,Europe/Berlin,active,2024-05-06"
)


def header(lines, mapping=None):
    return read_header(lines, mapping=mapping or {}, where="people.csv")


def read(*lines, mapping=None):
    text = iter(("\r\n".join(lines) + "\r\n").splitlines(keepends=True))
    return list(read_people(text, header(text, mapping), allowed=ALLOWED))


def accepted(*lines, mapping=None):
    return [row.subscriber for row in read(*lines, mapping=mapping) if isinstance(row, Accepted)]


def reasons(*lines):
    return {row.row: row.reason for row in read(*lines) if isinstance(row, Rejected)}


def test_a_full_row_is_the_whole_person():
    assert accepted(HEADER, ANN_ROW) == [ANN]


def test_an_address_alone_is_enough():
    assert accepted("email", "ann@example.org") == [
        Subscriber(email="ann@example.org", key="ann@example.org")
    ]


def test_space_case_and_underscores_of_ordinary_lists_are_understood():
    row = (
        " Ann@Example.org , Ann  Lee ,Clinicians, treatments ; Lifestyle;treatments,"
        "Monthly,DE_de, Europe/Berlin ,ACTIVE,2024-05-06 10:30:00"
    )
    assert accepted(HEADER, row) == [replace(ANN, email="Ann@example.org")]


def test_tags_come_in_by_their_own_column():
    assert accepted("email,tags", "ann@example.org,Trial;berlin;trial")[0].tags == ("trial", "berlin")


def test_an_empty_frequency_is_known_to_be_empty():
    given = [
        row.frequency_given for row in read("email,frequency", "a@example.org,weekly", "b@example.org, ")
    ]
    assert given == [True, False]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_the_delimiter_is_the_one_of_the_header(delimiter):
    lines = (
        delimiter.join(("email", "name", "topics")),
        delimiter.join(("ann@example.org", "Ann", '"other;treatments"')),
    )
    assert accepted(*lines)[0].topics == ("other", "treatments")


def test_a_mark_before_the_header_and_empty_lines_are_no_trouble():
    assert len(read("", "\ufeffEmail , NAME", "", "ann@example.org,Ann", "", "bob@example.org,Bob")) == 2


def test_columns_of_another_name_are_mapped_and_unknown_ones_ignored():
    lines = ("Nr,E-Mail Address,Vorname,email", "1,ann@example.org,Ann,old@example.org")
    people = accepted(*lines, mapping={"e-mail address": "email", "Vorname": "name"})
    assert [(person.email, person.name) for person in people] == [("ann@example.org", "Ann")]


@pytest.mark.parametrize("name", ["E-Mail", "E-mail", "email address", "E-Mail Address"])
def test_the_usual_other_names_of_the_address_need_no_mapping(name):
    assert [person.email for person in accepted(f"Name,{name}", "Ann,ann@example.org")] == ["ann@example.org"]


@pytest.mark.parametrize("mapping", [{}, {"Mail": "email"}], ids=["a-column-is-email", "one-is-mapped"])
def test_another_name_of_the_address_counts_only_where_nothing_else_is_the_address(mapping):
    best = "Mail" if mapping else "email"
    assert accepted(f"E-Mail,{best}", "old@example.org,ann@example.org", mapping=mapping)[0].email == (
        "ann@example.org"
    )


def test_columns_that_say_nothing_to_us_are_known_as_they_are_written():
    line = "Nr, Vorname ,email,name,,Plan"
    assert header(iter([line]), {"Vorname": "name", "name": "tags"}).ignored == ("Nr", "Plan")


@pytest.mark.parametrize(
    ("lines", "mapping", "said"),
    [
        pytest.param(("",), {}, "is empty", id="empty"),
        pytest.param(("name,Mail", "Ann,ann@example.org"), {}, 'found "name", "Mail"', id="no-email-column"),
        pytest.param(("email,name,Email",), {}, 'two columns are "email"', id="a-column-twice"),
        pytest.param(("E-mail,Email address",), {}, 'two columns are "email"', id="two-other-names"),
        pytest.param(
            ("E-mail",), {"E-mail": "adress"}, 'no column "adress"; known: email', id="mapped-to-nothing"
        ),
        pytest.param(("email",), {"Mail": "email"}, 'no column "mail" in the list', id="mapped-from-nothing"),
        pytest.param(("PK\x03\x04\x14\x00\x06",), {}, "save it as CSV", id="a-workbook"),
        pytest.param(('"email,name', "ann@example.org,Ann"), {}, "first line", id="a-broken-header"),
    ],
)
def test_a_list_without_a_usable_header_is_one_clear_error(lines, mapping, said):
    with pytest.raises(InputError) as refused:
        read(*lines, mapping=mapping)
    assert str(refused.value).startswith("people.csv: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("email", "ann@", '"ann@" is not an address: there must be something after the @-sign'),
        ("email", "", '"" is not an address: an email address must have an @-sign'),
        ("audience", "vets", 'unknown audience "vets"; known: people-with-ms, clinicians'),
        ("topics", "other;golf", 'unknown topic "golf"; known: treatments, lifestyle, other'),
        ("frequency", "hourly", 'unknown frequency "hourly"; known: daily, weekly, monthly'),
        ("locale", "deutsch!", 'locale "deutsch!" is not a language tag such as de-DE'),
        ("timezone", "Berlin", 'unknown time zone "Berlin"; names are like Europe/Berlin'),
        ("status", "vip", 'unknown status "vip"; known: active, pending, unsubscribed, bounced, complained'),
        ("consent_date", "06.05.2024", 'consent_date "06.05.2024" is not a date such as 2026-11-22'),
        ("consent_date", "20240506", 'consent_date "20240506" is not a date such as 2026-11-22'),
        ("consent_date", "2024-02-30", 'consent_date "2024-02-30" is not a date such as 2026-11-22'),
        (
            "name",
            "J\ufffdrg",
            'name "J\ufffdrg" holds a character that could not be read; save the list as UTF-8',
        ),
    ],
)
def test_a_wrong_cell_rejects_its_row_with_the_reason(column, cell, reason):
    cells = dict(zip(HEADER.split(","), ANN_ROW.split(","), strict=True)) | {column: cell}
    assert reasons(HEADER, ",".join(cells.values()), "bob@example.org" + "," * 8) == {1: reason}


def test_a_row_with_too_few_or_too_many_cells_is_rejected():
    lines = ("email,name", "ann@example.org", "bob@example.org,Bob,Jr", "eve@example.org,Eve")
    assert reasons(*lines) == {
        1: "has 1 cells where the first line names 2 columns",
        2: "has 3 cells where the first line names 2 columns",
    }


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        pytest.param('"Eve Adams\r\nBcc: bob@example.net"', "Eve Adams", id="forged-header"),
        pytest.param('"\n Eve \n Adams"', "Eve", id="lines"),
        pytest.param("Eve\x00\x1b[2J", "Eve[2J", id="control-characters"),
        pytest.param("Eve\u2028Bcc: x", "Eve", id="unicode-line-separator"),
        pytest.param("Dana \u202enosnhoJ", "Dana nosnhoJ", id="direction-override"),
        pytest.param("Eve\u00a0\u200bAdams", "Eve Adams", id="invisible-space"),
        pytest.param(
            "\u0645\u06cc\u200c\u0646\u0627", "\u0645\u06cc\u200c\u0646\u0627", id="a-joiner-that-spells"
        ),
        pytest.param("Jo\u0308rg", "J\u00f6rg", id="nfc"),
        pytest.param("=HYPERLINK(1)", "=HYPERLINK(1)", id="formula-is-only-text-here"),
        pytest.param("'=HYPERLINK(1)", "=HYPERLINK(1)", id="the-apostrophe-of-an-export"),
        pytest.param("{{ 7 * 191 }}", "{{ 7 * 191 }}", id="braces"),
        pytest.param("E" * 300, "E" * 200, id="cut-at-200"),
    ],
)
def test_no_name_loses_a_person_and_none_can_forge_a_header(cell, name):
    assert accepted("email,name", f"eve@example.org,{cell}")[0].name == name


def test_row_numbers_count_records_and_not_lines():
    lines = ("email,name", 'ann@example.org,"Ann\nLee"', "bob@", "", "bob@", "eve@example.org,Eve")
    assert list(reasons(*lines)) == [2, 3]


def test_an_unclosed_quote_costs_its_own_line_only():
    lines = ("email,name", 'ann@example.org,"Ann', "bob@example.org,Bob", 'eve@example.org,"Adams, Eve"')
    assert list(reasons(*lines)) == [1]
    assert [person.email for person in accepted(*lines)] == ["bob@example.org", "eve@example.org"]


def test_an_unclosed_quote_that_a_later_one_closes_costs_its_own_line_only():
    lines = (
        "email,name",
        'ann@example.org,"Ann',
        "bob@example.org,Bob",
        'eve@example.org,",Eve"',
        "joe@example.org,Joe",
    )
    assert "bob@example.org" in {person.email for person in accepted(*lines)}
    assert "joe@example.org" in {person.email for person in accepted(*lines)}


def test_an_unclosed_quote_in_a_long_list_swallows_nobody():
    people = [f"p{number}@example.org,Person" for number in range(20_000)]
    lines = ("email,name", people[0], 'ann@example.org,"Ann', *people[1:])
    assert len(accepted(*lines)) == len(people)
    assert list(reasons(*lines)) == [2]


def test_the_first_row_of_an_address_wins_and_later_ones_are_rejected():
    lines = (
        "email,name",
        "ann@example.org,Ann",
        "bob@example.org,Bob",
        "ANN@Example.ORG,Other",
        "ann@example.org,X",
    )
    assert reasons(*lines) == {3: "duplicate of row 1", 4: "duplicate of row 1"}
    assert [person.name for person in accepted(*lines)] == ["Ann", "Bob"]


def test_a_rejected_row_does_not_keep_a_later_good_one_out():
    lines = ("email,audience", "ann@example.org,vets", "ann@example.org,clinicians")
    assert [person.audience for person in accepted(*lines)] == ["clinicians"]


@pytest.mark.parametrize("status", ["unsubscribed", "bounced", "complained"])
@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(("ann@example.org,Ann,,", "Ann@EXAMPLE.org,Ann,,{}"), "duplicate of row 1", id="copy"),
        pytest.param(
            ("bob@example.org,Bob,,", "Ann@EXAMPLE.org,Ann,?,{}"),
            'locale "?" is not a language tag such as de-DE',
            id="wrong-cell",
        ),
    ],
)
def test_a_rejected_row_still_tells_who_left_and_nothing_more_of_them(lines, reason, status):
    rows = read("email,name,locale,status", *(line.format(status) for line in lines))
    left = Subscriber(email="Ann@example.org", key="ann@example.org", status=Status(status))
    assert rows[1] == Rejected(row=2, reason=reason, left=left)


@pytest.mark.parametrize("cells", ["ann@,unsubscribed,", "a@example.org,active,?", "a@example.org,,?"])
def test_a_rejected_row_of_nobody_or_of_someone_who_did_not_leave_tells_nothing(cells):
    assert read("email,status,locale", cells)[0].left is None


def test_a_list_is_read_as_it_comes():
    def endless():
        yield "email\n"
        number = 0
        while True:
            number += 1
            yield f"p{number}@example.org\n"

    lines = endless()
    rows = read_people(lines, header(lines), allowed=ALLOWED)
    assert [next(rows).row for _ in range(3)] == [1, 2, 3]


CELLS = st.text(st.sampled_from("a@.org,;\"'\r\n\t\0=+-\ufeff\u202e é"), max_size=30)


@given(st.lists(st.one_of(CELLS, st.just(ANN_ROW), st.text(max_size=30)), max_size=8), st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_a_file_holds_it_is_rows_or_one_clear_error(lines, has_header):
    text = iter("\n".join([HEADER, *lines] if has_header else lines).splitlines(keepends=True))
    try:
        rows = list(read_people(text, header(text), allowed=ALLOWED))
    except InputError:
        assert not has_header
        return
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        shown = row.subscriber.name if isinstance(row, Accepted) else row.reason
        assert shown.replace("\u200c", "").replace("\u200d", "").isprintable()
