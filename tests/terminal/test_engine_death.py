"""The end of a console, however it comes, is noticed at once and told with its reason."""

from __future__ import annotations

import os
import signal
import time

import pytest

from stata_sessions.errors import ConsoleLost, SessionGone
from stata_sessions.sessions import Command, Session
from tests.terminal.engines import PATIENCE_S, engine, eventually, marked

pytestmark = pytest.mark.timeout(60)

# Far below what any patience or look would take; far above what a busy machine needs.
AT_ONCE_S = 1.0


def _kill(session: Session, number: int = signal.SIGKILL) -> None:
    pid = session.view().pid
    assert pid is not None
    os.kill(pid, number)


def _begin(session: Session) -> Command:
    command = session.submit("display 1\nsleep 60000")
    assert eventually(lambda: "sleep" in command.output())
    return command


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("display 1\ncrash 11", "signal 11"),
        ("display 1\ncrash 6", "signal 6"),
        ("display 1\ncrash 9", "signal 9"),
    ],
)
def test_a_crash_loses_the_command_and_nothing_printed(code: str, reason: str) -> None:
    with engine() as running:
        session, other = running.manager.create(), running.manager.create()
        running.run(other, "local kept 5")
        command = session.submit(code)
        waiting = session.submit("display 2")
        assert command.wait(PATIENCE_S)
        assert waiting.wait(PATIENCE_S)
        view = command.view()
        assert (view.state, view.return_code, view.data_kept) == ("lost", None, False)
        assert reason in view.reason
        assert command.output().startswith(". display 1\n1\n")
        assert (waiting.view().state, waiting.output()) == ("lost", "")
        assert reason in session.view().reason
        with pytest.raises(ConsoleLost, match=reason):
            session.submit("display 3")
        assert running.answer(other, "display `kept'") == (". display `kept'\n5\n", 0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
@pytest.mark.parametrize("vices", ["", "helper=group+terminal", "helper=daemon+terminal"])
def test_death_is_noticed_at_once(number: int, vices: str) -> None:
    with engine(vices, kill_grace=0.2) as running:
        session = running.manager.create()
        command = _begin(session)
        _kill(session, number)
        died = time.monotonic()
        assert command.wait(PATIENCE_S)
        assert time.monotonic() - died < AT_ONCE_S + 0.4
        assert f"signal {number}" in command.view().reason
        assert command.output().startswith(". display 1\n1\n\n. sleep 60000\n")
        assert marked(session.mark) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
@pytest.mark.parametrize("vices", ["", "helper=session+terminal"])
def test_an_idle_console_that_dies_is_missed_at_once(vices: str, number: int) -> None:
    with engine(vices, kill_grace=0.2) as running:
        session, other = running.manager.create(), running.manager.create()
        running.run(session, "display 1")
        _kill(session, number)
        died = time.monotonic()
        assert eventually(lambda: session.state == "lost")
        assert time.monotonic() - died < AT_ONCE_S + 0.4
        assert f"signal {number}" in session.view().reason
        assert session.command(1).output() == ". display 1\n1\n"
        assert running.answer(other, "display 8") == (". display 8\n8\n", 0)


@pytest.mark.parametrize("vices", ["", "exit-child=20000", "exit-delay=300", "echo=none"])
@pytest.mark.parametrize("code", ["exit, clear STATA", "display 1\nexit, STATA clear"])
def test_code_that_ends_stata_is_told_apart_from_a_crash(vices: str, code: str) -> None:
    with engine(vices, kill_grace=0.2) as running:
        session = running.manager.create()
        command = running.run(session, code)
        view = command.view()
        assert (view.state, view.return_code, view.data_kept) == ("finished", 0, False)
        assert "ended Stata" in view.note
        assert eventually(lambda: session.state == "lost")
        assert "ended Stata" in session.view().reason
        assert marked(session.mark) == []


def test_exit_in_code_ends_the_code_only() -> None:
    with engine() as running:
        session = running.manager.create()
        assert running.answer(session, "display 1\nexit\ndisplay 2")[0].endswith("exit\n")
        assert running.answer(session, "display 3") == (". display 3\n3\n", 0)


def test_death_in_the_middle_of_much_output_keeps_what_came() -> None:
    with engine("dies-after=300000") as running:
        session = running.manager.create()
        command = running.run(session, "flood 5000000")
        assert command.view().state == "lost"
        assert len(command.output()) > 200_000


def test_the_default_session_comes_back_in_a_new_epoch() -> None:
    with engine(kill_grace=0.2) as running:
        session = running.manager.get()
        assert (session.view().epoch, session.state) == (0, "ready")
        running.run(session, "global also six")
        assert session.view().epoch == 1
        _kill(session)
        assert eventually(lambda: session.state == "lost")
        command = running.run(session, 'display "[$also]"')
        assert command.output().endswith("\n[]\n")
        view = session.view()
        assert (view.epoch, view.state, command.view().epoch) == (2, "ready", 2)
        assert "signal 9" in view.epoch_reason


def test_an_idle_session_is_closed_and_says_when_and_why() -> None:
    with engine(session_timeout=0.6) as running:
        session, busy = running.manager.create("one"), running.manager.create("two")
        default = running.manager.get()
        running.run(default, "display 1")
        command = busy.submit("sleep 1500")
        assert eventually(lambda: session.state == "closed")
        with pytest.raises(SessionGone, match=r"one .*ended at 20\d\d-.*idle for 0.6 seconds"):
            running.manager.get("one")
        with pytest.raises(SessionGone):
            session.submit("display 1")
        assert command.wait(PATIENCE_S)
        assert (command.view().state, default.state) == ("finished", "ready")
        assert eventually(lambda: busy.state == "closed")
        assert default.state == "ready"
        assert eventually(lambda: len(running.private_folders()) == 1)
        assert marked(session.mark) == []


def test_a_session_that_waits_for_input_is_not_idle() -> None:
    with engine(session_timeout=0.5, left_open_wait=3600.0) as running:
        session = running.manager.create()
        command = session.submit("pause on\npause here")
        assert eventually(lambda: session.state == "awaiting-input")
        assert not command.wait(1.2)
        assert session.state == "awaiting-input"
