"""What comes at an odd moment of a session's life: between two consoles, or before the first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from stata_sessions.errors import SessionGone
from stata_sessions.sessions import Listener, Session, SessionView
from tests.terminal.engines import PATIENCE_S, engine, eventually, marked

pytestmark = pytest.mark.timeout(90)


class _Started(Listener):
    """Tells when a console has started."""

    def __init__(self) -> None:
        self.one = threading.Event()

    def console_started(self, session: SessionView) -> None:
        self.one.set()


def test_who_comes_during_a_restart_gets_the_next_console() -> None:
    over = threading.Event()

    def submit(session: Session) -> set[str]:
        states = set()
        while not over.is_set():
            command = session.submit("display 1")
            assert command.wait(PATIENCE_S)
            states.add(command.state.value)
        return states

    with engine(kill_grace=0.3) as running, ThreadPoolExecutor() as pool:
        for session in (running.manager.get(), running.manager.create("one")):
            over.clear()
            callers = [pool.submit(submit, session) for _ in range(3)]
            try:
                for _ in range(4):
                    session.restart()
            finally:
                over.set()
            # Nobody was told that the session is gone, or had failed to start.
            for each in callers:
                assert each.result(PATIENCE_S) <= {"finished", "cancelled", "lost"}
            assert running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_who_waits_for_a_start_waits_for_the_restart_that_came_between() -> None:
    with engine("start-delay=500", kill_grace=0.3) as running, ThreadPoolExecutor() as pool:
        creating = pool.submit(running.manager.create, "one")
        assert eventually(lambda: [each.name for each in running.manager.sessions()][1:] == ["one"])
        assert eventually(lambda: running.manager.get("one").view().pid)
        assert running.manager.restart("one").epoch == 2
        assert creating.result(PATIENCE_S) is running.manager.get("one")


def test_a_session_that_was_closed_before_its_first_console_gets_none() -> None:
    with engine() as running:
        session = running.manager.get()
        session.close("not wanted")
        with pytest.raises(SessionGone, match="not wanted"):
            session.launch()
        view = session.view()
        assert (view.state, view.epoch, view.ended_at is None) == ("closed", 0, False)
        assert marked(session.mark) == []
        assert running.manager.licence().taken == 0


def test_a_spare_that_became_a_session_is_closed_for_want_of_use() -> None:
    with engine(warm_spares=1, session_timeout=0.5) as running:
        started = _Started()
        running.manager.listeners.add(started)
        running.manager.keep_spares()
        assert started.one.wait(PATIENCE_S)
        session = running.manager.create("one")
        assert session.view().epoch == 1
        assert eventually(lambda: session.state == "closed")
        with pytest.raises(SessionGone, match="idle for 0.5 seconds"):
            running.manager.get("one")


def test_of_sessions_that_are_lost_again_and_again_only_the_latest_are_kept() -> None:
    with engine(kill_grace=0.3, lost_kept=2) as running:
        names = []
        for _ in range(5):
            session = running.manager.create()
            running.run(session, "display 1")
            session.stop(force=True, wait_s=PATIENCE_S)
            names.append(session.name)
        running.manager.create("last")
        known = [each.name for each in running.manager.sessions()]
        assert known == ["default", *names[-2:], "last"]
        assert len(running.private_folders()) == len(known)
        # What became of the others is told, and not that they were let go.
        with pytest.raises(SessionGone, match="killed on request"):
            running.manager.get(names[0])
        assert running.manager.restart(names[-1]).epoch == 2
