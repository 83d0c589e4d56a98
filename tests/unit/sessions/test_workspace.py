"""Private folders: nobody else may enter, and nothing is left of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from stata_sessions.errors import ConfigurationError, LaunchFailed
from stata_sessions.protocol import command_files
from stata_sessions.sessions.workspace import (
    KEPT_CHARACTERS,
    LONGEST_BASE,
    Workspace,
    base_directory,
)
from tests.fakes import tokens


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("code", ["display 1", "grüße\r\n\ttab", "latin \udce9", ""])
def test_code_travels_byte_for_byte_and_privately(tmp_path: Path, code: str) -> None:
    workspace = Workspace(str(tmp_path))
    files = command_files(str(workspace.path), "1", code, tokens())
    workspace.write(files)
    assert Path(files.code_path).read_bytes() == code.encode("utf-8", "surrogateescape") + b"\n"
    assert Path(files.wrapper_path).read_text("ascii").splitlines()[0] == files.inner_line
    modes = [_mode(each) for each in workspace.path.iterdir()]
    assert (_mode(workspace.path), modes) == (0o700, [0o600, 0o600])
    workspace.remove()
    workspace.remove()
    assert list(tmp_path.iterdir()) == []


def test_the_next_command_of_the_name_leaves_nothing_of_the_last(tmp_path: Path) -> None:
    workspace = Workspace(str(tmp_path))
    for code in ("display 12345", "display 1"):
        files = command_files(str(workspace.path), "1", code, tokens())
        workspace.write(files)
        workspace.drop(files)
    assert Path(files.code_path).read_text("ascii") == "display 1\n"


def test_large_code_does_not_stay_on_the_disk(tmp_path: Path) -> None:
    workspace = Workspace(str(tmp_path))
    files = command_files(str(workspace.path), "1", "*" * (KEPT_CHARACTERS + 1), tokens())
    workspace.write(files)
    workspace.drop(files)
    workspace.drop(files)
    assert list(workspace.path.iterdir()) == []


def test_what_the_code_put_in_place_of_its_file_is_no_obstacle(tmp_path: Path) -> None:
    workspace = Workspace(str(tmp_path))
    files = command_files(str(workspace.path), "1", "display 1", tokens())
    Path(files.code_path).symlink_to(tmp_path / "elsewhere")
    workspace.write(files)
    assert Path(files.code_path).read_text("ascii") == "display 1\n"
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_vanished_is_made_anew(tmp_path: Path) -> None:
    workspace = Workspace(str(tmp_path))
    shutil.rmtree(workspace.path)
    files = command_files(str(workspace.path), "1", "display 1", tokens())
    workspace.write(files)
    assert Path(files.code_path).exists()
    assert _mode(workspace.path) == 0o700


def test_where_none_can_be_made_the_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="work_dir"):
        base_directory("/tmp/nowhere")
    # Later on it is a start that failed.
    with pytest.raises(LaunchFailed, match=r"nowhere: No such file.*work_dir"):
        Workspace(str(tmp_path / "nowhere"))


def test_what_has_vanished_is_made_anew_but_nothing_of_somebody_else_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(str(tmp_path))
    workspace.remove()
    workspace.make()
    assert _mode(workspace.path) == 0o700
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(PermissionError, match="somebody else's"):
        workspace.make()


@pytest.mark.parametrize("base", ["/tmp/" + "x" * LONGEST_BASE, "/tmp/a b", "/tmp/é", "/tmp/a$b"])
def test_a_base_that_cannot_be_typed_is_refused(base: str) -> None:
    with pytest.raises(ConfigurationError, match="typed at Stata's prompt"):
        base_directory(base)


def test_without_a_setting_a_short_base_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert base_directory("/tmp") == "/tmp"
    monkeypatch.setattr(tempfile, "tempdir", "/var/a folder/that/cannot/be/typed/at/a/prompt")
    assert base_directory("") == "/tmp"


def test_the_typed_line_stays_short() -> None:
    base = "/" + "x" * (LONGEST_BASE - 1)
    files = command_files(f"{base}/ss-abcdefgh", "1234567", "display 1", tokens())
    assert len(files.line) < 70
    assert files.line.isascii()
