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
    program = [sys.executable, "-P", "-m", "stata_sessions", "serve"]
    return [*program, "--port", str(parts.port or 80), *options]


class Host:
    """Sees to it that a server answers, by starting one as a child if there is none.

    The child's rows go to standard error, where clients keep a log. All methods belong to the main
    thread: on Linux the child ends with the thread that started it, even if the relay is killed.
    """

    def __init__(self, is_served: Callable[[], bool], command: Sequence[str] | None) -> None:
        self._is_served = is_served
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self._rows: deque[str] = deque(maxlen=LAST_ROWS)
        self.failure = ""

    def ensure(self) -> None:
        """Start a server if none answers and one may be started; ``failure`` says what went wrong.

        Also later on, since a server that somebody else started may end.
        """
        if self._command is None or self._is_served():
            return
        self.end()
        self._rows.clear()
        try:
            self.failure = self._started(self._command)
        except OSError as error:
            self.failure = f"No server could be started: {error}"

    def end(self) -> None:
        """Have the child closed; its own way down may take longer than this waits."""
        if self._process:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)

    def _started(self, command: Sequence[str]) -> str:
        # Before the fork: between it and exec there is no time for imports.
        prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
        process = self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=lambda: prctl and prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0),
        )
        reader = Thread(target=self._repeat, args=(process,), daemon=True)
        reader.start()
        pause, deadline = Event(), time.monotonic() + START_S
        while not self._is_served():
            if process.poll() is not None:
                reader.join(END_S)
                return f"No server could be started: {' '.join(self._rows) or command}"
            if time.monotonic() > deadline:
                return f"The server does not answer after {START_S:.0f} s: {command}"
            pause.wait(LOOK_S)
        return ""

    def _repeat(self, process: subprocess.Popen[str]) -> None:
        for row in process.stdout or ():
            self._rows.append(row.strip())
            sys.stderr.write(row)
