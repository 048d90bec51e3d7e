"""Whole files, and folders for what is not whole yet."""

import multiprocessing
import os
import signal
import stat
from pathlib import Path

import pytest

from ranvier.files import own_folder, remove_abandoned, write_new, write_whole


def test_a_file_is_replaced_as_a_whole_with_its_mode(tmp_path):
    path = tmp_path / "a" / "file"
    for content in (b"first", b"second"):
        write_whole(path, content, mode=0o600)
        assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (content, 0o600)
    assert [one.name for one in path.parent.iterdir()] == ["file"]


def test_what_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path):
    path = tmp_path / "new"
    (path / "holds something").mkdir(parents=True)
    with pytest.raises(OSError, match="new"):
        write_whole(path, b"content")
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["holds something", "new"]


def test_a_new_file_has_its_mode_and_is_never_somebody_s(tmp_path):
    path = tmp_path / "file"
    write_new(path, b"first", mode=0o600)
    with pytest.raises(FileExistsError):
        write_new(path, b"second", mode=0o600)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"first", 0o600)


def test_a_folder_of_one_s_own_goes_with_all_that_is_in_it(tmp_path):
    with own_folder(tmp_path) as mine, own_folder(tmp_path) as another:
        assert mine != another
        write_new(mine / "half", b"", mode=0o600)
    assert not list(tmp_path.iterdir())


def test_only_what_a_dead_process_left_is_removed(tmp_path):
    killed = multiprocessing.get_context("spawn").Process(target=die_over_a_file, args=(tmp_path,))
    killed.start()
    killed.join()
    assert killed.exitcode == -signal.SIGKILL
    [left] = tmp_path.iterdir()
    assert (left / "half").exists()
    (tmp_path / "a stranger's file").touch()
    with own_folder(tmp_path) as mine:
        write_new(mine / "half", b"", mode=0o600)
        remove_abandoned(tmp_path)
        assert (mine / "half").exists()
        assert not left.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a stranger's file"]


def test_where_there_is_no_folder_nothing_is_abandoned(tmp_path):
    remove_abandoned(tmp_path / "none")


def die_over_a_file(folder: Path) -> None:
    with own_folder(folder) as mine:
        write_new(mine / "half", b"To: reader1@exa", mode=0o600)
        os.kill(os.getpid(), signal.SIGKILL)
