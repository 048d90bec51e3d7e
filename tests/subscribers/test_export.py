import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.addresses import normalise
from ranvier.subscribers.csv_import import Accepted, read_people
from ranvier.subscribers.export import ENCODING, write_people
from ranvier.subscribers.fields import COLUMNS, Allowed, read_name
from ranvier.subscribers.formulas import guard, unguard
from ranvier.subscribers.header import read_header
from ranvier.subscribers.subscriber import Frequency, Status, Subscriber

ALLOWED = Allowed(
    audiences=("people-with-ms", "clinicians"),
    topics=("treatments", "lifestyle", "other"),
    timezones=frozenset({"Europe/Berlin"}),
)
DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def exported(*people):
    out = io.StringIO(newline="")
    assert write_people(people, out) == len(people)
    return out.getvalue()


def person(**values):
    return Subscriber(email="ann@example.org", key="ann@example.org", **values)


def test_an_export_has_the_columns_of_an_import_and_crlf():
    text = exported(
        person(name="Ann", topics=("other", "lifestyle"), consent_date=date(2024, 5, 6), tags=("trial",))
    )
    assert text == (
        "email,name,audience,topics,frequency,locale,timezone,status,consent_date,tags\r\n"
        "ann@example.org,Ann,,other;lifestyle,weekly,,,active,2024-05-06,trial\r\n"
    )


def test_no_people_are_a_header():
    assert exported() == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("char", DANGEROUS, ids=ascii)
def test_no_cell_begins_like_a_formula(char):
    assert guard(f"{char}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("separator", [";", "\t"], ids=["semicolon", "tab"])
def test_no_part_of_a_cell_that_another_countrys_spreadsheet_splits_begins_like_a_formula(separator):
    assert guard(f"Ann{separator}=1+1") == f"Ann{separator}'=1+1"


@pytest.mark.parametrize("name", ["Ann", "O'Neil", "Anne-Marie", "'t Hooft", "Ann; Bob", "Ann@home"])
def test_ordinary_names_are_left_alone(name):
    assert guard(name) == unguard(name) == name


def test_an_address_that_looks_like_a_formula_is_written_safely_too():
    email = "+ann@example.org"
    text = exported(Subscriber(email=email, key=email))
    assert "\n'+ann@example.org," in text


@given(st.text(st.sampled_from(DANGEROUS + "';a ")) | st.text())
@settings(max_examples=200, deadline=None)
def test_unguard_takes_away_exactly_what_guard_put_there(cell):
    assert unguard(guard(cell)) == cell


def test_a_file_says_that_it_is_utf_8_and_is_read_back(tmp_path):
    path = tmp_path / "people.csv"
    with path.open("w", encoding=ENCODING, newline="") as out:
        write_people([person(name="Käthe")], out)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfemail,")


NAMES = st.text(st.sampled_from(DANGEROUS + "';,\"\\ aé\u200c{<"), max_size=20) | st.text(max_size=20)
LOCALS = st.from_regex(r"[a-zA-Z0-9=+'-]{1,12}|\"[ ;=@a'-]{1,8}\"", fullmatch=True)
TAGS = st.lists(st.from_regex(r"[a-z=+'@-][a-z' =-]{0,6}[a-z=]", fullmatch=True), max_size=3, unique=True)


@st.composite
def people(draw):
    address = normalise(draw(LOCALS) + "@example.org")
    return Subscriber(
        email=address.email,
        key=address.key,
        # What an import made of a name is what the list holds.
        name=read_name(guard(draw(NAMES).replace("\ufffd", ""))),
        audience=draw(st.sampled_from(("", *ALLOWED.audiences))),
        topics=tuple(draw(st.lists(st.sampled_from(ALLOWED.topics), unique=True))),
        frequency=draw(st.sampled_from(Frequency)),
        locale=draw(st.sampled_from(("", "de", "de-DE", "zh-Hant-TW"))),
        timezone=draw(st.sampled_from(("", "Europe/Berlin"))),
        status=draw(st.sampled_from(Status)),
        consent_date=draw(st.none() | st.dates(min_value=date(1900, 1, 1))),
        tags=tuple(draw(TAGS)),
    )


@given(st.lists(people(), max_size=5, unique_by=lambda one: one.key))
@settings(max_examples=30, deadline=None)
def test_importing_an_export_gives_the_same_people(everyone):
    text = io.StringIO(exported(*everyone), newline="")
    rows = read_people(text, read_header(text, mapping={}, where="people.csv"), allowed=ALLOWED)
    assert [row.subscriber for row in rows if isinstance(row, Accepted)] == everyone


@given(st.lists(people(), max_size=3))
@settings(max_examples=30, deadline=None)
def test_no_exported_cell_begins_like_a_formula(everyone):
    for cells in csv.reader(io.StringIO(exported(*everyone), newline="")):
        assert not any(cell.startswith(tuple(DANGEROUS)) for cell in cells)
