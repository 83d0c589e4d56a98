"""A console that stands still, and so reads and prints nothing, harms nobody and loses nothing."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from stata_sessions.sessions import Session
from stata_sessions.states import ENDED_SESSIONS
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually, marked

pytestmark = pytest.mark.timeout(90)

GRACES: dict[str, Any] = {"break_grace": 0.3, "kill_grace": 0.3}


def _freeze(session: Session) -> None:
    for process in marked(session.mark):
        process.send_signal(signal.SIGSTOP)


def _thaw(session: Session) -> None:
    for process in marked(session.mark):
        process.send_signal(signal.SIGCONT)


def _works(running: Engine, session: Session) -> bool:
    return running.answer(session, "display 8") == (". display 8\n8\n", 0)


@pytest.mark.parametrize("code", ["", 'display "kept"\nsleep 500'])
def test_one_that_moves_again_goes_on_where_it_was(code: str) -> None:
    with engine(**GRACES) as running:
        session, other = running.manager.create(), running.manager.create()
        running.run(session, "local kept 5")
        commands = [session.submit(code)] if code else []
        if code:
            assert eventually(lambda: "sleep" in commands[0].output())
        _freeze(session)
        commands += [session.submit("display `kept'"), session.submit("display 7")]
        assert _works(running, other)
        assert not any(command.ended for command in commands)
        _thaw(session)
        assert all(command.wait(PATIENCE_S) for command in commands)
        assert [command.view().return_code for command in commands] == [0] * len(commands)
        assert commands[-2].output() == ". display `kept'\n5\n"
        assert commands[-1].output() == ". display 7\n7\n"


ENDS: dict[str, Callable[[Engine, Session], object]] = {
    "stop": lambda running, session: session.stop(wait_s=PATIENCE_S),
    "force": lambda running, session: session.stop(force=True, wait_s=PATIENCE_S),
    "destroy": lambda running, session: running.manager.destroy(session.name),
    "restart": lambda running, session: session.restart(),
    "shutdown": lambda running, session: running.manager.shutdown(),
    "time limit": lambda running, session: None,
}


@pytest.mark.parametrize("end", ENDS)
def test_one_that_never_moves_is_ended_within_its_bounds_by(end: str) -> None:
    with engine(**GRACES) as running:
        session = running.manager.create()
        limit_s = 0.5 if end == "time limit" else None
        command = session.submit('display "kept"\nsleep 60000', time_limit_s=limit_s)
        assert eventually(lambda: "sleep" in command.output())
        mark = session.mark
        _freeze(session)
        began = time.monotonic()
        ENDS[end](running, session)
        assert command.wait(PATIENCE_S)
        assert time.monotonic() - began < PATIENCE_S / 2
        assert (command.view().state, command.view().data_kept) == ("lost", False)
        assert command.output().startswith('. display "kept"\nkept\n')
        if end == "restart":
            assert _works(running, session)
        else:
            assert eventually(lambda: session.state in ENDED_SESSIONS and not marked(mark))


def test_one_that_stands_still_while_it_starts_is_a_failed_start() -> None:
    with engine("start-delay=60000", worker_start_timeout=1.0, **GRACES) as running:
        session = running.manager.create("one", wait=False)
        assert eventually(lambda: marked(session.mark))
        _freeze(session)
        assert eventually(lambda: session.state in ENDED_SESSIONS)
        assert eventually(lambda: not marked(session.mark))
