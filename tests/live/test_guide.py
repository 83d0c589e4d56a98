"""What the multi-session guide promises, shown on both kinds of console."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.cli.running import ServerProcess, by_path, is_alive, server_process
from tests.doors import BOUND_S, eventually
from tests.guide import FULL_WORKFLOW

MARK = "STATA_SESSIONS_MARK"


@pytest.fixture(params=["standin", "by-path"])
def live(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServerProcess]:
    console = ["--console", "standin"] if request.param == "standin" else by_path(tmp_path)
    with server_process(*console) as found:
        yield found


def call(live: ServerProcess, method: str, path: str, **given: Any) -> dict[str, Any]:
    answer = requests.request(method, f"{live.url}{path}", timeout=BOUND_S, **given)
    assert answer.ok, answer.text
    return dict(answer.json())


def create_session(live: ServerProcess) -> str:
    return str(call(live, "POST", "/sessions")["session_id"])


def execute(live: ServerProcess, code: str, session_id: str = "default") -> dict[str, Any]:
    given = {"selection": code, "session_id": session_id}
    return call(
        live, "POST", "/v1/tools", json={"tool": "stata_run_selection", "parameters": given}
    )


def test_the_full_workflow_runs_as_written(live: ServerProcess) -> None:
    # All that may differ is the port, where the test found a free one.
    script = FULL_WORKFLOW.replace("http://localhost:4000", live.url)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=BOUND_S * 3
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = done.stdout.splitlines()
    assert rows[0] == "Active sessions: 1"
    created, destroyed = rows[1], rows[-1]
    assert created.startswith("Created session: ")
    assert destroyed == created.replace("Created", "Destroyed")
    assert "Hello from session!" in rows


def test_two_sessions_sleep_at_the_same_time(live: ServerProcess) -> None:
    names = [create_session(live), create_session(live)]
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda name: execute(live, "sleep 1500", name), names))
    took_s = time.monotonic() - began
    assert [each["return_code"] for each in answers] == [0, 0]
    assert 1.4 < took_s < 2.5


def test_twenty_commands_at_once_each_bring_their_own_output(live: ServerProcess) -> None:
    name = create_session(live)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: execute(live, f"display {n}*1001", name), range(20)))
    assert [each["output"].split()[-1] for each in answers] == [str(n * 1001) for n in range(20)]


def test_twenty_commands_in_a_queue_run_in_order(live: ServerProcess) -> None:
    name = create_session(live)
    commands = f"/sessions/{name}/commands"
    execute(live, "local told", name)
    for n in range(20):
        call(live, "POST", commands, json={"code": f"local told `told' {n}"})
    answer = execute(live, 'display "`told\'"', name)
    assert answer["output"].splitlines()[-1].split() == [str(n) for n in range(20)]
    history = call(live, "GET", commands)["commands"]
    started = [each["started_at"] for each in history]
    assert [each["state"] for each in history] == ["finished"] * 22
    assert started == sorted(started)


def test_the_guides_errors(live: ServerProcess) -> None:
    for _ in range(3):
        create_session(live)
    refused = requests.post(f"{live.url}/sessions", timeout=BOUND_S).json()
    assert (refused["status"], refused["error"]) == ("error", "Maximum sessions (4) reached")
    unknown = requests.get(f"{live.url}/sessions/xyz789", timeout=BOUND_S).json()
    assert (unknown["status"], unknown["error"]) == ("error", "Session not found: xyz789")


def is_busy(live: ServerProcess, name: str) -> bool:
    return bool(call(live, "GET", f"/sessions/{name}")["is_busy"])


def marked(marks: set[str]) -> list[psutil.Process]:
    """Return the processes whose environment carries one of these marks."""
    return [each for each in psutil.process_iter() if mark_of(each) in marks]


def mark_of(process: psutil.Process) -> str:
    try:
        return str(process.environ().get(MARK, ""))
    except psutil.Error:
        return ""


@pytest.mark.parametrize(("end", "within_s"), [("terminate", 1), ("kill", 2)])
def test_no_console_outlives_its_server(live: ServerProcess, end: str, within_s: float) -> None:
    names = [create_session(live) for _ in range(2)]
    for name in names:
        call(live, "POST", f"/sessions/{name}/commands", json={"code": "sleep 60000"})
    eventually(lambda: all(is_busy(live, name) for name in names))
    below = psutil.Process(live.process.pid).children(recursive=True)
    marks = {mark for each in below if (mark := mark_of(each))}
    assert len(marks) == 2
    getattr(live.process, end)()
    live.process.wait(BOUND_S)
    eventually(lambda: not any(is_alive(each) for each in below), within_s)
    assert marked(marks) == []
