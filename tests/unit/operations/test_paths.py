"""Paths from callers are refused before they could do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from stata_sessions.errors import InvalidPath, NoSuchFile, PathNotAllowed
from stata_sessions.operations.paths import checked_dir, checked_file
from stata_sessions.settings import Settings


@pytest.fixture
def do_file(tmp_path: Path) -> Path:
    file = tmp_path / "O'Brien, été.do"
    file.write_text("display 1\n")
    return file


def test_a_file_is_found_by_its_real_path(do_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.do"
    link.symlink_to(do_file)
    assert checked_file(Settings(), str(link)) == str(do_file.resolve())


def test_a_relative_path_starts_in_the_working_dir(do_file: Path) -> None:
    settings = Settings(working_dir=str(do_file.parent))
    assert checked_file(settings, do_file.name) == str(do_file.resolve())


@pytest.mark.parametrize(
    ("character", "word"),
    [("`", "backtick"), ("$", "dollar"), ('"', "quote"), ("\n", "newline"), ("\0", "NUL")],
)
def test_characters_that_leave_the_quotes_are_refused(character: str, word: str) -> None:
    with pytest.raises(InvalidPath, match=word):
        checked_file(Settings(), f"/tmp/a{character}b.do")
    with pytest.raises(InvalidPath, match=word):
        checked_dir(Settings(), f"/tmp/a{character}b")


def test_a_link_cannot_smuggle_a_character_in(tmp_path: Path) -> None:
    bad = tmp_path / "a`b.do"
    bad.write_text("display 1\n")
    link = tmp_path / "good.do"
    link.symlink_to(bad)
    with pytest.raises(InvalidPath, match="backtick"):
        checked_file(Settings(), str(link))


@pytest.mark.parametrize("path", ["/no/such.do", "/", "x" * 5000])
def test_what_is_no_file_is_not_found(path: str) -> None:
    with pytest.raises(NoSuchFile, match="File not found"):
        checked_file(Settings(), path)


def test_allowed_folders_hold_against_links_and_dots(do_file: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.do").symlink_to(do_file)
    (inside / "own.do").write_text("display 1\n")
    settings = Settings(allowed_dirs=(str(inside),))
    assert checked_file(settings, str(inside / "own.do"))
    for path in (inside / "link.do", inside / ".." / do_file.name, do_file):
        with pytest.raises(PathNotAllowed):
            checked_file(settings, str(path))


def test_no_folder_is_no_folder() -> None:
    assert checked_dir(Settings(), None) is None
    assert checked_dir(Settings(), "") is None


def test_a_file_is_no_folder(do_file: Path) -> None:
    with pytest.raises(InvalidPath, match="not a folder"):
        checked_dir(Settings(), str(do_file))
