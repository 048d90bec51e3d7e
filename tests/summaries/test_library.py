"""Sources are found once each, and a file of the library is whole or not there."""

import os

import pytest

from ranvier.errors import InputError
from ranvier.summaries.library import MAX_BYTES, find_sources, load, read_file, read_source, write_file
from ranvier.summaries.summary import Quarantine, Summary

WHOLE = Summary(slug="s", title="T", takeaway="A.", findings="B.", considerations="C.")


def put(path, text="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_folders_are_searched_in_order_for_files_of_known_endings(tmp_path):
    wanted = [put(tmp_path / name) for name in ("a.md", "b/c.TXT", "b/d.json", "z.csv")]
    for name in ("README.md", "b/readme.txt", "topics.toml", ".hidden.md", ".git/x.md", "image.png"):
        put(tmp_path / name)
    assert list(find_sources([tmp_path])) == wanted


def test_a_file_that_is_named_is_read_whatever_its_name_and_once(tmp_path):
    file = put(tmp_path / "README.note")
    assert list(find_sources([file, tmp_path, file])) == [file]


def test_a_link_that_leads_back_ends(tmp_path):
    file = put(tmp_path / "a" / "b.md")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert list(find_sources([tmp_path])) == [file]


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError) as caught:
        list(find_sources([tmp_path / "none"]))
    assert caught.value.where.endswith("none")


def test_a_file_that_cannot_be_loaded_is_said(tmp_path):
    with pytest.raises(InputError, match="is not a file"):
        load(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "none.md")


def test_a_file_that_is_too_large_is_refused(tmp_path):
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="20 MB"):
        load(large)


def test_what_is_written_is_read_again(tmp_path):
    path = tmp_path / "s.md"
    write_file(path, WHOLE)
    assert read_file(path, name="s.md").summary == WHOLE
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path):
    blocked = put(tmp_path / "blocked")
    with pytest.raises(InputError, match="cannot be written"):
        write_file(blocked / "s.md", WHOLE)
    assert list(tmp_path.iterdir()) == [blocked]


def test_what_cannot_be_loaded_is_unreadable_and_costs_the_others_nothing(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7 \0\1\2")
    odd = tmp_path / os.fsdecode(b"caf\xe9.md")
    odd.write_text("x")
    for path in (tmp_path / "pipe.md", tmp_path / "dangling.md", tmp_path / "paper.pdf", odd):
        (reading,) = read_source(path, name=str(path))
        assert reading.quarantine is Quarantine.UNREADABLE
        assert reading.detail
        reading.source.encode()
