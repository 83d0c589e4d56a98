"""What goes wrong around a session stays there: floods, lost folders, races, few descriptors."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

import psutil
import pytest

from stata_sessions.errors import StataSessionsError
from stata_sessions.sessions import Session
from tests.terminal.engines import PATIENCE_S, Engine, engine, eventually, marked

pytestmark = pytest.mark.timeout(90)

MIB = 2**20


def _together(*actions: Callable[[], object]) -> list[object]:
    """Do several things at once; return what came of each, errors of ours included."""
    results: list[object] = [None] * len(actions)
    gate = threading.Barrier(len(actions))

    def act(place: int, action: Callable[[], object]) -> None:
        gate.wait(PATIENCE_S)
        try:
            results[place] = action()
        except StataSessionsError as error:
            results[place] = error

    threads = [threading.Thread(target=act, args=each) for each in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads)
    return results


def _works(running: Engine, session: Session) -> bool:
    return running.answer(session, "display 8") == (". display 8\n8\n", 0)


def test_a_flood_is_kept_within_bounds_and_disturbs_nobody() -> None:
    with engine(output_memory_bytes=64 * 1024, output_limit_bytes=8 * MIB) as running:
        flooded, other = running.manager.create(), running.manager.create()
        before = psutil.Process().memory_info().rss
        command = flooded.submit(f"flood {200 * MIB}")
        assert eventually(lambda: flooded.transcript.end > MIB)
        started = time.monotonic()
        assert _works(running, other)
        assert time.monotonic() - started < 10
        assert not command.ended
        assert command.wait(2 * PATIENCE_S)
        assert command.view().return_code == 0
        assert command.view().truncated
        kept = flooded.transcript.end - flooded.transcript.oldest
        assert 7 * MIB < kept < 10 * MIB
        assert psutil.Process().memory_info().rss - before < 64 * MIB
        assert _works(running, flooded)


def test_output_that_left_memory_is_read_back_whole() -> None:
    with engine(output_memory_bytes=4096) as running:
        session = running.manager.create()
        command = running.run(session, "forvalues i = 1/3000 {\ndisplay `i'\n}")
        numbers = [row for row in command.output().splitlines() if row.isdigit()]
        assert numbers == [str(number) for number in range(1, 3001)]
        page, text = command.read(command.view().start, 1000), ""
        while not page.complete:
            text += page.text
            page = command.read(page.next_offset, 1000)
        assert text + page.text == command.output()


def test_a_row_of_a_megabyte_is_kept_whole() -> None:
    with engine(linesize=255) as running:
        session = running.manager.create()
        code = 'local a "0123456789abcdef"\nforvalues i = 1/14 {\nlocal a "`a\'`a\'"\n}\n'
        command = running.run(session, code + 'display "`a\'"')
        printed = command.output().rpartition("`a'\"\n")[2].replace("\n> ", "")
        assert printed == "0123456789abcdef" * 2**14 + "\n"
        assert _works(running, session)


@pytest.mark.parametrize("number", [0, 7, 8, 13, 27, 127, 155, 255])
def test_odd_bytes_in_output_do_no_harm(number: int) -> None:
    with engine() as running:
        session = running.manager.create()
        command = running.run(session, f'display "a" _char({number}) _n "b"')
        output = command.output().partition("\n")[2]
        assert (output[0], output[-2:], command.view().return_code) == ("a", "b\n", 0)
        assert _works(running, session)


def test_two_sessions_work_at_the_same_time() -> None:
    with engine() as running:
        sessions = [running.manager.create() for _ in range(2)]
        started = time.monotonic()
        commands = [session.submit("sleep 1500") for session in sessions]
        assert all(command.wait(PATIENCE_S) for command in commands)
        assert 1.5 <= time.monotonic() - started < 2.5


def test_sessions_that_are_made_at_once_are_all_there() -> None:
    with engine(max_sessions=6) as running:
        made = _together(*(lambda: running.manager.create() for _ in range(8)))
        sessions = [each for each in made if isinstance(each, Session)]
        refused = [each for each in made if isinstance(each, StataSessionsError)]
        assert (len(sessions), {each.kind for each in refused}) == (5, {"too-many-sessions"})
        assert len({session.name for session in sessions}) == 5
        assert all(_works(running, session) for session in sessions)


def test_one_name_is_given_once() -> None:
    with engine() as running:
        made = _together(*(lambda: running.manager.create("one") for _ in range(3)))
        kinds = [each.kind for each in made if isinstance(each, StataSessionsError)]
        assert kinds == ["session-exists"] * 2


def test_the_default_session_starts_once_however_many_want_it() -> None:
    with engine("start-delay=300") as running:
        session = running.manager.get()
        _together(*(lambda: session.submit("display 1").wait(PATIENCE_S) for _ in range(6)))
        assert (session.view().epoch, session.view().commands) == (1, 6)
        assert all(view.return_code == 0 for view in session.history())


def test_restarts_at_once_end_in_one_console_that_works() -> None:
    with engine() as running:
        session = running.manager.create()
        _together(*(session.restart for _ in range(3)))
        assert eventually(lambda: session.state == "ready")
        assert session.view().epoch >= 2
        assert _works(running, session)
        pid = session.view().pid
        leaders = [each.pid for each in marked(session.mark) if each.pid == pid]
        assert leaders == [pid]
        assert len(marked(session.mark)) == 1


@pytest.mark.parametrize("action", ["destroy", "restart", "stop", "force"])
def test_a_session_that_still_starts_can_be_ended(action: str) -> None:
    with engine("start-delay=1500", kill_grace=0.3) as running:
        session = running.manager.create("one", wait=False)
        actions: dict[str, Callable[[], object]] = {
            "destroy": lambda: running.manager.destroy("one"),
            "restart": session.restart,
            "stop": session.stop,
            "force": lambda: session.stop(force=True, wait_s=PATIENCE_S),
        }
        actions[action]()
        if action in ("restart", "stop"):
            assert eventually(lambda: session.state == "ready")
            assert _works(running, session)
        else:
            assert eventually(lambda: session.state in ("closed", "lost"))
            assert eventually(lambda: not marked(session.mark))


def test_a_console_that_never_speaks_can_be_killed() -> None:
    with engine("start-hangs", kill_grace=0.3, worker_start_timeout=600) as running:
        session = running.manager.create("one", wait=False)
        session.stop(force=True, wait_s=PATIENCE_S)
        assert session.state == "lost"
        assert not marked(session.mark)


def test_a_destroy_in_the_middle_of_a_create_is_clean() -> None:
    with engine("start-delay=500", kill_grace=0.3) as running:
        results = _together(
            lambda: running.manager.create("one"),
            lambda: eventually(lambda: _destroyed(running), 5),
        )
        assert isinstance(results[0], StataSessionsError)
        assert running.manager.slots() == (4, 3)
        assert len(running.private_folders()) == 1


def _destroyed(running: Engine) -> bool:
    try:
        running.manager.destroy("one")
    except StataSessionsError:
        return False
    return True


def test_a_lost_default_session_comes_back_once_however_many_want_it() -> None:
    with engine("start-delay=200", kill_grace=0.3) as running:
        session = running.manager.get()
        running.run(session, "display 1")
        for epoch in (2, 3):
            session.stop(force=True, wait_s=PATIENCE_S)
            _together(*(lambda: session.submit("display 1").wait(PATIENCE_S) for _ in range(5)))
            assert session.view().epoch == epoch
            assert _works(running, session)


@pytest.mark.parametrize("vices", ["", "start-delay=200"])
def test_restart_and_destroy_at_once_leave_a_session_or_none(vices: str) -> None:
    with engine(vices, kill_grace=0.3) as running:
        session = running.manager.create("one")
        _together(session.restart, lambda: running.manager.destroy("one"))
        alive = [each.name for each in running.manager.sessions() if each.name == "one"]
        if alive and session.state == "ready":
            assert _works(running, session)
        else:
            assert eventually(lambda: not marked(session.mark))
            assert running.manager.slots() == (4, 3)


def test_a_shutdown_in_the_middle_of_creates_leaves_nothing() -> None:
    with engine("start-delay=200", kill_grace=0.3) as running:
        creates = [lambda: running.manager.create() for _ in range(3)]
        made = _together(*creates, running.manager.shutdown)
        for each in made[:3]:
            if isinstance(each, Session):
                assert each.state == "closed"
        assert running.private_folders() == []
        assert not _consoles_in(running)


def _consoles_in(running: Engine) -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if child.environ().get("STATATMP", "").startswith(str(running.folder)):
                found.append(child)
    return found


def test_nothing_is_left_open_by_sessions_that_came_and_went() -> None:
    with engine() as running:
        running.manager.destroy(running.manager.create().name)
        before = psutil.Process().num_fds(), threading.active_count()
        for _ in range(4):
            session = running.manager.create()
            running.run(session, "display 1")
            running.manager.destroy(session.name)
        assert (psutil.Process().num_fds(), threading.active_count()) == before


def test_the_raw_bytes_of_all_commands_have_one_bound() -> None:
    with engine(raw_limit_bytes=1000) as running:
        session = running.manager.create()
        for number in range(5):
            running.run(session, f'forvalues i = 1/99 {{\ndisplay "row {number}"\n}}')
        assert b"row 4\r\n" in session.raw() and b"row 0" not in session.raw()
        assert len(session.raw()) <= 2000
