"""Print what many sessions on one server cost: ``python -m tests.scale [--sessions 1000]``."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, local

import psutil
import requests
from rich.console import Console
from rich.table import Table

from tests.cli.running import ServerProcess, by_path, server_process

# What the caller asks at once, however many sessions there are.
CALLERS = 64
IDLE_S = 20.0
LISTINGS = 20
CODE = "display 6*7"
ANSWER = "42"
BUSY = "spin 600"

Rows = Iterator[tuple[str, str]]


class Crowd:
    """Many sessions of one server, over HTTP."""

    def __init__(self, live: ServerProcess) -> None:
        self._url, self._own = live.url, local()
        self.server = psutil.Process(live.process.pid)
        self.names: list[str] = []

    def ask(self, method: str, path: str, **given: object) -> requests.Response:
        """Ask over a connection that the thread keeps."""
        if not hasattr(self._own, "connection"):
            self._own.connection = requests.Session()
        answer = self._own.connection.request(method, self._url + path, timeout=600, **given)
        assert isinstance(answer, requests.Response)
        answer.raise_for_status()
        return answer

    def open(self) -> None:
        """Open one session more."""
        self.names.append(self.ask("POST", "/sessions").json()["session_id"])

    def run(self, name: str) -> None:
        """Run a short command and check its answer."""
        answer = self.ask("POST", f"/run_selection?session_id={name}", data=CODE)
        assert ANSWER in answer.text, answer.text

    def keep_busy(self, name: str) -> None:
        """Submit a command that runs until it is stopped."""
        self.ask("POST", f"/sessions/{name}/commands", json={"code": BUSY})

    def stop(self, name: str) -> None:
        """Stop that command, and see it ended."""
        told = self.ask("POST", f"/sessions/{name}/stop", json={"wait_s": 600}).json()
        assert told["status"] == "stopped", told


def measure(live: ServerProcess, count: int) -> Rows:
    """Yield what was measured and how much it was."""
    crowd = Crowd(live)
    crowd.ask("GET", "/sessions")
    before = crowd.server.memory_info().rss
    opening_s = _at_once(lambda _: crowd.open(), [""] * count, callers=8)
    yield "to open all, 8 at a time", f"{opening_s:.1f} s, {opening_s / count * 1000:.0f} ms each"
    grown = (crowd.server.memory_info().rss - before) / count
    yield "memory of the server for each", f"{grown / 2**10:.0f} KB"
    yield "memory of the server in all", f"{crowd.server.memory_info().rss / 2**20:.0f} MB"
    yield "threads and open files of the server", f"{_threads(crowd)}, {crowd.server.num_fds()}"
    yield from _idle(crowd)
    listings = [_seconds(lambda: crowd.ask("GET", "/sessions")) for _ in range(LISTINGS)]
    yield "GET /sessions, median", f"{statistics.median(listings) * 1000:.0f} ms"
    running_s = _at_once(crowd.run, crowd.names)
    rate = f"{running_s:.2f} s, {count / running_s:.0f} a second"
    yield f"a command in each, {CALLERS} callers", rate
    _at_once(crowd.keep_busy, crowd.names)
    yield "to stop a busy command in each", f"{_at_once(crowd.stop, crowd.names):.2f} s"
    consoles = crowd.server.children(recursive=True)
    live.process.terminate()
    ending_s = _seconds(lambda: live.process.wait(600))
    left = len([each for each in consoles if each.is_running()])
    yield "SIGTERM to the end of the server", f"{ending_s:.1f} s, {left} processes left"


def _threads(crowd: Crowd) -> int:
    return int(crowd.server.num_threads())


def _idle(crowd: Crowd) -> Rows:
    everybody = [crowd.server, *crowd.server.children(recursive=True)]
    before, started = _cpu_s(everybody[:1]), time.monotonic()
    consoles = _cpu_s(everybody[1:])
    Event().wait(IDLE_S)
    passed_s = time.monotonic() - started
    share = (_cpu_s(everybody[:1]) - before) / passed_s
    theirs = (_cpu_s(everybody[1:]) - consoles) / passed_s
    yield "processor while all are idle", f"{share:.2%} of a core; consoles {theirs:.2%}"


def _cpu_s(processes: list[psutil.Process]) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in processes)


def _at_once(action: Callable[[str], None], names: list[str], callers: int = CALLERS) -> float:
    with ThreadPoolExecutor(callers) as pool:
        return _seconds(lambda: list(pool.map(action, names)))


def _seconds(action: Callable[[], object]) -> float:
    started = time.monotonic()
    action()
    return time.monotonic() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--sessions", type=int, default=300)
    count = parser.parse_args().sessions
    table = Table(f"{count} sessions on the light console", "")
    with tempfile.TemporaryDirectory() as folder:
        limits = ["--max-sessions", str(count + 1), "--session-timeout", "0"]
        limits += ["--log-level", "WARNING"]
        with server_process(*by_path(Path(folder)), *limits) as live:
            for row in measure(live, count):
                table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
