"""Whether a server answers, and whether new sessions may come."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from stata_sessions.client import Client
from stata_sessions.errors import NotReady
from tests.cli.running import run_cli
from tests.doors import BOUND_S, ENVIRON, eventually, light_console, light_settings
from tests.live.conftest import LiveServer, serving
from tests.live.scraped import value

Serve = Callable[..., LiveServer]
TOKEN = "correct-horse"
GOOD = {"Authorization": f"Bearer {TOKEN}"}


def ask(live: LiveServer, path: str, **headers: str) -> requests.Response:
    return requests.get(live.url + path, headers=headers, timeout=BOUND_S)


def reasons(live: LiveServer) -> list[str]:
    """Return what speaks against new sessions; nothing if nothing does."""
    answer = ask(live, "/health/ready", **GOOD)
    if answer.status_code == 200:
        assert answer.json() == {"status": "ready"}
        return []
    assert (answer.status_code, answer.json()["kind"]) == (503, "not-ready")
    assert int(answer.headers["Retry-After"]) > 0
    return list(answer.json()["reasons"])


def fail_to_start(live: LiveServer) -> None:
    answer = requests.post(f"{live.url}/sessions", headers=GOOD, timeout=60)
    assert answer.status_code >= 500


def test_probes_need_no_token_and_say_no_more_than_they_must(serve: Serve) -> None:
    live = serve(token=TOKEN)
    for path, status in (("/health/live", "ok"), ("/health/ready", "ready")):
        for headers in ({}, GOOD, {"Authorization": "Bearer wrong"}):
            answer = ask(live, path, **headers)
            assert (answer.status_code, answer.json()) == (200, {"status": status})
    assert ask(live, "/health").status_code == 401
    assert {"stata_available", "version"} <= ask(live, "/health", **GOOD).json().keys()
    assert ask(live, "/health/ready", Origin="https://evil.example").status_code == 403


def test_a_server_that_warms_up_is_not_ready_yet(serve: Serve, tmp_path: Path) -> None:
    slow = light_console(tmp_path, "start-delay=1500")
    live = serve(stata_path=str(slow), warm_spares=1)
    assert reasons(live) == ["starting"]
    assert ask(live, "/health/live").status_code == 200
    eventually(lambda: reasons(live) == [])


def test_starts_that_fail_speak_against_more(serve: Serve, tmp_path: Path) -> None:
    broken = light_console(tmp_path, "start-fails")
    live = serve(stata_path=str(broken), token=TOKEN)
    assert reasons(live) == []
    fail_to_start(live)
    assert reasons(live) == []  # it may have been its caller's fault
    fail_to_start(live)
    assert reasons(live) == ["console"]
    anybody = ask(live, "/health/ready").json()
    assert anybody["message"] == "Not ready" and "reasons" not in anybody
    assert "Failed to initialize Stata" in ask(live, "/health/ready", **GOOD).json()["message"]
    light_console(tmp_path)
    requests.post(f"{live.url}/sessions", headers=GOOD, timeout=60).raise_for_status()
    assert reasons(live) == []


def test_a_licence_that_refuses_speaks_against_more(serve: Serve, tmp_path: Path) -> None:
    broken = light_console(tmp_path, "start-fails=seats")
    live = serve(stata_path=str(broken), licence_wait=1000.0, licence_wait_limit=1000.0)
    fail_to_start(live)
    assert reasons(live) == ["licence"]
    assert value(live, "licence_refuses") == value(live, "licence_refusals_total") == 1
    assert 900 < int(ask(live, "/health/ready").headers["Retry-After"]) <= 1000


def test_output_needs_a_place(serve: Serve) -> None:
    with tempfile.TemporaryDirectory(prefix="h-", dir="/tmp") as folder:
        live = serve(work_dir=folder)
        assert reasons(live) == []
        shutil.rmtree(folder)
        assert reasons(live) == ["disk"]
        Path(folder).mkdir()


def connected(live: LiveServer) -> HTTPConnection:
    return HTTPConnection(urlsplit(live.url).netloc, timeout=BOUND_S)


def test_a_server_that_stops_says_so_to_whoever_still_has_a_connection(tmp_path: Path) -> None:
    stubborn = light_console(tmp_path, "exit-never,deaf-term,deaf-hup")
    settings = light_settings(tmp_path, stata_path=str(stubborn), kill_grace=3.0)
    with serving(settings) as live, closing(connected(live)) as connection:
        requests.post(f"{live.url}/run_selection", data="display 1", timeout=60).raise_for_status()

        def status_of(path: str) -> tuple[int, bytes]:
            connection.request("GET", path)
            with connection.getresponse() as answer:
                return answer.status, answer.read()

        assert status_of("/health/ready")[0] == 200
        live.server.stop()
        eventually(lambda: status_of("/health/ready")[0] == 503)
        assert b'"draining"' in status_of("/health/ready")[1]
        assert status_of("/health/live") == (200, b'{"status":"ok"}')
        with pytest.raises(requests.ConnectionError):
            ask(live, "/health/live")


def test_a_client_is_told(serve: Serve, tmp_path: Path) -> None:
    broken = light_console(tmp_path, "start-fails")
    live = serve(stata_path=str(broken))
    stata = Client(live.url)
    stata.check_ready()
    for _ in range(2):
        fail_to_start(live)
    with pytest.raises(NotReady) as caught:
        stata.check_ready()
    assert caught.value.facts["reasons"] == ("console",)
    assert caught.value.retry_after_s


def test_the_command_line_tells_and_waits(serve: Serve, tmp_path: Path) -> None:
    slow = light_console(tmp_path, "start-delay=3000")
    live = serve(stata_path=str(slow), warm_spares=1, token=TOKEN)
    refused = run_cli("health", "--url", live.url)
    assert (refused.returncode, refused.stderr) == (3, "stata-sessions: Not ready\n")
    done = run_cli("health", "--url", live.url, "--wait", str(BOUND_S))
    assert (done.returncode, done.stdout) == (0, f"{live.url} is ready\n")
    assert run_cli("health", "--url", live.url, "--json").stdout == '{\n  "status": "ready"\n}\n'
    assert run_cli("health", "--url", "http://127.0.0.1:1", environ=ENVIRON).returncode == 4
