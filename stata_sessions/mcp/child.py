"""A server that the relay starts for itself, and that ends with it."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Thread
from urllib.parse import urlsplit

START_S = 30.0
# Between two looks whether the server answers by now.
LOOK_S = 0.05
END_S = 1.0
LAST_ROWS = 10
_PR_SET_PDEATHSIG = 1


def serve_command(url: str, *options: str) -> list[str] | None:
    """Return what starts a server at an address on this machine; None if it is elsewhere."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in ("127.0.0.1", "localhost"):
        return None
    program = [sys.executable, "-m", "stata_sessions", "serve"]
    return [*program, "--port", str(parts.port or 80), *options]


class Child:
    """A server as a child process; its rows go to standard error, where clients keep a log."""

    def __init__(self, command: Sequence[str]) -> None:
        self._name = " ".join(command)
        self._rows: deque[str] = deque(maxlen=LAST_ROWS)
        self.failure = ""
        # Before the child is made: between fork and exec there is no time for imports.
        prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # For the day the relay is killed. It hangs on the thread that starts the child, and
            # the main one lives as long as the relay.
            preexec_fn=lambda: prctl and prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0),
        )
        self._reader = Thread(target=self._repeat, daemon=True)
        self._reader.start()

    def wait_until(self, is_served: Callable[[], bool]) -> None:
        """Wait until the server answers; if it does not, ``failure`` says why."""
        pause, deadline = Event(), time.monotonic() + START_S
        while not is_served():
            if self._process.poll() is not None:
                self._reader.join(END_S)
                self.failure = f"No server could be started: {' '.join(self._rows) or self._name}"
                return
            if time.monotonic() > deadline:
                self.failure = f"The server does not answer after {START_S:.0f} s: {self._name}"
                return
            pause.wait(LOOK_S)

    def end(self) -> None:
        """Have it closed; its own way down may take longer than this waits."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)

    def _repeat(self) -> None:
        for row in self._process.stdout or ():
            self._rows.append(row.strip())
            sys.stderr.write(row)
