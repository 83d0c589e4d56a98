"""Paths from callers are refused before they could do harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_allowed_folders_hold_against_names_under_proc(do_file: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "own.do").write_text("display 1\n")
    settings = Settings(allowed_dirs=(str(inside),), working_dir=str(inside))
    with do_file.open() as outside, (inside / "own.do").open() as own:
        assert checked_file(settings, f"/proc/self/fd/{own.fileno()}") == str(inside / "own.do")
        tricks = [
            f"/proc/self/fd/{outside.fileno()}",
            f"/proc/thread-self/fd/{outside.fileno()}",
            f"/proc/self/root{do_file}",
            f"/dev/fd/{outside.fileno()}",
            f"{inside}/../../{tmp_path.name}/{do_file.name}",
            f"../{do_file.name}",
        ]
        for path in tricks:
            with pytest.raises(PathNotAllowed):
                checked_file(settings, path)
        with pytest.raises(PathNotAllowed):
            checked_dir(settings, "/proc/self/cwd")


def test_a_neighbour_with_a_longer_name_is_not_inside(tmp_path: Path) -> None:
    for name in ("data", "data2"):
        (tmp_path / name).mkdir()
    settings = Settings(allowed_dirs=(str(tmp_path / "data"),))
    assert checked_dir(settings, str(tmp_path / "data"))
    with pytest.raises(PathNotAllowed):
        checked_dir(settings, str(tmp_path / "data2"))


def test_what_is_no_plain_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.do")
    for path in (tmp_path / "pipe.do", "/dev/zero", "/dev/stdin"):
        with pytest.raises(NoSuchFile):
            checked_file(Settings(), str(path))


def test_links_in_a_circle_end_in_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.do").symlink_to(tmp_path / "b.do")
    (tmp_path / "b.do").symlink_to(tmp_path / "a.do")
    with pytest.raises(InvalidPath):
        checked_file(Settings(), str(tmp_path / "a.do"))


def test_a_home_that_is_nobodys_is_no_place() -> None:
    for checked in (checked_file, checked_dir):
        with pytest.raises(InvalidPath, match="cannot be resolved"):
            checked(Settings(), "~no-such-user/x.do")


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.do")).write_text("display 1\n")
    (tmp_path / "link.do").symlink_to(os.fsdecode(b"\xff.do"))
    with pytest.raises(InvalidPath, match="Unicode"):
        checked_file(Settings(), str(tmp_path / "link.do"))


# Of these a path of any kind can be put together, more often than of letters.
PARTS = st.sampled_from(
    ["/", "..", "~", "~root", "~nobody-here", "//", "\ud800", "/proc/self/fd/0"]
)


@given(st.text() | st.lists(PARTS | st.text(max_size=5), max_size=6).map("".join))
def test_any_path_is_a_file_inside_or_an_error_of_ours(path: str) -> None:
    settings = Settings(allowed_dirs=("/nowhere",))
    for checked in (checked_file, checked_dir):
        try:
            assert checked(settings, path) is None and not path
        except InvalidPath as error:
            assert error.message


def test_no_folder_is_no_folder() -> None:
    assert checked_dir(Settings(), None) is None
    assert checked_dir(Settings(), "") is None


def test_a_file_is_no_folder(do_file: Path) -> None:
    with pytest.raises(InvalidPath, match="not a folder"):
        checked_dir(Settings(), str(do_file))
