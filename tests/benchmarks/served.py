"""A server in a process of its own, as operators run it, and what the system says about it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.bench import GIVEN
from tests.doors import ENVIRON

MIB = 2**20


class Caller:
    """A client that keeps its connection."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.connection = http.client.HTTPConnection(host, timeout=120)

    def call(self, method: str, path: str, body: str = "", kind: str = "text/plain") -> bytes:
        """Return the answer to a request."""
        headers = {"Content-Type": kind} if body else {}
        self.connection.request(method, path, body.encode(), headers)
        return self.connection.getresponse().read()

    def session(self) -> str:
        """Create a session and return its name."""
        return str(json.loads(self.call("POST", "/sessions"))["session_id"])

    def submit(self, name: str, code: str) -> int:
        """Put code in the queue of a session; return the command's number."""
        body = json.dumps({"code": code})
        path = f"/sessions/{name}/commands"
        return int(json.loads(self.call("POST", path, body, "application/json"))["command"])


class Served(Caller):
    """A client of a server whose process can be looked at."""

    def __init__(self, host: str, pid: int) -> None:
        super().__init__(host)
        self.folder = Path("/proc") / str(pid)
        self._process = psutil.Process(pid)

    def memory_mib(self) -> float:
        """Return what the server and its watching process have in memory, shared pages shared."""
        watching = [each for each in self._process.children() if _watches(each)]
        own = [self._process, *watching]
        return sum(float(each.memory_full_info().pss) for each in own) / MIB

    def peak_mib(self) -> float:
        """Return the most that was resident since ``forget_peak``."""
        for row in (self.folder / "status").read_text().splitlines():
            if row.startswith("VmHWM:"):
                return int(row.split()[1]) / 1024
        raise AssertionError("the system does not tell the peak")

    def forget_peak(self) -> float:
        """Let the peak begin anew; return where it begins."""
        (self.folder / "clear_refs").write_text("5")
        return self.peak_mib()

    def cpu_s(self) -> float:
        """Return the processor time used so far, to the nanosecond."""
        files = (self.folder / "task").glob("*/schedstat")
        return sum(int(file.read_text().split()[0]) for file in files) / 1e9

    def wake_ups(self) -> int:
        """Return how often a thread of it went to sleep so far."""
        total = 0
        for file in (self.folder / "task").glob("*/status"):
            rows = dict(row.split(":", 1) for row in file.read_text().splitlines())
            total += int(rows["voluntary_ctxt_switches"])
        return total


def _watches(process: psutil.Process) -> bool:
    return "stata_sessions.consoles.warden" in process.cmdline()


@contextmanager
def server(stata_path: str, **changes: Any) -> Iterator[Served]:
    """Serve sessions over HTTP from a process of its own."""
    given = GIVEN | {"stata_path": stata_path, "log_level": "error"} | changes
    environ = {f"STATA_SESSIONS_{name.upper()}": str(value) for name, value in given.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "stata_sessions", "serve"],
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRON | environ,
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().partition(" listens on ")[2].split()[0]
        yield Served(address.removeprefix("http://"), process.pid)
    finally:
        process.terminate()
        process.communicate()
