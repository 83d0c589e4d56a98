"""A server that nobody asks anything sleeps: no thread of it wakes up, whatever is open."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import requests

from tests.doors import BOUND_S, eventually
from tests.live.conftest import LiveServer

# Longer than any look at the clock that a server might be tempted to take.
WINDOW_S = 1.5


def _wake_ups() -> dict[str, int]:
    """Count how often each thread of this process but the tests' own went to sleep so far."""
    found = {}
    for thread in threading.enumerate():
        status = Path(f"/proc/self/task/{thread.native_id}/status")
        if thread is not threading.main_thread() and status.exists():
            rows = dict(row.split(":", 1) for row in status.read_text().splitlines())
            found[thread.name] = int(rows["voluntary_ctxt_switches"])
    return found


def _sleeps_through_a_window() -> bool:
    before = _wake_ups()
    threading.Event().wait(WINDOW_S)
    return _wake_ups() == before


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux counts wake-ups")
def test_idle_sessions_and_connections_wake_nobody(live_server: LiveServer) -> None:
    with requests.Session() as client:
        created = client.post(f"{live_server.url}/sessions", timeout=BOUND_S).json()
        name = created["session_id"]
        ran = client.post(
            f"{live_server.url}/run_selection",
            params={"session_id": name},
            data="display 1",
            headers={"Content-Type": "text/plain"},
            timeout=BOUND_S,
        )
        assert ran.status_code == 200
        assert "web" in _wake_ups() and f"session-{name}" in _wake_ups()
        eventually(_sleeps_through_a_window)
