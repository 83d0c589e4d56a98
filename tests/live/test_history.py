"""The history on disk is written by a server, and outlives it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from stata_sessions.archive import Archive, past_commands
from stata_sessions.sessions import Manager
from tests.cli.running import by_path, run_cli, server_process
from tests.disks import small_disk
from tests.doors import BOUND_S, ENVIRON, eventually, light_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@contextmanager
def writing(folder: Path, file: Path) -> Iterator[Manager]:
    """Have a manager whose history is read once it has ended."""
    settings = light_settings(folder, warm_spares=1)
    archive = Archive(file, settings)
    manager = Manager(settings, ENVIRON, listener=archive)
    try:
        yield manager
    finally:
        manager.shutdown()
        archive.close()


def run(manager: Manager, session: str | None, code: str) -> None:
    assert manager.get(session).submit(code).wait(BOUND_S)


def test_each_command_belongs_to_its_session_and_epoch(tmp_path: Path, file: Path) -> None:
    with writing(tmp_path, file) as manager:
        run(manager, None, "display 1")
        manager.restart()
        run(manager, None, "display 2")
        manager.create("spare")
        run(manager, "spare", "display 3")
        manager.destroy("spare")
        manager.create("spare")
        run(manager, "spare", "display 4")
    found = past_commands(file)
    assert [(each.session_id, each.command, each.epoch) for each in found] == [
        ("default", 1, 1),
        ("default", 2, 2),
        ("spare", 1, 1),
        ("spare", 1, 1),
    ]
    assert [each.code[-1] for each in found] == list("1234")
    assert all(each.state == "finished" and each.code[-1] in each.output for each in found)
    assert [each.session_reason for each in found] == [
        "restart",
        "the server is stopping",
        "destroyed",
        "the server is stopping",
    ]


def test_questions_of_our_own_leave_no_trace(tmp_path: Path, file: Path) -> None:
    with writing(tmp_path, file) as manager:
        manager.get().query("display 1", wait_s=BOUND_S)
        run(manager, None, "display 2")
    assert [each.code for each in past_commands(file)] == ["display 2"]


def past(file: Path, *options: str) -> list[dict[str, Any]]:
    """Ask the command line."""
    environ = {"STATA_SESSIONS_HISTORY_FILE": str(file)}
    found = json.loads(run_cli("history", "--all", "--json", *options, environ=environ).stdout)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (signal.SIGKILL, "the server was killed"),
        (signal.SIGTERM, "the server is stopping"),
    ],
)
def test_it_outlives_the_server(tmp_path: Path, file: Path, number: int, reason: str) -> None:
    options = [*by_path(tmp_path), "--history-file", str(file)]
    with server_process(*options) as live:
        asked = {"code": "display 6*7", "wait_s": BOUND_S}
        address = f"{live.url}/sessions/default/commands"
        requests.post(address, json=asked, timeout=BOUND_S).raise_for_status()
        given = {"code": 'display "kept"\nsleep 60000'}
        requests.post(address, json=given, timeout=BOUND_S).raise_for_status()
        told = f"{address}/2/output"
        eventually(lambda: "sleep" in requests.get(told, timeout=BOUND_S).json()["output"])
        eventually(lambda: [each["state"] for each in past(file)] == ["finished", "running"])
        os.kill(live.process.pid, number)
        live.process.wait(BOUND_S)
    done, lost = past(file)
    assert (done["state"], done["return_code"]) == ("finished", 0)
    assert "42" in done["output"]
    assert (lost["state"], lost["code"], lost["reason"]) == ("lost", given["code"], reason)
    # Output is written down with the end of its command, which a killed server does not see.
    assert ("kept\n" in lost["output"]) == (number == signal.SIGTERM)
    assert past(file, "--rows", "1") == [lost]
    assert past(file, "--session", "nobody") == []


def test_a_full_disk_costs_rows_of_the_history_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with small_disk() as disk, writing(tmp_path, disk.path / "history.sqlite") as manager:
        run(manager, None, "local kept 5")
        for _ in range(30):  # more than a megabyte of what is kept of them
            command = manager.get().submit("flood 100000")
            assert command.wait(BOUND_S)
            assert (command.view().state, command.view().return_code) == ("finished", 0)
        eventually(lambda: "not being written" in caplog.text)
        run(manager, None, "display `kept'")
        assert manager.get().history()[-1].return_code == 0
        disk.grow()
        run(manager, None, "display `kept' + 37")
        manager.shutdown()
        rows = eventually(lambda: _with_code(disk.path / "history.sqlite", "display `kept' + 37"))
        assert rows and "42" in rows[0]


def _with_code(file: Path, code: str) -> list[str]:
    found = [each for each in past_commands(file) if each.code == code]
    return [each.output for each in found if each.state == "finished"]


def test_the_default_place_is_the_state_folder(tmp_path: Path) -> None:
    environ = {"STATA_SESSIONS_HISTORY_FILE": "", "XDG_STATE_HOME": str(tmp_path / "state")}
    with server_process(*by_path(tmp_path), environ=environ):
        assert (tmp_path / "state" / "stata-sessions" / "history.sqlite").is_file()
    assert "SUBMITTED" in run_cli("history", "--all", environ=environ).stdout


def test_without_a_folder_for_it_the_server_serves_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    environ = {"STATA_SESSIONS_HISTORY_FILE": "", "XDG_STATE_HOME": str(tmp_path / "state")}
    with server_process(*by_path(tmp_path), environ=environ) as live:
        assert requests.get(f"{live.url}/health", timeout=BOUND_S).ok


def test_a_place_that_was_asked_for_must_do(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    done = run_cli("serve", "--history-file", str(tmp_path / "state" / "x"), *by_path(tmp_path))
    assert done.returncode == 2
    assert "history_file" in done.stderr
