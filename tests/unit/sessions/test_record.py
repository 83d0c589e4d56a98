"""What a session's record makes of what its worker tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stata_sessions.sessions import Command
from stata_sessions.sessions.admission import Admission, Seat
from stata_sessions.sessions.origin import Origin
from stata_sessions.sessions.record import Record
from stata_sessions.sessions.workspace import Workspace
from stata_sessions.settings import Settings
from tests.fakes import FakeClock


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """A record whose console is at its prompt."""
    settings, clock = Settings(), FakeClock()
    workspace = Workspace(str(tmp_path))
    origin = Origin("local", "stata", "/data")
    made = Record("one", settings, workspace, origin, mark="m", clock=clock)
    admission = Admission(settings, clock, lambda _: False)
    made.seat = Seat(admission, "m", lambda: False, is_here=True)
    made.seat.take()
    made.begin_epoch("")
    made.started()
    yield made
    workspace.remove()


def _queued(record: Record) -> Command:
    command = Command(
        "one",
        1,
        "display 1",
        changed=record.changed,
        transcript=record.transcript,
        time_limit_s=None,
        clock=record.clock,
    )
    record.queue.append(command)
    return command


def test_a_command_that_had_begun_ends_with_its_console(record: Record) -> None:
    begun, waiting = _queued(record), _queued(record)
    # The worker took it and failed before it could type a line.
    assert record.next_command() is begun
    record.ended("a fault of the server, see its log", lost=True, exited=False)
    assert begun.wait(0) and waiting.wait(0)
    assert (begun.state, waiting.state, record.state) == ("lost", "lost", "lost")
    assert begun.reason == "a fault of the server, see its log"
    assert record.view().running is None
