"""What the system has no more of costs whoever asks for it, and nobody else."""

from __future__ import annotations

import resource
import threading

import psutil
import pytest

from stata_sessions.errors import LaunchFailed, StataSessionsError
from stata_sessions.sessions import Listener, Session, SessionView
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually, marked

pytestmark = pytest.mark.timeout(90)


class _Started(Listener):
    """Tells when a console has started."""

    def __init__(self) -> None:
        self.one = threading.Event()

    def console_started(self, session: SessionView) -> None:
        self.one.set()


def _works(running: Engine, session: Session) -> bool:
    return running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_without_descriptors_no_session_starts_and_none_ends() -> None:
    with engine() as running:
        session = running.manager.create()
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (psutil.Process().num_fds() + 1, limits[1]))
        try:
            with pytest.raises(StataSessionsError) as raised:
                running.manager.create("two")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert raised.value.kind == "launch-failed"
        assert "too many files open" in str(raised.value.facts["hint"])
        assert _works(running, session)
        assert _works(running, running.manager.create("two"))


def test_without_descriptors_a_console_can_still_be_killed() -> None:
    with engine(kill_grace=0.3) as running:
        session = running.manager.create()
        command = session.submit("sleep 60000")
        assert eventually(lambda: "sleep" in command.output())
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (psutil.Process().num_fds(), limits[1]))
        try:
            session.stop(force=True, wait_s=PATIENCE_S)
            assert command.wait(PATIENCE_S)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert (command.state, session.state) == ("lost", "lost")
        assert eventually(lambda: not marked(session.mark))
        assert session.restart().state == "ready"
        assert _works(running, session)


def test_without_threads_no_session_starts_and_none_ends() -> None:
    with engine() as running:
        session = running.manager.create()
        # No machine has memory for a stack of this size.
        threading.stack_size(2**46)
        try:
            for start in (lambda: running.manager.create("two"), running.manager.get().restart):
                with pytest.raises(LaunchFailed, match="can't start new thread") as raised:
                    start()
                assert "no more processes" in str(raised.value.facts["hint"])
        finally:
            threading.stack_size(0)
        assert running.manager.licence().taken == 1
        assert len(running.private_folders()) == 2
        assert _works(running, session)
        for other in (running.manager.create("two"), running.manager.get()):
            assert _works(running, other)


def test_a_spare_that_cannot_be_had_takes_nobody_s_session_away() -> None:
    with engine(warm_spares=1) as running:
        started = _Started()
        running.manager.listeners.add(started)
        running.manager.keep_spares()
        assert started.one.wait(PATIENCE_S)
        threading.stack_size(2**46)
        try:
            # This one takes the spare, and the next spare has no thread.
            session = running.manager.create()
        finally:
            threading.stack_size(0)
        assert _works(running, session)
        assert (running.manager.slots(), running.manager.licence().taken) == ((4, 2), 1)
        assert len(running.private_folders()) == 2
        # With the next session there is one again.
        running.manager.create()
        assert eventually(lambda: running.manager.licence().taken == 3)
