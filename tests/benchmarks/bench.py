"""What every measurement needs: a server on the clock console, medians, a row of the table."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stata_sessions.sessions import Manager
from stata_sessions.settings import Settings
from stata_sessions.web.server import Server
from tests.benchmarks.raw import CONSOLE
from tests.doors import ENVIRON


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the floor in the same run, and what to reach."""

    what: str
    measured: str
    floor: str
    reached: str
    target: str
    good: bool | None = None


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median_s(action: Callable[[], object], times: int) -> float:
    """Return the median duration of an action."""
    return statistics.median(seconds(action) for _ in range(times))


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of all is not above."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def ms(value_s: float) -> str:
    """Show seconds as milliseconds."""
    return f"{value_s * 1000:.2f} ms"


@contextmanager
def manager(**changes: Any) -> Iterator[Manager]:
    """Run sessions on the clock console."""
    with TemporaryDirectory() as folder:
        program = Path(folder) / "stata-clock"
        program.write_text(f'#!/bin/sh\nexec python3 -S -E "{CONSOLE}"\n')
        program.chmod(0o755)
        given: dict[str, Any] = {
            "stata_path": str(program),
            "console": "stata",
            "port": 0,
            "max_sessions": 200,
            "linesize": 0,
            "output_limit_bytes": 2**30,
        }
        found = Manager(Settings(**(given | changes)), ENVIRON)
        try:
            yield found
        finally:
            found.shutdown()


@contextmanager
def server(**changes: Any) -> Iterator[tuple[Manager, Caller]]:
    """Serve sessions on the clock console over HTTP."""
    with manager(**changes) as found:
        running = Server(found.settings, found)
        running.start()
        try:
            yield found, Caller(running.address)
        finally:
            running.stop()
            running.wait()


class Caller:
    """A client that keeps its connection."""

    def __init__(self, address: str) -> None:
        self.host = address.removeprefix("http://")
        self._connection = http.client.HTTPConnection(self.host, timeout=60)

    def post(self, path: str, body: str = "") -> bytes:
        """Send plain text; return the answer."""
        headers = {"Content-Type": "text/plain"} if body else {}
        self._connection.request("POST", path, body.encode(), headers)
        return self._connection.getresponse().read()

    def get(self, path: str) -> bytes:
        """Return what is there."""
        self._connection.request("GET", path)
        return self._connection.getresponse().read()

    def session(self) -> str:
        """Create a session and return its name."""
        return str(json.loads(self.post("/sessions"))["session_id"])
