"""What a session is set to, and what is said when the console will not have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stata_sessions.errors import LaunchFailed
from stata_sessions.sessions.first_steps import MARK, first_steps, processors_of
from stata_sessions.sessions.origin import Origin
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.workspace import Workspace
from stata_sessions.settings import Settings
from stata_sessions.states import CommandState
from tests.fakes import FakeClock


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    found = Workspace(str(tmp_path))
    yield found
    found.remove()


def record(workspace: Workspace, settings: Settings) -> Record:
    origin = Origin("local", "stata", "/data")
    return Record("a", settings, workspace, origin, mark="m", clock=FakeClock())


@pytest.mark.parametrize(
    ("settings", "line", "there"),
    [
        (Settings(), "capture set linesize 80", True),
        (Settings(linesize=0), "linesize", False),
        (Settings(), "capture set more off", True),
        (Settings(), 'capture cd "/data"', True),
    ],
)
def test_a_session_is_set_up_as_asked(
    workspace: Workspace, settings: Settings, line: str, there: bool
) -> None:
    first, second = first_steps(record(workspace, settings), lambda: 0)
    assert (line in first.code) is there
    assert (first.mark, second.mark) == (MARK, "")


@pytest.mark.parametrize(
    ("settings", "processors"),
    [
        (Settings(), 0),
        (Settings(processors=3), 3),
        (Settings(processors_total=8), 2),
        (Settings(processors_total=8, max_sessions=3), 2),
        (Settings(processors_total=2, max_sessions=4), 1),
        (Settings(processors_total=8, processors=1), 1),
        (Settings(processors_total=8, processors=6), 2),
    ],
)
def test_a_budget_is_shared_out(settings: Settings, processors: int) -> None:
    assert processors_of(settings) == processors


@pytest.mark.parametrize(
    ("return_code", "printed", "warning"),
    [
        (0, "", ""),
        (198, "must be between 1 and 2\nr(198);\n", "r(198): must be between 1 and 2;"),
        (199, "r(199);\n", "r(199): no reason given;"),
    ],
)
def test_a_console_that_refuses_its_processors_is_warned_of(
    workspace: Workspace, return_code: int, printed: str, warning: str
) -> None:
    found = record(workspace, Settings(processors=4))
    steps = first_steps(found, lambda: 0)
    *_, last = (next(steps) for _ in range(3))
    assert last.command is not None and last.code == "set processors 4"
    last.command.add_output(printed)
    last.command.return_code = return_code
    last.command.finish(CommandState.FINISHED)
    assert list(steps) == []
    assert warning in found.warning and bool(found.warning) == bool(warning)
    assert found.transcript.end == 0


def test_set_up_that_failed_is_tried_again(workspace: Workspace) -> None:
    codes = [603, 601, 0, 198]
    steps = list(first_steps(record(workspace, Settings()), lambda: codes.pop(0)))
    assert [each.mark for each in steps] == [MARK, MARK, MARK, ""]
    assert codes == [198]


def test_a_console_that_can_read_no_file_is_no_session(workspace: Workspace) -> None:
    with pytest.raises(LaunchFailed, match=r"cannot run the files .* r\(603\)"):
        list(first_steps(record(workspace, Settings()), lambda: 603))
