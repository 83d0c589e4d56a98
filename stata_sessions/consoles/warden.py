"""The last net: a small process that ends the consoles of a server which was killed.

The server tells it on standard input which marks are in use: ``+MARK DIRECTORY`` and ``-MARK``.
When that pipe ends, however the server ended, whatever is still marked is killed and its private
directory removed. It sleeps in a read all its life.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
import threading


class Warden:
    """The server's end of the pipe; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # -P: a signal.py in the folder where the server was started is none of its business.
        argv = [sys.executable, "-P", "-m", __name__]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, start_new_session=True)

    @property
    def pid(self) -> int:
        """The process that watches."""
        return self._process.pid

    def watch(self, mark: str, directory: str) -> None:
        """Have a console's processes and directory removed if this server vanishes."""
        self._tell(f"+{mark} {directory}\n")

    def forget(self, mark: str) -> None:
        """Take a mark back: its console is closed and its directory removed."""
        self._tell(f"-{mark}\n")

    def _tell(self, line: str) -> None:
        with self._lock, contextlib.suppress(OSError, ValueError):
            if self._process.stdin:
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()

    def close(self) -> None:
        """Let the process go; whatever is still marked is ended by it."""
        with self._lock, contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)


def main() -> None:
    """Wait for the end of the server, then clean up behind it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    marked: dict[str, str] = {}
    for line in sys.stdin:
        mark, _, directory = line[1:].strip().partition(" ")
        if line.startswith("+"):
            marked[mark] = directory
        else:
            marked.pop(mark, None)
    if marked:
        _clean_up(marked)


def _clean_up(marked: dict[str, str]) -> None:
    # Imported when needed: psutil would double the memory of a process that normally does nothing.
    from stata_sessions.consoles import processes

    for mark, directory in marked.items():
        processes.signal_all(processes.find_marked(mark), signal.SIGKILL)
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
