"""A console that the system ends for want of memory, as it ends whoever takes too much of it."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stata_sessions.sessions import Command, Session
from tests.terminal.engines import PATIENCE_S, engine, eventually, marked

pytestmark = pytest.mark.timeout(60)

MIB = 2**20
# Control groups of either version: where they are made, and the file of their limit.
PLACES = {
    Path("/sys/fs/cgroup/memory"): "memory.limit_in_bytes",
    Path("/sys/fs/cgroup"): "memory.max",
}


def _group(limit_bytes: int) -> Path | None:
    """Make a group of processes that may take so much memory; None where that is not allowed."""
    for place, limit in PLACES.items():
        group = place / f"stata-sessions-{os.getpid()}"
        try:
            group.mkdir()
            (group / limit).write_text(str(limit_bytes))
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
        else:
            return group
    return None


@contextmanager
def _short_of_memory(session: Session, limit_bytes: int) -> Iterator[bool]:
    """Bound what a session's processes may take; yield whether the system sees to it."""
    group = _group(limit_bytes)
    for process in marked(session.mark) if group else []:
        (group / "cgroup.procs").write_text(str(process.pid))  # type: ignore[operator]  # it is there
    try:
        yield group is not None
    finally:
        assert group is None or eventually(lambda: _is_removed(group))


def _is_removed(group: Path) -> bool:
    try:
        group.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _begin(session: Session) -> Command:
    command = session.submit('display "kept"\nhog 200\nsleep 60000')
    assert eventually(lambda: "kept\n" in command.output())
    return command


def test_a_console_without_memory_is_lost_and_nothing_printed_with_it() -> None:
    with engine(kill_grace=0.3) as running:
        session, other = running.manager.create(), running.manager.create()
        running.run(other, "local kept 5")
        with _short_of_memory(session, 64 * MIB) as short:
            command = _begin(session)
            if not short:
                # Nobody here may bound memory: what the system sends is then sent by hand.
                os.kill(session.view().pid or 0, signal.SIGKILL)
            assert command.wait(PATIENCE_S)
        view = command.view()
        assert (view.state, view.data_kept) == ("lost", False)
        assert "signal 9" in view.reason and "signal 9" in session.view().reason
        assert command.output().startswith('. display "kept"\nkept\n')
        assert not marked(session.mark)
        assert running.answer(other, "display `kept'") == (". display `kept'\n5\n", 0)
