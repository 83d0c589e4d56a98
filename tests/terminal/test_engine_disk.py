"""A disk that is full costs the oldest output and nothing else."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from stata_sessions.errors import LaunchFailed
from tests.disks import MIB, small_disk
from tests.terminal.engines import PATIENCE_S, Engine, engine

pytestmark = pytest.mark.timeout(60)

KEPT = 64 * 1024


@pytest.fixture(name="small_disk")
def a_small_disk() -> Iterator[Path]:
    with small_disk() as disk:
        yield disk.path


def _last_rows(running: Engine, size: int) -> None:
    session = running.manager.create()
    command = running.run(session, f"flood {size}")
    view = command.view()
    assert (view.state, view.return_code, view.truncated) == ("finished", 0, True)
    rows = command.output().splitlines()[-500:]
    last = size // 80
    assert [int(row.split()[0]) for row in rows] == list(range(last - 500, last))


def test_output_that_no_disk_has_room_for_is_kept_from_its_end(small_disk: Path) -> None:
    with engine(work_dir=str(small_disk), output_memory_bytes=KEPT) as running:
        _last_rows(running, 6 * MIB)


def _fill(disk: Path) -> Path:
    """Leave no room; a large disk is filled with a megabyte only."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.tell() < MIB:
            file.write(bytes(4096))
    return filler


def test_a_full_disk_is_shared_without_harm(small_disk: Path) -> None:
    with engine(work_dir=str(small_disk), output_memory_bytes=KEPT) as running:
        other = running.manager.create()
        assert running.answer(other, "local kept 5") == (". local kept 5\n", 0)
        _last_rows(running, 6 * MIB)
        assert running.answer(other, "display `kept'") == (". display `kept'\n5\n", 0)


def test_code_that_no_disk_has_room_for_is_refused_and_the_data_are_kept(small_disk: Path) -> None:
    with engine(work_dir=str(small_disk)) as running:
        session = running.manager.create()
        running.run(session, "local kept 5")
        filler = _fill(small_disk)
        view = running.run(session, "display 1").view()
        assert (view.state, view.return_code, session.state) == ("lost", None, "ready")
        assert "No space left" in view.reason
        filler.unlink()
        assert running.answer(session, "display `kept'") == (". display `kept'\n5\n", 0)


def test_a_refused_command_does_not_hold_up_those_behind_it(small_disk: Path) -> None:
    with engine(work_dir=str(small_disk)) as running:
        session = running.manager.create()
        first = session.submit("sleep 500")
        refused = [session.submit(f"display {number}") for number in range(3)]
        filler = _fill(small_disk)
        assert first.wait(PATIENCE_S)
        assert all(command.wait(PATIENCE_S) for command in refused)
        assert {str(command.state) for command in refused} == {"lost"}
        filler.unlink()
        assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_a_start_that_no_disk_has_room_for_says_so_and_can_be_tried_again(small_disk: Path) -> None:
    with engine(work_dir=str(small_disk)) as running:
        filler = _fill(small_disk)
        for start in (running.manager.create, lambda: running.manager.get().submit("display 1")):
            with pytest.raises(LaunchFailed, match="No space left on device") as raised:
                start()
            assert "set work_dir" in str(raised.value.facts["hint"])
        assert running.manager.slots() == (4, 3)
        filler.unlink()
        for session in (running.manager.create(), running.manager.get()):
            assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_a_start_without_a_place_for_its_folder_says_so_and_can_be_tried_again() -> None:
    with engine() as running:
        place = running.folder / "private"
        shutil.rmtree(place)
        with pytest.raises(LaunchFailed, match="work_dir: .*no folder that this account may"):
            running.manager.create()
        with pytest.raises(LaunchFailed, match="No such file or directory"):
            running.manager.get().submit("display 1")
        place.mkdir()
        for session in (running.manager.create(), running.manager.get()):
            assert running.answer(session, "display 8") == (". display 8\n8\n", 0)
