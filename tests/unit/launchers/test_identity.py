"""The id of a server: its own while it lives, and that of its next life afterwards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stata_sessions.errors import ConfigurationError
from stata_sessions.launchers.identity import identity_in


def test_the_next_life_has_the_same_id(tmp_path: Path) -> None:
    first = identity_in(str(tmp_path))
    assert not first.is_old and re.fullmatch(r"ss-[0-9a-f]{8}-", first.prefix)
    first.release()
    second = identity_in(str(tmp_path))
    assert second.is_old and second.id == first.id
    assert second.new_name().startswith(first.prefix)
    assert second.new_name() != second.new_name()
    second.release()


def test_servers_side_by_side_have_different_ids(tmp_path: Path) -> None:
    first, second = identity_in(str(tmp_path)), identity_in(str(tmp_path))
    assert first.id != second.id
    first.release()
    third = identity_in(str(tmp_path))
    assert third.id == first.id and third.is_old
    for each in (second, third):
        each.release()


def test_what_is_no_id_is_replaced(tmp_path: Path) -> None:
    identity_in(str(tmp_path)).release()
    [file] = tmp_path.iterdir()
    file.write_text("../../etc; scancel everything\n")
    found = identity_in(str(tmp_path))
    assert not found.is_old and file.read_text() == f"{found.id}\n"
    found.release()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="shared_dir: .*nowhere cannot be used: No such"):
        identity_in(str(tmp_path / "nowhere"))
