"""The server as a whole: its address, its way down, and many callers at once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from stata_sessions.client import Client
from stata_sessions.errors import ConfigurationError
from stata_sessions.sessions import Manager
from stata_sessions.web.server import Server
from tests.doors import BOUND_S, ENVIRON, eventually, light_console, light_settings
from tests.guide import FULL_WORKFLOW
from tests.live.conftest import LiveServer, serving


def test_the_guides_workflow_runs_as_written(
    live_server: LiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    code = FULL_WORKFLOW.replace("http://localhost:4000", live_server.url)
    exec(compile(code, "workflow", "exec"), {})
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "Active sessions: 1"
    assert rows[1].startswith("Created session: ")
    assert any("Hello from session!" in row for row in rows)
    assert rows[-1] == rows[1].replace("Created", "Destroyed")


def test_spares_are_started_with_the_server(tmp_path: Path) -> None:
    settings = light_settings(tmp_path, warm_spares=1)
    manager = Manager(settings, ENVIRON)
    server = Server(settings, manager)
    server.start()
    try:
        name = "session-"
        eventually(lambda: name in {thread.name for thread in threading.enumerate()})
    finally:
        server.stop()
        server.wait()


def test_a_used_port_is_named(live_server: LiveServer, tmp_path: Path) -> None:
    port = int(live_server.url.rpartition(":")[2])
    settings = light_settings(tmp_path, port=port)
    manager = Manager(settings, ENVIRON)
    try:
        with pytest.raises(ConfigurationError, match=f"cannot listen on 127.0.0.1:{port}"):
            Server(settings, manager)
    finally:
        manager.shutdown()


def test_a_unix_socket(serve: Callable[..., LiveServer], tmp_path: Path) -> None:
    path = tmp_path / "s"
    live = serve(unix_socket=str(path))
    assert live.url == f"unix:{path}"
    assert path.stat().st_mode & 0o777 == 0o600
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(BOUND_S)
        connection.connect(str(path))
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: anything\r\nConnection: close\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_a_unix_socket_in_use_is_not_taken_over_but_a_forgotten_one_is(tmp_path: Path) -> None:
    settings = light_settings(tmp_path, unix_socket=str(tmp_path / "s"))
    with serving(settings):
        manager = Manager(settings, ENVIRON)
        try:
            with pytest.raises(ConfigurationError, match=f"cannot listen on {tmp_path}/s: Address"):
                Server(settings, manager)
        finally:
            manager.shutdown()
    (tmp_path / "s").unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as forgotten:
        forgotten.bind(str(tmp_path / "s"))
    with serving(settings) as live:
        assert Client(live.url).health()["status"] == "ok"


def test_a_stopping_server_lets_its_callers_go(live_server: LiveServer) -> None:
    address = f"{live_server.url}/sessions/default/commands"
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(
            requests.post, address, json={"code": "sleep 60000", "wait_s": 60}, timeout=BOUND_S
        )
        while live_server.manager.get().view().running is None:
            assert not waiting.done()
        live_server.server.stop()
        answer = waiting.result(BOUND_S)
    assert answer.json()["state"] == "lost"


def test_a_stopped_server_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    with serving(light_settings(tmp_path)) as live:
        requests.get(f"{live.url}/health", timeout=BOUND_S).raise_for_status()
    eventually(lambda: threading.active_count() <= before)


def test_many_blocked_requests_and_streams_leave_health_quick(
    serve: Callable[..., LiveServer],
) -> None:
    live = serve()
    address = f"{live.url}/sessions/default/commands"
    requests.post(address, json={"code": "sleep 60000"}, timeout=BOUND_S).raise_for_status()

    def block() -> int:
        given = {"wait_s": 4}
        return requests.get(f"{address}/1", params=given, timeout=BOUND_S).status_code

    with ThreadPoolExecutor(120) as pool, ExitStack() as stack:
        blocked = [pool.submit(block) for _ in range(120)]
        for _ in range(60):
            stream = requests.get(f"{address}/1/stream", stream=True, timeout=BOUND_S)
            assert stack.enter_context(stream).status_code == 200
        started = time.monotonic()
        assert requests.get(f"{live.url}/health", timeout=BOUND_S).status_code == 200
        assert time.monotonic() - started < 2
        assert {each.result(BOUND_S) for each in blocked} == {200}


def test_more_sockets_than_select_can_count(serve: Callable[..., LiveServer]) -> None:
    live = serve(connection_limit=1200)
    host, _, port = live.url.removeprefix("http://").partition(":")
    with ExitStack() as stack:
        for _ in range(1100):
            stack.enter_context(socket.create_connection((host, int(port)), BOUND_S))
        assert requests.get(f"{live.url}/health", timeout=BOUND_S).status_code == 200


def test_starting_a_session_delays_nobody(serve: Callable[..., LiveServer], tmp_path: Path) -> None:
    slow = light_console(tmp_path, "start-delay=3000")
    live = serve(stata_path=str(slow))
    with ThreadPoolExecutor() as pool:
        created = [pool.submit(requests.post, f"{live.url}/sessions", timeout=60) for _ in "12"]
        eventually(
            lambda: len(requests.get(f"{live.url}/sessions", timeout=5).json()["sessions"]) > 2
        )
        started = time.monotonic()
        for path in ("/health", "/sessions", "/sessions/default", "/metrics", "/openapi.json"):
            requests.get(f"{live.url}{path}", timeout=BOUND_S).raise_for_status()
        assert time.monotonic() - started < 2
        assert not any(each.done() for each in created)
        assert {each.result(60).status_code for each in created} == {201}
