"""Which commands a session remembers."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from stata_sessions.sessions import Command
from stata_sessions.sessions.history import History
from stata_sessions.sessions.transcript import Transcript
from stata_sessions.states import CommandState


def _added(history: History, folder: Path) -> Command:
    transcript = Transcript("one", folder, memory_bytes=200, limit_bytes=400)
    command = Command(
        "one",
        history.last_number + 1,
        "display 1",
        changed=threading.Condition(),
        transcript=transcript,
        time_limit_s=None,
    )
    history.add(command)
    return command


@pytest.mark.parametrize("runs_on", [False, True])
def test_the_oldest_that_have_ended_are_forgotten_first(tmp_path: Path, runs_on: bool) -> None:
    history = History(3)
    first = _added(history, tmp_path)
    first.begin(1)
    if not runs_on:
        first.finish(CommandState.FINISHED)
    for _ in range(6):
        _added(history, tmp_path).finish(CommandState.CANCELLED)
    numbers = [command.number for command in history.all()]
    assert numbers == ([1, 6, 7] if runs_on else [5, 6, 7])
    assert history.get(2) is None and history.get(7) is history.all()[-1]


def test_nothing_is_forgotten_before_it_has_ended(tmp_path: Path) -> None:
    history = History(3)
    waiting = [_added(history, tmp_path) for _ in range(6)]
    assert history.all() == waiting
    for command in waiting:
        command.finish(CommandState.CANCELLED)
    last = _added(history, tmp_path)
    assert history.all() == [*waiting[-2:], last]
