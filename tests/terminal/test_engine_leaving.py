"""Nothing is left of a console that makes its end hard, whether it was idle or busy."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import pytest

from stata_sessions.sessions import Session
from tests.consoles.families import LEAVING, Leaving
from tests.terminal.engines import PATIENCE_S, engine, eventually, marked, play_selected

pytestmark = pytest.mark.timeout(90)


@dataclass(frozen=True, slots=True)
class Left:
    """How a session ended: processes before and after, its state, folders that are left."""

    how: str
    before: int
    after: int
    state: str
    folders: int


def _begin(session: Session) -> None:
    command = session.submit("display 1\nsleep 60000")
    assert eventually(lambda: "sleep" in command.output())


def _play(console: Leaving) -> list[Left]:
    ends = []
    with engine(console.vices, kill_grace=0.3) as running:
        names = ("idle", "busy", "idle, shut down")
        sessions = {name: running.manager.create() for name in names}
        for session in sessions.values():
            running.run(session, "display 1")
        _begin(sessions["busy"])
        before = {name: len(marked(session.mark)) for name, session in sessions.items()}
        for name in ("idle", "busy"):
            running.manager.destroy(sessions[name].name)
        running.manager.shutdown()
        for name, session in sessions.items():
            after = len(marked(session.mark))
            folders = len(running.private_folders())
            ends.append(Left(name, before[name], after, session.state.value, folders))
    return ends


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Iterator[dict[Leaving, Future[list[Left]]]]:
    """Play all selected consoles."""
    with play_selected(request, LEAVING, _play) as playing:
        yield playing


@pytest.mark.parametrize("console", LEAVING, ids=str)
def test_nothing_is_left(console: Leaving, played: dict[Leaving, Future[list[Left]]]) -> None:
    ends = played[console].result(PATIENCE_S * 2)
    assert [end.how for end in ends] == ["idle", "busy", "idle, shut down"]
    for end in ends:
        assert end.before >= 1 + (console.helper and "helper" in console.vices)
        assert (end.after, end.state, end.folders) == (0, "closed", 0)


def test_a_silent_console_that_is_only_just_being_started_is_not_waited_for() -> None:
    # Longer than the whole test may take: without output nothing but this limit would end the wait.
    with engine("start-hangs", worker_start_timeout=600.0) as running:
        for _ in range(5):
            running.manager.destroy(running.manager.create(wait=False).name)
        running.manager.create(wait=False)
        running.manager.shutdown()
        assert running.private_folders() == []
