"""The floor: a console on a terminal with nothing between it and ``os.read``."""

from __future__ import annotations

import os
import pty
import signal
import termios
import threading
import time
from pathlib import Path
from types import TracebackType

CONSOLE = Path(__file__).parent.parent / "consoles" / "clock.py"
PROMPT = b"\n. "


def pause(wait_s: float) -> None:
    """Let time pass: measurements begin when everything has settled."""
    if wait_s:
        threading.Event().wait(wait_s)


class RawTerminal:
    """One console, typed at and read from by hand."""

    def __init__(self, program: str) -> None:
        started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execv(program, [program, "-q"])
        mode = termios.tcgetattr(self.fd)
        mode[3] &= ~termios.ECHO
        termios.tcsetattr(self.fd, termios.TCSANOW, mode)
        self.until(PROMPT)
        self.start_s = time.perf_counter() - started

    def __enter__(self) -> RawTerminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def until(self, end: bytes) -> int:
        """Read until the terminal shows ``end`` last; return the number of bytes."""
        total, tail = 0, b""
        while not tail.endswith(end):
            data = os.read(self.fd, 65536)
            total += len(data)
            tail = (tail + data)[-64:]
        return total

    def ask(self, line: str) -> int:
        """Type a line and read to the next prompt."""
        os.write(self.fd, line.encode() + b"\n")
        return self.until(PROMPT)

    def interrupt(self, line: str, after_s: float) -> float:
        """Break a line after some time; return the seconds from the key to the prompt."""
        os.write(self.fd, line.encode() + b"\n")
        pause(after_s)
        pressed = time.perf_counter()
        os.write(self.fd, b"\x03")
        self.until(PROMPT)
        return time.perf_counter() - pressed


def start_s(program: str) -> float:
    """Return the seconds from nothing to a console's first prompt."""
    with RawTerminal(program) as terminal:
        return terminal.start_s
