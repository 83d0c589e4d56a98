"""A console that never comes to its prompt: a clear error within its bound, and nothing is left."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

from stata_sessions.errors import LaunchFailed, LaunchTimedOut
from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from tests.consoles.families import DEADLY, Deadly
from tests.terminal.engines import Engine, engine, eventually, program

pytestmark = pytest.mark.timeout(60)

START_LIMIT_S = 1.5
# Above the limit: closing what ignores SIGTERM, and a busy machine.
MARGIN_S = 10.0

HINTS = {
    "licence": "--stata-edition",
    "no licence file": "licence file",
    "no licence file, status 0": "licence file",
    "expired": "expired",
    "no seat": "seats",
    "missing library": "library",
    "architecture": "another kind of machine",
    "slow failure": "--stata-edition",
}


def _fails(running: Engine, kind: type[LaunchFailed] = LaunchFailed) -> LaunchFailed:
    started = time.monotonic()
    with pytest.raises(kind) as raised:
        running.manager.create("one")
    assert time.monotonic() - started < START_LIMIT_S + MARGIN_S
    return raised.value


@pytest.mark.parametrize("console", DEADLY, ids=str)
def test_a_failed_start_explains_itself(console: Deadly) -> None:
    limits = {"worker_start_timeout": START_LIMIT_S, "kill_grace": 0.3}
    with engine(console.vices, **limits) as running:
        error = _fails(running, LaunchTimedOut if console.status is None else LaunchFailed)
        assert error.message.startswith("Failed to initialize Stata: ")
        assert console.fragment in error.message
        assert HINTS.get(console.name, "") in str(error.facts["hint"])
        # The name is free again, and no slot and no folder is taken.
        assert running.manager.slots() == (4, 3)
        assert len(running.private_folders()) == 1


def test_a_second_try_fails_in_the_same_way() -> None:
    with engine("start-fails=licence") as running:
        assert _fails(running).message == _fails(running).message


@pytest.mark.parametrize("console", [DEADLY[0], DEADLY[-1]], ids=str)
def test_the_default_session_reports_the_failure_too(console: Deadly) -> None:
    limits = {"worker_start_timeout": START_LIMIT_S, "kill_grace": 0.3}
    with engine(console.vices, **limits) as running:
        with pytest.raises(LaunchFailed) as raised:
            running.manager.get().submit("display 1")
        assert console.fragment in raised.value.message
        assert running.manager.get().state == "lost"


def test_a_shutdown_does_not_wait_for_a_start() -> None:
    with engine("start-hangs=text,deaf-term", kill_grace=0.3) as running:
        session = running.manager.create(wait=False)
        assert eventually(lambda: session.state == "starting")
        started = time.monotonic()
        running.manager.shutdown()
        assert time.monotonic() - started < MARGIN_S
        assert session.state in ("closed", "lost")


def test_creating_without_waiting_tells_the_failure_later() -> None:
    with engine("start-fails=licence") as running:
        session = running.manager.create("one", wait=False)
        assert eventually(lambda: session.state == "lost")
        assert "License not applicable" in session.view().reason


def test_what_is_no_program_is_reported(tmp_path: Path) -> None:
    broken = tmp_path / "stata-mp"
    broken.write_bytes(b"\x7fELFnot really")
    broken.chmod(0o755)
    with engine(stata_path=str(broken)) as running:
        assert _fails(running).message.startswith("Failed to initialize Stata: ")


def test_a_program_that_may_not_be_run_is_not_found(tmp_path: Path) -> None:
    path = Path(program(tmp_path))
    path.chmod(stat.S_IRUSR)
    with engine(stata_path=str(path)) as running:
        error = _fails(running)
        assert str(path) in error.message
        assert "--stata-path" in error.message


def test_without_stata_the_places_are_named(tmp_path: Path) -> None:
    manager = Manager(Settings(stata_path=str(tmp_path / "nowhere")), {"PATH": ""})
    try:
        with pytest.raises(LaunchFailed) as raised:
            manager.create()
    finally:
        manager.shutdown()
    assert str(tmp_path / "nowhere") in raised.value.message
    assert "--console standin" in raised.value.message


def test_the_next_flavour_is_tried_if_the_licence_is_for_another(tmp_path: Path) -> None:
    program(tmp_path, "start-fails=licence", "stata-mp")
    program(tmp_path, "", "stata-se")
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    settings = Settings(working_dir=str(tmp_path))
    manager = Manager(settings, environ)
    try:
        session = manager.create()
        command = session.submit("display 1")
        assert command.wait(30)
        assert command.output() == ". display 1\n1\n"
    finally:
        manager.shutdown()
