import io

import pytest

from ranvier.subscribers.records import Broken, decode, records

TEXT = "email,name\r\nann@example.org,Käthe Šimek\r\n"


def decoded(data):
    return "".join(decode(io.BufferedReader(io.BytesIO(data))))


def split(text):
    return list(records(text.splitlines(keepends=True), delimiter=",", width=2))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_list_is_read_in_the_encodings_that_spreadsheets_write(encoding):
    assert decoded(TEXT.encode(encoding)) == TEXT


def test_one_old_byte_in_a_utf_8_list_spoils_no_other_name():
    assert decoded("Käthe,".encode() + b"J\xf6rg") == "Käthe,Jörg"


def test_a_byte_that_is_nothing_becomes_the_replacement_character():
    assert decoded(b"J\x81rg") == "J\ufffdrg"


def test_line_ends_of_every_kind_end_a_record():
    text = decode(io.BufferedReader(io.BytesIO(b"a,1\rb,2\nc,3\r\nd,4")))
    assert list(records(text, delimiter=",", width=2)) == [["a", "1"], ["b", "2"], ["c", "3"], ["d", "4"]]


def test_a_quoted_cell_may_hold_lines_delimiters_and_doubled_quotes():
    assert split('a,"x\r\ny, ""z"""\r\n') == [["a", 'x\r\ny, "z"']]


def test_a_damaged_record_is_broken_and_the_next_is_whole():
    found = split('a,"x\nb,y\nc,"z"\n')
    assert isinstance(found[0], Broken)
    assert found[1:] == [["b", "y"], ["c", "z"]]


def test_many_damaged_records_are_each_given_up_once():
    found = split('a,"x\n' * 2_001)
    assert sum(isinstance(record, Broken) for record in found) == len(found) == 2_001
