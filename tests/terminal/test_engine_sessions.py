"""Sessions over a real console: queue, stop, limits, epochs, and what each says about itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from stata_sessions.errors import (
    ConsoleLost,
    EpochChanged,
    InvalidCode,
    InvalidName,
    InvalidPath,
    MultiSessionOff,
    NoSuchCommand,
    NoSuchFile,
    NoSuchSession,
    NotQueued,
    ProtectedSession,
    QueueFull,
    ServerStopping,
    SessionBusy,
    SessionExists,
    SessionGone,
    TooManySessions,
)
from stata_sessions.sessions import Command, Session
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually, marked

pytestmark = pytest.mark.timeout(60)

LONG = "sleep 60000"


@pytest.fixture
def running() -> Iterator[Engine]:
    with engine(break_grace=5.0, kill_grace=0.5, queue_limit=25, max_sessions=3) as made:
        yield made


@pytest.fixture
def session(running: Engine) -> Session:
    return running.manager.create("one")


def _begin(session: Session, code: str = LONG) -> Command:
    """Start a command that does not end by itself, and see it run."""
    command = session.submit(code)
    assert eventually(lambda: command.output().endswith(f"{code}\n"))
    return command


def test_many_at_once_run_in_order_each_with_its_own_output(session: Session) -> None:
    with_gate = threading.Barrier(20)
    commands: list[Command] = []

    def submit(number: int) -> None:
        with_gate.wait(PATIENCE_S)
        commands.append(session.submit(f"display {number}"))

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    for command in commands:
        assert command.wait(PATIENCE_S)
        number = command.code.split()[1]
        assert command.output() == f". display {number}\n{number}\n"
    history = session.history()
    assert [view.number for view in history] == list(range(1, 21))
    spans = [(view.start, view.end) for view in history]
    ends = [0, *(end for _, end in spans)]
    assert all(start == before for (start, _), before in zip(spans, ends, strict=False))


def test_position_in_the_queue_and_cancelling(session: Session) -> None:
    first = _begin(session)
    second, third, fourth = (session.submit(f"display {number}") for number in (2, 3, 4))
    assert [each.view().position for each in (first, second, third, fourth)] == [None, 0, 1, 2]
    assert session.view().queued == 3
    view = second.cancel()
    assert (view.state, view.return_code, view.reason) == ("cancelled", None, "cancelled")
    assert [each.view().position for each in (second, third, fourth)] == [None, 0, 1]
    with pytest.raises(NotQueued):
        first.cancel()
    with pytest.raises(NotQueued):
        second.cancel()
    session.stop(wait_s=PATIENCE_S)
    assert fourth.wait(PATIENCE_S)
    assert (second.output(), third.output()) == ("", ". display 3\n3\n")


def test_stopping_an_idle_session_does_nothing(running: Engine, session: Session) -> None:
    assert session.stop().status == "not_running"
    running.run(session, "display 1")
    report = session.stop(wait_s=1)
    assert (report.status, report.command, report.data_kept) == ("not_running", None, True)
    assert running.answer(session, "display 2") == (". display 2\n2\n", 0)


def test_a_stop_meant_for_another_command_does_nothing(running: Engine, session: Session) -> None:
    running.run(session, "display 1")
    command = _begin(session)
    assert session.stop(command=1, wait_s=1).status == "not_running"
    assert command.view().state == "running"
    report = session.stop(command=2, wait_s=PATIENCE_S)
    assert (report.status, report.rung, report.command) == ("stopped", "break", 2)


def test_a_stop_breaks_one_command_and_not_the_next(session: Session) -> None:
    _begin(session)
    following = session.submit("sleep 300\ndisplay 7")
    assert session.stop(wait_s=PATIENCE_S).status == "stopped"
    assert following.wait(PATIENCE_S)
    assert following.view().state == "finished"
    assert following.output() == ". sleep 300\n\n. display 7\n7\n"


def test_a_time_limit_breaks_and_keeps_the_data(running: Engine, session: Session) -> None:
    running.run(session, "local kept 5")
    command = running.run(session, "display 1\n" + LONG, time_limit_s=0.4)
    view = command.view()
    assert (view.state, view.return_code, view.reason) == ("broken", 1, "time-limit")
    assert (view.rung, view.data_kept, view.epoch) == ("break", True, 1)
    assert view.elapsed_s is not None and 0.3 < view.elapsed_s < 5
    assert command.output() == f". display 1\n1\n\n. {LONG}\n--Break--\nr(1);\n"
    assert running.answer(session, "display `kept'") == (". display `kept'\n5\n", 0)


def test_a_command_that_ends_in_time_knows_no_limit(running: Engine, session: Session) -> None:
    view = running.run(session, "sleep 100\nerror 1", time_limit_s=20).view()
    assert (view.return_code, view.reason, view.rung) == (1, "", "")


def test_force_kills_and_a_restart_begins_a_new_epoch(running: Engine, session: Session) -> None:
    running.run(session, "global also six")
    command, waiting = _begin(session), session.submit("display 1")
    report = session.stop(force=True, wait_s=PATIENCE_S)
    assert (report.status, report.rung, report.data_kept) == ("lost", "kill", False)
    view = command.view()
    assert (view.state, view.return_code, view.data_kept) == ("lost", None, False)
    assert "force" in view.reason
    assert waiting.view().state == "lost"
    assert (session.state, marked(session.mark)) == ("lost", [])
    with pytest.raises(ConsoleLost):
        session.submit("display 1")
    with pytest.raises(EpochChanged):
        session.submit("display 1", epoch=1)
    again = session.restart()
    assert (again.state, again.epoch, again.epoch_reason) == ("ready", 2, "restart")
    with pytest.raises(EpochChanged):
        session.submit("display 1", epoch=1)
    assert session.submit("display 1", epoch=2).wait(PATIENCE_S)
    assert running.answer(session, 'display "[$also]"')[0].endswith("\n[]\n")


def test_a_restart_while_busy_loses_the_command(running: Engine, session: Session) -> None:
    command = _begin(session)
    assert session.restart("asked").epoch == 2
    assert command.view().state == "lost"
    assert running.answer(session, "display 1") == (". display 1\n1\n", 0)


def test_an_internal_query_leaves_no_trace(running: Engine, session: Session) -> None:
    running.run(session, "display 1")
    result = session.query("display 2", wait_s=PATIENCE_S)
    assert (result.return_code, result.output) == (0, ". display 2\n2\n")
    assert [view.number for view in session.history()] == [1]
    assert session.transcript.end == len(". display 1\n1\n")
    _begin(session)
    with pytest.raises(SessionBusy):
        session.query("display 3", wait_s=0.2)
    session.stop(wait_s=PATIENCE_S)
    assert [view.number for view in session.history()] == [1, 2]


def test_output_is_read_while_it_comes(session: Session) -> None:
    command = session.submit("display 1\nsleep 700\ndisplay 2")
    first = command.read(0, 1000, wait_s=PATIENCE_S)
    assert first.text.startswith(". display 1\n")
    assert not first.complete
    text, page = first.text, first
    while not page.complete:
        page = command.read(page.next_offset, 5, wait_s=PATIENCE_S)
        text += page.text
    assert text == ". display 1\n1\n\n. sleep 700\n\n. display 2\n2\n" == command.output()


def test_a_file_runs_as_a_person_would_run_it(running: Engine, session: Session) -> None:
    path = running.folder / "job.do"
    path.write_text("local inner 5\ndisplay `inner'\n")
    command = session.submit_file(str(path))
    assert command.wait(PATIENCE_S)
    rows = (f'. do "{path}"', ". local inner 5", "5", "end of do-file")
    assert all(row in command.output().splitlines() for row in rows)
    assert command.view().file_path == str(path)
    assert running.answer(session, 'display "[`inner\']"')[0].endswith("\n[]\n")


@pytest.mark.parametrize("code", ["", "  \n\t\n", "display 1\0"])
def test_code_that_cannot_run_is_refused(session: Session, code: str) -> None:
    with pytest.raises(InvalidCode):
        session.submit(code)
    assert session.history() == []


@pytest.mark.parametrize("path", ["", "a`b.do", 'a"b.do', "a$b.do", "a\nb.do"])
def test_a_path_that_could_break_out_is_refused(session: Session, path: str) -> None:
    with pytest.raises(InvalidPath):
        session.submit_file(path)


def test_what_is_not_there_is_said_to_be_missing(running: Engine, session: Session) -> None:
    with pytest.raises(NoSuchFile):
        session.submit_file("/nowhere/job.do")
    with pytest.raises(NoSuchCommand):
        session.command(1)
    with pytest.raises(NoSuchSession):
        running.manager.get("two")
    with pytest.raises(InvalidPath):
        running.manager.create(working_dir="/nowhere")


def test_limits_are_kept(running: Engine, session: Session) -> None:
    _begin(session)
    with pytest.raises(SessionBusy):
        session.submit("display 1", queue=False)
    for _ in range(25):
        session.submit("display 1")
    with pytest.raises(QueueFull):
        session.submit("display 1")
    with pytest.raises(SessionExists):
        running.manager.create("one")
    assert running.manager.slots() == (3, 1)
    running.manager.create("two")
    with pytest.raises(TooManySessions):
        running.manager.create("three")


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "é", "x" * 33, "a\n"])
def test_names_that_do_not_fit_a_path_are_refused(running: Engine, name: str) -> None:
    with pytest.raises(InvalidName):
        running.manager.create(name)


def test_without_many_sessions_there_is_the_default_one() -> None:
    with engine(multi_session=False) as running:
        with pytest.raises(MultiSessionOff):
            running.manager.create()
        assert running.answer(running.manager.get(), "display 1") == (". display 1\n1\n", 0)


def test_a_destroyed_session_is_gone_with_all_its_files(running: Engine, session: Session) -> None:
    # The default session has one too, although it has not been started yet.
    assert len(running.private_folders()) == 2
    command = _begin(session)
    running.manager.destroy("one", "no longer needed")
    assert command.view().state == "lost"
    with pytest.raises(SessionGone, match="no longer needed"):
        running.manager.get("one")
    with pytest.raises(SessionGone):
        session.submit("display 1")
    assert marked(session.mark) == []
    assert len(running.private_folders()) == 1
    with pytest.raises(ProtectedSession):
        running.manager.destroy("default")


def test_after_the_shutdown_nothing_is_left(running: Engine, session: Session) -> None:
    command, waiting = _begin(session), session.submit("display 1")
    running.manager.shutdown("the server is stopping")
    assert command.wait(PATIENCE_S)
    assert waiting.wait(PATIENCE_S)
    assert command.view().state == "lost"
    assert command.view().reason == "the server is stopping"
    assert waiting.view().state in ("lost", "cancelled")
    assert marked(session.mark) == []
    assert running.private_folders() == []
    with pytest.raises(ServerStopping):
        running.manager.create()
