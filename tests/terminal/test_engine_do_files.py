"""A do-file runs in the folder that its caller named, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stata_sessions.errors import QueueFull
from stata_sessions.sessions import Session
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def running() -> Iterator[Engine]:
    with engine(kill_grace=0.3, queue_limit=2) as made:
        (made.folder / "job.do").write_text("pwd\n")
        (made.folder / "data").mkdir()
        yield made


def _busy(running: Engine) -> Session:
    session = running.manager.create()
    command = session.submit("sleep 60000")
    assert eventually(lambda: "sleep" in command.output())
    return session


def test_it_runs_there_and_the_session_stays(running: Engine) -> None:
    session, there = running.manager.create(), str(running.folder / "data")
    command = session.submit_file(str(running.folder / "job.do"), working_dir=there)
    assert command.wait(PATIENCE_S)
    assert there in command.output().splitlines() and "cd " not in command.output()
    assert running.answer(session, "pwd") == (f". pwd\n{there}\n", 0)
    assert [view.number for view in session.history()] == [1, 2]


def test_it_does_not_run_elsewhere(running: Engine) -> None:
    session, there = _busy(running), running.folder / "data"
    command = session.submit_file(str(running.folder / "job.do"), working_dir=str(there))
    # It vanishes while the command waits for its turn.
    there.rmdir()
    session.stop(wait_s=PATIENCE_S)
    assert command.wait(PATIENCE_S)
    view = command.view()
    assert (view.state, view.reason) == ("lost", "Stata could not change to its working_dir")
    assert (view.data_kept, command.output(), session.state) == (True, "", "ready")
    assert running.answer(session, "pwd") == (f". pwd\n{running.folder}\n", 0)


def test_where_it_finds_no_room_in_the_queue_the_folder_is_not_changed_either(
    running: Engine,
) -> None:
    session, there = _busy(running), str(running.folder / "data")
    waiting = session.submit("pwd")
    session.submit_file(str(running.folder / "job.do"), working_dir=there)
    with pytest.raises(QueueFull):
        session.submit_file(str(running.folder / "job.do"), working_dir="/")
    session.stop(wait_s=PATIENCE_S)
    assert waiting.wait(PATIENCE_S)
    assert eventually(lambda: session.state == "ready")
    assert running.answer(session, "pwd") == (f". pwd\n{there}\n", 0)
