"""Do a thing, look at /metrics: the number has moved."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.doors import BOUND_S, eventually, light_console
from tests.live.conftest import LiveServer
from tests.live.scraped import samples, value

Serve = Callable[..., LiveServer]


def run(live: LiveServer, code: str, session: str = "default", **given: Any) -> dict[str, Any]:
    asked = {"code": code, "wait_s": BOUND_S, **given}
    url = f"{live.url}/sessions/{session}/commands"
    answer = requests.post(url, json=asked, timeout=2 * BOUND_S)
    answer.raise_for_status()
    return dict(answer.json())


def begin(live: LiveServer, code: str = "sleep 60000") -> None:
    """Submit code, and wait until it runs."""
    run(live, code, wait_s=0)
    eventually(lambda: live.manager.get().view().running)


def stop(live: LiveServer, session: str = "default", **given: Any) -> None:
    url = f"{live.url}/sessions/{session}/stop"
    asked = {"wait_s": BOUND_S, **given}
    requests.post(url, json=asked, timeout=2 * BOUND_S).raise_for_status()


def becomes(live: LiveServer, wanted: float, name: str, *labels: str) -> None:
    """Wait until a value is there: what is counted after an answer is seen a moment later."""
    eventually(lambda: value(live, name, *labels) == wanted)


def test_a_server_begins_at_zero_with_every_word_of_its_labels(live_server: LiveServer) -> None:
    found = samples(live_server)
    for name, labels in (
        ("command_seconds_count", ("finished", "error", "stopped", "time-limit", "lost")),
        ("break_seconds_count", ("break", "second-break", "kill")),
        ("losses_total", ("signal", "memory", "start-failed", "other")),
        ("refusals_total", ("queue-full", "too-many-sessions", "too-many-streams")),
    ):
        assert {found[name, (label,)] for label in labels} == {0.0}
    assert found["", ("ready",)] == 1 and found["", ("busy",)] == 0
    assert (found["slots", ()], found["slots_free", ()]) == (4, 3)
    assert not any(name.endswith("_created") for name, _ in found)


def test_commands_are_timed_by_their_outcome(live_server: LiveServer) -> None:
    for code in ("display 1", "display 2", "display nosuch"):
        run(live_server, code)
    run(live_server, "sleep 60000", time_limit_s=0.2)
    found = samples(live_server)
    counts = {each: found["command_seconds_count", (each,)] for each in ("finished", "error")}
    assert counts == {"finished": 2, "error": 1}
    assert found["command_seconds_count", ("time-limit",)] == 1
    assert 0.2 <= found["command_seconds_sum", ("time-limit",)] < BOUND_S
    assert found["queue_wait_seconds_count", ()] == 4
    assert found["start_seconds_count", ()] == 1 and found["start_seconds_sum", ()] > 0


def test_a_break_is_timed_by_its_rung(serve: Serve, tmp_path: Path) -> None:
    live = serve(stata_path=str(light_console(tmp_path, "break-nth=2")), break_grace=0.2)
    begin(live, "spin 60")
    stop(live)
    found = samples(live)
    assert found["command_seconds_count", ("stopped",)] == 1
    assert found["break_seconds_count", ("second-break",)] == 1
    assert 0.2 <= found["break_seconds_sum", ("second-break",)] < BOUND_S


def test_the_queue_is_counted_and_what_leaves_it(live_server: LiveServer) -> None:
    begin(live_server)
    waiting = [run(live_server, "display 1", wait_s=0)["command"] for _ in range(3)]
    assert value(live_server, "commands_queued") == 3
    assert value(live_server, "", "busy") == 1
    url = f"{live_server.url}/sessions/default/commands/{waiting[0]}/cancel"
    requests.post(url, timeout=BOUND_S).raise_for_status()
    found = samples(live_server)
    assert (found["commands_queued", ()], found["commands_cancelled_total", ()]) == (2, 1)
    stop(live_server)
    becomes(live_server, 0, "commands_queued")
    becomes(live_server, 3, "queue_wait_seconds_count")
    assert value(live_server, "queue_wait_seconds_sum") > 0


def test_output_is_counted_while_it_comes(live_server: LiveServer) -> None:
    before = value(live_server, "output_bytes_total")
    run(live_server, f"flood {2**20}")
    assert value(live_server, "output_bytes_total") - before > 2**20


def killed(live: LiveServer) -> None:
    begin(live)
    os.kill(live.manager.get().view().pid or 0, signal.SIGKILL)


def forced(live: LiveServer) -> None:
    begin(live)
    stop(live, force=True)


def ended(live: LiveServer) -> None:
    run(live, "exit, clear STATA")


@pytest.mark.parametrize(
    ("lose", "cause", "outcome"),
    [
        (killed, "signal", "lost"),
        (forced, "forced", "lost"),
        # It has done what it was told to.
        (ended, "ended-by-code", "finished"),
    ],
)
def test_a_loss_is_counted_by_its_cause(
    live_server: LiveServer, lose: Callable[[LiveServer], None], cause: str, outcome: str
) -> None:
    lose(live_server)
    becomes(live_server, 1, "losses_total", cause)
    assert value(live_server, "", "lost") == 1
    assert value(live_server, "command_seconds_count", outcome) == 1


@pytest.mark.parametrize(
    ("cause", "vices", "limit_s"),
    [("start-failed", "start-fails", 60.0), ("start-timed-out", "start-hangs", 0.5)],
)
def test_a_start_that_fails_is_a_loss(
    serve: Serve, tmp_path: Path, cause: str, vices: str, limit_s: float
) -> None:
    program = light_console(tmp_path, vices)
    live = serve(stata_path=str(program), worker_start_timeout=limit_s)
    assert requests.post(f"{live.url}/sessions", timeout=60).status_code >= 500
    assert value(live, "losses_total", cause) == 1
    assert value(live, "start_seconds_count") == 0


def test_memory_and_processor_time_of_all_consoles(live_server: LiveServer) -> None:
    assert value(live_server, "console_memory_bytes") == 0
    run(live_server, "display 1")
    requests.post(f"{live_server.url}/sessions", json={"name": "b"}, timeout=60).raise_for_status()
    found = samples(live_server)
    assert found["console_memory_bytes", ()] > found["console_memory_largest_bytes", ()] > 2**20
    assert found["console_cpu_seconds_total", ()] > 0
    requests.delete(f"{live_server.url}/sessions/b", timeout=60).raise_for_status()
    later = samples(live_server)
    assert later["console_memory_bytes", ()] == later["console_memory_largest_bytes", ()]
    assert later["console_cpu_seconds_total", ()] >= found["console_cpu_seconds_total", ()]


def test_requests_are_counted_by_route_and_never_by_address(live_server: LiveServer) -> None:
    for path in ("/sessions/default", "/sessions/default", "/sessions/marker", "/marker?q=marker"):
        requests.get(live_server.url + path, timeout=BOUND_S)
    requests.request("MARKER", live_server.url + "/sessions", timeout=BOUND_S)
    route = "/sessions/<session_id>"
    for wanted, labels in (
        (2, ("GET", route, "200")),
        (1, ("GET", route, "404")),
        (1, ("GET", "other", "404")),
        (1, ("other", "other", "405")),
    ):
        becomes(live_server, wanted, "http_requests_total", *labels)
    becomes(live_server, 3, "http_request_seconds_count", "GET", route)
    assert "marker" not in requests.get(f"{live_server.url}/metrics", timeout=BOUND_S).text.lower()


def test_no_label_names_a_session_or_shows_code(live_server: LiveServer) -> None:
    asked = {"name": "marker"}
    requests.post(f"{live_server.url}/sessions", json=asked, timeout=60).raise_for_status()
    run(live_server, 'display "marker"', session="marker")
    os.kill(live_server.manager.get("marker").view().pid or 0, signal.SIGKILL)
    becomes(live_server, 1, "losses_total", "signal")
    assert "marker" not in requests.get(f"{live_server.url}/metrics", timeout=BOUND_S).text


def test_a_stream_is_open_until_it_ends_and_is_timed_to_its_end(serve: Serve) -> None:
    live = serve(streams_limit=2)
    begin(live)
    url = f"{live.url}/sessions/default/commands/1/stream"
    with ExitStack() as stack:
        for _ in range(2):
            answer = requests.get(url, stream=True, timeout=BOUND_S)
            assert stack.enter_context(answer).status_code == 200
        assert value(live, "streams_open") == 2
        assert requests.get(url, timeout=BOUND_S).status_code == 429
        becomes(live, 1, "refusals_total", "too-many-streams")
    becomes(live, 0, "streams_open")
    route = "/sessions/<session_id>/commands/<number>/stream"
    becomes(live, 2, "http_requests_total", "GET", route, "200")
    assert value(live, "http_request_seconds_sum", "GET", route) > 0


def mcp(live: LiveServer, name: str, **arguments: str) -> None:
    params = {"name": name, "arguments": arguments}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Accept": "application/json, text/event-stream"}
    answer = requests.post(f"{live.url}/mcp", json=call, headers=headers, timeout=BOUND_S)
    assert '"isError":true' in answer.text


def test_a_refusal_is_counted_at_every_door(serve: Serve) -> None:
    live = serve(queue_limit=1, max_sessions=1)
    begin(live)
    run(live, "display 1", wait_s=0)
    tool = {"tool": "stata_run_selection", "parameters": {"selection": "display 1"}}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("/sessions/default/commands", {"json": {"code": "display 1"}}),
        ("/run_selection", {"data": "display 1"}),
        ("/v1/tools", {"json": tool}),
    ]
    for number, (path, given) in enumerate(asked, 1):
        requests.post(live.url + path, timeout=BOUND_S, **given)
        assert value(live, "refusals_total", "queue-full") == number
    mcp(live, "stata_run_selection", selection="display 1")
    assert value(live, "refusals_total", "queue-full") == 4
    mcp(live, "stata_session", action="create")
    assert requests.post(f"{live.url}/sessions", timeout=BOUND_S).status_code == 429
    assert value(live, "refusals_total", "too-many-sessions") == 2
