"""Private folders: nobody else may enter, and nothing is left of them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from stata_sessions.errors import ConfigurationError, LaunchFailed
from stata_sessions.protocol import command_files
from stata_sessions.sessions.workspace import LONGEST_BASE, Workspace, base_directory
from tests.fakes import tokens


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


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
