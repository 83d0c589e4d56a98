"""The files of commands: byte for byte, private, whatever became of the folder meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stata_sessions.protocol import CommandFiles
from stata_sessions.sessions.code_files import KEPT_CHARACTERS, SLOTS, CodeFiles
from stata_sessions.sessions.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(str(tmp_path))


def _check(files: CommandFiles, code: str) -> None:
    assert Path(files.code_path).read_bytes() == code.encode("utf-8", "surrogateescape") + b"\n"
    assert Path(files.wrapper_path).read_text("ascii") == files.wrapper


@pytest.mark.parametrize("code", ["display 1", "grüße\r\n\ttab", "latin \udce9", ""])
def test_code_travels_byte_for_byte_and_privately(workspace: Workspace, code: str) -> None:
    files = CodeFiles(workspace).put(code)
    _check(files, code)
    modes = [each.stat().st_mode & 0o777 for each in workspace.path.iterdir()]
    assert modes == [0o600, 0o600]


def test_an_older_stata_gets_the_bytes_of_its_own_encoding(workspace: Workspace) -> None:
    files = CodeFiles(workspace, "latin-1").put("* größe ✓")
    assert Path(files.code_path).read_bytes() == b"* gr\xf6\xdfe ?\n"


def test_names_come_again_and_leave_nothing_of_the_last_command(workspace: Workspace) -> None:
    code_files = CodeFiles(workspace)
    seen = [code_files.put(code) for code in ["display 12345"] * SLOTS + ["display 1"]]
    assert seen[0].code_path == seen[-1].code_path
    assert len({files.code_path for files in seen}) == SLOTS
    assert len({files.sentinel for files in seen}) == SLOTS + 1
    _check(seen[-1], "display 1")


def test_large_code_does_not_stay_on_the_disk(workspace: Workspace) -> None:
    code_files = CodeFiles(workspace)
    code_files.put("*" * (KEPT_CHARACTERS + 1))
    code_files.drop()
    code_files.drop()
    assert list(workspace.path.iterdir()) == []


def test_what_the_code_put_in_place_of_its_file_is_no_obstacle(
    workspace: Workspace, tmp_path: Path
) -> None:
    code_files = CodeFiles(workspace)
    first = code_files.put("display 1")
    code_files.drop()
    for path in (first.code_path, first.wrapper_path):
        Path(path).unlink()
        Path(path).symlink_to(tmp_path / "elsewhere")
    for _ in range(SLOTS):
        files = code_files.put("display 2")
    assert files.code_path == first.code_path
    _check(files, "display 2")
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_vanished_is_made_anew(workspace: Workspace) -> None:
    code_files = CodeFiles(workspace)
    code_files.put("display 1")
    shutil.rmtree(workspace.path)
    _check(code_files.put("display 2"), "display 2")
    assert workspace.path.stat().st_mode & 0o777 == 0o700
