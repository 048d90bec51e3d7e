"""Whole files."""

import stat

import pytest

from ranvier.files import write_whole


def test_a_file_is_replaced_as_a_whole_with_its_mode(tmp_path):
    path = tmp_path / "a" / "file"
    for content in (b"first", b"second"):
        write_whole(path, content, mode=0o600)
        assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (content, 0o600)
    assert [one.name for one in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("elsewhere", [False, True], ids=["beside it", "in a folder of its own"])
def test_what_cannot_be_put_in_its_place_leaves_nothing_behind(tmp_path, elsewhere):
    unfinished, path = tmp_path / "tmp", tmp_path / "new"
    unfinished.mkdir()
    (path / "holds something").mkdir(parents=True)
    with pytest.raises(OSError, match="new"):
        write_whole(path, b"content", staging=unfinished if elsewhere else None)
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["holds something", "new", "tmp"]
